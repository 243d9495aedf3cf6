r"""Records of how a mediator decays to dark states; `darkbeam.decays` turns them into widths.

A record holds masses and couplings only. Couplings follow the conventions of
`darkbeam.models.couplings`; for identical (Majorana, real) particles they are those of the
Lagrangian multiplied by the number of contractions, as each field says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DarkChannel", "DarkFermions", "DarkScalars", "DarkWidth"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DarkFermions:
    r"""Decay to two dark fermions.

    Parameters
    ----------
    name : str
        Name of the channel, e.g. ``"chi chibar"``.
    masses : pair of array_like
        Masses of the two particles, GeV.
    vector, axial, scalar, pseudoscalar : array_like of complex
        Couplings of the *amplitude* :math:`\bar u_1 \Gamma v_2`. For two identical Majorana
        particles that is twice the coupling in the Lagrangian.
    identical : bool
        True halves the phase space.
    conjugate : bool
        True if the conjugate state (antiparticle 1, particle 2) is a second, distinct channel of
        the same width, as for a current of two different Dirac fermions plus its conjugate.
    """

    name: str
    masses: tuple[ArrayLike, ArrayLike]
    vector: ArrayLike = 0.0
    axial: ArrayLike = 0.0
    scalar: ArrayLike = 0.0
    pseudoscalar: ArrayLike = 0.0
    identical: bool = False
    conjugate: bool = False


@dataclass(frozen=True, eq=False)
class DarkScalars:
    r"""Decay to two dark spin-0 particles.

    Parameters
    ----------
    name : str
        Name of the channel.
    masses : pair of array_like
        Masses of the two particles, GeV.
    coupling : array_like of complex
        Vector mediator: :math:`g` of the amplitude :math:`g\, \varepsilon \cdot (p_1 - p_2)`,
        i.e. :math:`L = i g X^\mu (s_1^* \partial_\mu s_2 - s_2 \partial_\mu s_1^*)`, without a
        unit. Scalar mediator: the amplitude itself, GeV.
    identical, conjugate : bool
        As in `DarkFermions`.
    """

    name: str
    masses: tuple[ArrayLike, ArrayLike]
    coupling: ArrayLike = 0.0
    identical: bool = False
    conjugate: bool = False


@dataclass(frozen=True, eq=False)
class DarkWidth:
    """Decay to dark states whose partial width the model itself gives.

    Parameters
    ----------
    name : str
        Name of the channel.
    width : callable
        ``width(mediator_mass)`` -> partial width, GeV; it must broadcast.
    """

    name: str
    width: Callable[[FloatArray], ArrayLike]


DarkChannel = DarkFermions | DarkScalars | DarkWidth
