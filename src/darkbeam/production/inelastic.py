r"""Cross sections of inelastic interactions of protons, that numbers per interaction refer to."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import AVOGADRO
from darkbeam.errors import ValidityError

__all__ = ["inelastic_cross_section_mb", "proton_collision_cross_section_mb"]

FloatArray = NDArray[np.float64]

# Nuclear interaction lengths, g/cm^2: Review of Particle Physics, "Atomic and nuclear properties of
# materials", of H, Be, C, Al, Fe, Cu, Sn, W, Pb, U.
_WEIGHTS = (1.008, 9.012, 12.011, 26.982, 55.845, 63.546, 118.71, 183.84, 207.2, 238.03)
_LENGTHS = (52.0, 77.8, 85.8, 107.2, 132.1, 137.3, 166.7, 191.9, 199.6, 209.0)
# TOTEM: arXiv:1204.5689 is superseded by EPL 101 (2013) 21002, PRL 111 (2013) 012001, and
# arXiv:1712.06153. GeV, mb.
_COLLISIONS = ((7e3, 73.15), (8e3, 74.7), (13e3, 79.5))
_CM2_TO_MB = 1e27


def inelastic_cross_section_mb(mass_number: ArrayLike) -> FloatArray:
    r"""Return the inelastic cross section of protons on a nucleus at rest, mb.

    :math:`\sigma = A/(N_A\lambda_I)` with the nuclear interaction length :math:`\lambda_I`, in
    between by powers of A, which are near 0.7: 32 mb for hydrogen, 232 for carbon, 1724 for lead.
    From 60 to 800 GeV it changes by about 5 %, which is left out.

    Parameters
    ----------
    mass_number : array_like
        Atomic weight, 1 to 240.

    Raises
    ------
    ValidityError
        The weight is outside of this range.
    """
    a = np.asarray(mass_number, dtype=np.float64)
    if not np.all((a >= 1.0) & (a <= 240.0)):
        raise ValidityError(f"mass_number must be within 1 and 240, got {mass_number!r}")
    known = np.asarray(_WEIGHTS) / (AVOGADRO * np.asarray(_LENGTHS)) * _CM2_TO_MB
    return np.asarray(np.exp(np.interp(np.log(a), np.log(_WEIGHTS), np.log(known))))


def proton_collision_cross_section_mb(energy: ArrayLike) -> FloatArray:
    r"""Return the inelastic cross section of colliding protons, mb: measurements of TOTEM.

    Parameters
    ----------
    energy : array_like
        Energy in the centre of mass, GeV, 7000 to 14000; linear in its logarithm between 7, 8 and
        13 TeV and on to 14 TeV.

    Raises
    ------
    ValidityError
        The energy is outside of this range.
    """
    e = np.asarray(energy, dtype=np.float64)
    if not np.all((e >= 7e3) & (e <= 14e3)):
        raise ValidityError(f"energy must be within 7 and 14 TeV, got {energy!r} GeV")
    energies, values = (np.asarray(column) for column in zip(*_COLLISIONS, strict=True))
    slope = (values[-1] - values[-2]) / np.log(energies[-1] / energies[-2])
    beyond = values[-1] + slope * np.log(e / energies[-1])
    between = np.interp(np.log(e), np.log(energies), values)
    return np.asarray(np.where(e > energies[-1], beyond, between))
