r"""Mediators from a beam dump by the approximations of the literature, to see what they cost.

The reanalyses of past electron dumps take the beam electron alone as it loses energy, the improved
Weizsaecker-Williams cross section, and mediators along the beam from its front:

.. math::

   \frac{dN}{dE_X} = n \int_{E_X + m_e}^{E_0} dE \int_0^T dt\, I_e(E_0, E, t)\;
   \frac1E \frac{d\sigma}{dx}(E, x) , \qquad x = E_X/E , \qquad
   I_e = \frac1{E_0} \frac{[\ln(E_0/E)]^{4t/3-1}}{\Gamma(4t/3)}

with n nuclei per area in one radiation length (J.D. Bjorken, R. Essig, P. Schuster, N. Toro, Phys.
Rev. D 80 (2009) 075018, arXiv:0906.0580, appendix; S. Andreas, C. Niebuhr, A. Ringwald, Phys. Rev.
D 86 (2012) 095019, arXiv:1209.6083, eqs. 10-13). `darkbeam.production.electron_dump` leaves all of
these approximations out.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ELECTRON_MASS, GEV_M2_TO_CM2, GEV_M2_TO_PB
from darkbeam.errors import InputError
from darkbeam.matter import element
from darkbeam.matter.targets import TargetLike
from darkbeam.matter.targets import target as parse_target
from darkbeam.particles import Beam, parse_beam
from darkbeam.production import weizsaecker_williams
from darkbeam.production.brem_vertices import Kind
from darkbeam.production.bremsstrahlung import gauss_legendre
from darkbeam.production.mediator_samples import MediatorSample

__all__ = ["Target", "thick_target_sample"]

FloatArray = NDArray[np.float64]
Target = Literal["thick", "first radiation length"]

_EMITTERS = 40
_SHARES = 24
_DEPTHS = 48
_DEPTH_X0 = 30.0
_PB_TO_CM2 = GEV_M2_TO_CM2 / GEV_M2_TO_PB


def thick_target_sample(
    beam: Beam | str,
    target: TargetLike,
    mass: float,
    kind: Kind = "vector",
    *,
    method: weizsaecker_williams.Method = "iww",
    emitters: Target = "thick",
    inelastic: bool = True,
    least_energy: float = 0.0,
) -> MediatorSample:
    """Return the mediators that the beam electron radiates, as the nodes of a quadrature.

    Parameters
    ----------
    beam : Beam or str
        Electrons or positrons, such as ``"e-:20GeV"``.
    target : str, Element, Material, LayeredMaterial or sequence of (str, float)
        As for `darkbeam.matter.target`; longer than its shower.
    mass : float
        Mass of X, GeV.
    kind : {"vector", "axial", "scalar", "pseudoscalar"}
        Coupling of X to the electron.
    method : {"iww", "ww"}
        Cross section, as in `darkbeam.production.weizsaecker_williams`.
    emitters : {"thick", "first radiation length"}
        The beam electron until it is stopped, or as if it had the beam's energy for one radiation
        length and none behind.
    inelastic : bool
        With the inelastic form factor of the nucleus, as both reanalyses have it.
    least_energy : float
        X of less energy are left out, GeV.

    Returns
    -------
    MediatorSample
        Per beam particle at coupling e to the electron, at angle 0 and depth 0.

    Raises
    ------
    InputError
        `emitters` is another name, or the beam is not of electrons or positrons.
    ValidityError
        As in `darkbeam.production.weizsaecker_williams.energy_distribution`.

    Examples
    --------
    >>> made = thick_target_sample("e-:9GeV", "W", 0.01, least_energy=4.5)
    >>> f"{made.total:.1e}"
    '1.1e-02'
    """
    beam_ = parse_beam(beam) if isinstance(beam, str) else beam
    if beam_.lepton != "e":
        raise InputError(f"beam = {beam_!r}: must be of electrons or positrons")
    if emitters not in ("thick", "first radiation length"):
        raise InputError(f"emitters = {emitters!r}: must be 'thick' or 'first radiation length'")
    least = max(mass, least_energy)
    if least + ELECTRON_MASS >= beam_.energy:
        nothing = np.zeros(0)
        return MediatorSample(float(mass), nothing, nothing, nothing)
    item = parse_target(target)
    energies, paths = _paths(beam_.energy, least, emitters)
    made, weights = [], []
    for energy, path in zip(energies, paths, strict=True):
        emitter = Beam(beam_.particle, float(energy))
        x, one_minus_x, measure = _shares(least / energy, ELECTRON_MASS / energy)
        found = np.zeros(x.shape)
        for symbol, nuclei in item.nuclei_per_x0_cm2.items():
            density = weizsaecker_williams.energy_distribution(
                emitter,
                element(symbol),
                mass,
                x,
                method=method,
                kind=kind,
                one_minus_x=one_minus_x,
                inelastic=inelastic,
            )
            found += nuclei * _PB_TO_CM2 * density
        made.append(energy * x)
        weights.append(path * measure * found)
    energy, weight = np.concatenate(made), np.concatenate(weights)
    kept = weight > 0.0
    return MediatorSample(float(mass), energy[kept], np.zeros(kept.sum()), weight[kept])


def _paths(beam_energy: float, least: float, emitters: Target) -> tuple[FloatArray, FloatArray]:
    r"""Return energies of emitters, GeV, and the path at each, X0.

    The chance to be above E at depth t is :math:`\int_E I_e\,dE = P(4t/3, \ln E_0/E)`, the
    regularised incomplete gamma function.
    """
    from scipy.special import gammainc

    if emitters == "first radiation length":
        return np.array([beam_energy]), np.ones(1)
    span = np.log(beam_energy / (least + ELECTRON_MASS))
    steps = np.arange(_EMITTERS + 1) / _EMITTERS
    edges = span * steps**3  # narrow where the path per energy is large, next to the beam's
    nodes, weights = gauss_legendre(_DEPTHS)
    u = 0.5 * (1.0 + nodes)
    depth, measure = _DEPTH_X0 * u**2, _DEPTH_X0 * u * weights
    above = gammainc(4.0 / 3.0 * depth, edges[:, None]) @ measure
    middle = span * (steps[1:] - 0.5 / _EMITTERS) ** 3
    return beam_energy * np.exp(-middle), np.diff(above)


def _shares(low: float, y_low: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return nodes x from `low` to 1 - `y_low`, 1 - x, and weights: even in ln x and ln(1 - x)."""
    nodes, weights = gauss_legendre(_SHARES)
    middle = min(max(0.5, y_low), 1.0 - low)
    parts = []
    for start, stop, upper in ((low, 1.0 - middle, False), (y_low, middle, True)):
        half = 0.5 * np.log(max(stop / start, 1.0))
        z = start * np.exp(half * (1.0 + nodes))
        measure = half * weights * z
        parts.append((1.0 - z, z, measure) if upper else (z, 1.0 - z, measure))
    x, y, measure = (np.concatenate(part) for part in zip(*parts, strict=True))
    return x, y, measure
