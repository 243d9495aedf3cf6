r"""Drell-Yan production of vector mediators: a quark and an antiquark fuse to X.

With :math:`g^2 = g_V^2 + g_A^2` of a quark flavour, :math:`\tau = m^2/s` and massless quarks,

.. math::

   \sigma_q = \frac{\pi g^2}{3m^2} \int_\tau^1 dz\,
   \left\{\left[\delta(1-z) + \frac{\alpha_s}{2\pi}D_q(z)\right] L_{q\bar q}(\tau/z)
   + \frac{\alpha_s}{2\pi} D_g(z) L_{qg}(\tau/z)\right\} ,
   \quad L_{ab}(t) = \int dy\, x_1a(x_1)\,x_2b(x_2) + (1 \leftrightarrow 2)

and :math:`x_{1,2} = \sqrt t\,e^{\pm y}`: S. D. Drell and T.-M. Yan (1970), and for the corrections
G. Altarelli, R. K. Ellis and G. Martinelli, Nucl. Phys. B 157 (1979) 461 (`drell_yan_corrections`).
Everything is per flavour at g = 1, so that a model is a sum with `drell_yan_strengths`. Densities
are those of `darkbeam.production.parton_densities` at the scale of the mediator's mass.

A nucleus is Z protons and A - Z neutrons without shadowing, :math:`\sigma \propto A`; its inelastic
cross section grows more slowly (`darkbeam.production.inelastic`), and the ratio is the weight.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import GEV_M2_TO_PB, PROTON_MASS
from darkbeam.decays.strong_coupling import strong_coupling
from darkbeam.errors import InputError, UnknownNameError, ValidityError, suggestion
from darkbeam.matter.materials import Material, material
from darkbeam.models.couplings import CouplingTable
from darkbeam.production.drell_yan_corrections import gluon_correction, quark_correction
from darkbeam.production.drell_yan_kinematics import (
    boost_rapidity,
    intrinsic_pt_squared,
    sample_momenta,
)
from darkbeam.production.inelastic import (
    inelastic_cross_section_mb,
    proton_collision_cross_section_mb,
)
from darkbeam.production.mediator_samples import MediatorSample
from darkbeam.production.parton_densities import LEAST_X, SCALES_SQUARED, grv94_densities
from darkbeam.production.parton_luminosities import (
    DRELL_YAN_QUARKS,
    Densities,
    DensityFunction,
    Partons,
    fractions,
    largest_rapidity,
    luminosities,
    pair_densities,
)

__all__ = [
    "DRELL_YAN_QUARKS",
    "LEAST_MASS",
    "drell_yan_cross_section",
    "drell_yan_samples",
    "drell_yan_spectrum",
    "drell_yan_strengths",
    "intrinsic_pt_squared",
]

FloatArray = NDArray[np.float64]
Order = Literal["lo", "nlo"]

LEAST_MASS = 1.5
"""Least mass of a mediator, GeV: lighter ones are made by hadrons, not by single quarks."""
_GREATEST_MASS = SCALES_SQUARED[1] ** 0.5
_MB_TO_PB = 1e9
_CORRECTED = ("u", "d", "s")


def drell_yan_strengths(table: CouplingTable) -> dict[str, FloatArray]:
    """Return g_V^2 + g_A^2 of each flavour: the factor of its cross section and sample.

    Parameters
    ----------
    table : CouplingTable
        Of a vector mediator.
    """
    return {q: table.vector(q) ** 2 + table.axial(q) ** 2 for q in DRELL_YAN_QUARKS}


def drell_yan_cross_section(
    mass: ArrayLike,
    beam_energy: float,
    *,
    target: str | Material = "p",
    collider: bool = False,
    order: Order = "nlo",
    scale: float = 1.0,
    x_min: float = LEAST_X,
    densities: DensityFunction = grv94_densities,
) -> dict[str, FloatArray]:
    r"""Return the cross section per nucleon of the target, pb, by flavour at g = 1.

    Parameters
    ----------
    mass : array_like
        Mass of the mediator, GeV, 1.5 to 1000; the cross section is 0 where the energy of the
        collision does not suffice.
    beam_energy : float
        Energy of a proton of the beam, or of each beam of a collider, GeV.
    target : str or Material
        ``"p"``, or a material: the mean over its nucleons.
    collider : bool
        Whether two beams of protons collide; `target` is ``"p"`` then.
    order : {"nlo", "lo"}
        With the corrections of order alpha_s, or without. Charm has none: near its threshold it is
        no massless parton.
    scale : float
        Factorisation scale over the mass, 0.5 to 2; renormalisation is at the mass.
    x_min : float
        Least momentum fraction of a parton: no others contribute. The densities are fitted above
        1e-5; below it they are extrapolated, which only a smaller `x_min` brings about.
    densities : callable
        Of x and Q^2, in place of `darkbeam.production.parton_densities.grv94_densities`.

    Raises
    ------
    ValidityError
        A mass is outside of its range.
    InputError, UnknownNameError
        Another argument is.
    """
    m = np.asarray(mass, dtype=np.float64)
    s = _collision(m, beam_energy, target, collider, scale, x_min)
    if order not in ("lo", "nlo"):
        raise UnknownNameError(f"unknown order {order!r}, {suggestion(order, ('lo', 'nlo'))}")
    partons = Partons(densities, _proton_share(target), x_min)
    open_ = m**2 < s
    tau = np.where(open_, m**2 / s, 0.5)
    total = _born_and_corrections(m, tau, partons, order, scale)
    unit = np.where(open_, np.pi / (3.0 * m**2) * GEV_M2_TO_PB, 0.0)
    return {q: np.asarray(unit * np.maximum(total[q], 0.0)) for q in DRELL_YAN_QUARKS}


def drell_yan_spectrum(
    rapidity: ArrayLike,
    mass: ArrayLike,
    beam_energy: float,
    *,
    target: str | Material = "p",
    collider: bool = False,
    scale: float = 1.0,
    x_min: float = LEAST_X,
    densities: DensityFunction = grv94_densities,
) -> dict[str, FloatArray]:
    r"""Return :math:`d\sigma/dy` at leading order per nucleon, pb, by flavour at g = 1.

    Parameters
    ----------
    rapidity : array_like
        y of the mediator in the centre of mass of proton and nucleon, along the beam.
    mass, beam_energy, target, collider, scale, x_min, densities
        As of `drell_yan_cross_section`.
    """
    y, m = np.broadcast_arrays(
        np.asarray(rapidity, dtype=np.float64), np.asarray(mass, dtype=np.float64)
    )
    s = _collision(m, beam_energy, target, collider, scale, x_min)
    partons = Partons(densities, _proton_share(target), x_min)
    pairs, _ = pair_densities(m / np.sqrt(s), y, (scale * m) ** 2, partons)
    unit = np.pi / (3.0 * m**2) * GEV_M2_TO_PB
    return {q: np.asarray(unit * pairs[q]) for q in DRELL_YAN_QUARKS}


def drell_yan_samples(
    beam_energy: float,
    mass: float,
    *,
    target: str | Material = "p",
    collider: bool = False,
    size: tuple[int, int] = (200, 40),
    order: Order = "nlo",
    pt_squared: float | None = None,
    x_min: float = LEAST_X,
    densities: DensityFunction = grv94_densities,
    largest_angle: float = np.pi,
    sigma_inelastic_mb: float | None = None,
) -> dict[str, MediatorSample]:
    r"""Return mediators by flavour at g = 1, with weights per inelastic interaction.

    Rapidities are those of leading order, scaled to the cross section of `order`. The transverse
    momentum is Gaussian of mean square `pt_squared`, cut off where energy would not be conserved;
    the rapidity is kept.

    Parameters
    ----------
    beam_energy, mass, target, collider, order, x_min, densities
        As of `drell_yan_cross_section`, one mass.
    size : tuple of two int
        Numbers of rapidities, and of transverse momenta of each.
    pt_squared : float, optional
        Mean square of the transverse momentum, GeV^2; `intrinsic_pt_squared` by default.
    largest_angle : float
        Angle to the beam, rad: all points are at smaller ones, with the weight of these alone.
    sigma_inelastic_mb : float, optional
        Inelastic cross section per nucleus, mb, that the weights are relative to; by default that
        of `darkbeam.production.inelastic`.

    Returns
    -------
    dict of str to MediatorSample
        By flavour. Energies and angles in the rest frame of the target, or in the centre of mass of
        a collider, there for both directions. Empty where the collision's energy does not suffice.

    Examples
    --------
    >>> samples = drell_yan_samples(400.0, 2.0, target="Mo")
    >>> f"{samples['u'].total:.1e}"
    '8.4e-03'
    """
    m = float(mass)
    s = float(_collision(np.asarray(m), beam_energy, target, collider, 1.0, x_min))
    spread = pt_squared
    if spread is None:
        spread = float(intrinsic_pt_squared(m, collider=collider))
    if not 0.0 < largest_angle <= np.pi:
        raise InputError(f"largest_angle must be above 0 and at most pi, got {largest_angle!r}")
    if min(size) < 1 or not spread > 0.0:
        raise InputError(
            f"size must be at least 1 each and pt_squared above 0, got {size!r}, {spread!r}"
        )
    root = m / np.sqrt(s)
    if root >= 1.0 or root < x_min:
        nothing = np.zeros(0)
        return {q: MediatorSample(m, nothing, nothing, nothing) for q in DRELL_YAN_QUARKS}
    reach = largest_rapidity(np.asarray(root), x_min)
    y = float(reach) * (2.0 * (np.arange(size[0]) + 0.5) / size[0] - 1.0)
    partons = Partons(densities, _proton_share(target), x_min)
    pairs, _ = pair_densities(np.asarray(root), y, np.asarray(m**2), partons)
    total = drell_yan_cross_section(
        m,
        beam_energy,
        target=target,
        collider=collider,
        order=order,
        x_min=x_min,
        densities=densities,
    )
    number = _nucleons_per_inelastic(target, collider, s, sigma_inelastic_mb)
    boost = 0.0 if collider else boost_rapidity(s, beam_energy)
    energy, angle, part = sample_momenta(y, size[1], m, s, spread, boost, largest_angle)
    samples = {}
    for q in DRELL_YAN_QUARKS:
        share = pairs[q] / (np.sum(pairs[q]) or 1.0)
        weight = np.repeat(share * part / size[1], size[1]) * float(total[q]) * number
        samples[q] = MediatorSample(m, energy, angle, weight)
    return samples


def _collision(
    mass: FloatArray,
    beam_energy: float,
    target: str | Material,
    collider: bool,
    scale: float,
    x_min: float,
) -> FloatArray:
    """Check the arguments; return s of the proton and a nucleon, GeV^2."""
    if not np.all((mass >= LEAST_MASS) & (mass <= _GREATEST_MASS)):
        raise ValidityError(
            f"mass = {mass!r} GeV: Drell-Yan production needs 1.5 to 1000 GeV; lighter mediators "
            "are made by mesons and bremsstrahlung"
        )
    if not (np.isfinite(beam_energy) and beam_energy > PROTON_MASS):
        raise InputError(f"beam_energy must be above the proton's mass, got {beam_energy!r}")
    if collider and target != "p":
        raise InputError(f"target = {target!r}: colliding beams are protons, 'p'")
    if not 0.5 <= scale <= 2.0:
        raise InputError(f"scale must be within 0.5 and 2 times the mass, got {scale!r}")
    if not 0.0 < x_min < 1.0:
        raise InputError(f"x_min must be above 0 and below 1, got {x_min!r}")
    if collider:
        return np.asarray(4.0 * beam_energy**2)
    return np.asarray(2.0 * PROTON_MASS * (PROTON_MASS + beam_energy))


def _proton_share(target: str | Material) -> float:
    """Return Z/A, the share of protons among the nucleons."""
    if isinstance(target, str) and target == "p":
        return 1.0
    return sum(w * e.Z / round(e.atomic_weight) for e, w in material(target).elements)


def _nucleons_per_inelastic(
    target: str | Material, collider: bool, s: float, sigma_inelastic_mb: float | None
) -> float:
    """Return A / sigma_inelastic, 1/pb."""
    proton = isinstance(target, str) and target == "p"
    parts = [(1.0, 1.0)] if proton else _weights(material(target))
    if sigma_inelastic_mb is not None:
        if not sigma_inelastic_mb > 0.0:
            raise InputError(f"sigma_inelastic_mb must be above 0, got {sigma_inelastic_mb!r}")
        inelastic = sigma_inelastic_mb
    elif collider:
        inelastic = float(proton_collision_cross_section_mb(np.sqrt(s)))
    else:
        inelastic = sum(n * float(inelastic_cross_section_mb(a)) for a, n in parts)
    nucleons = sum(n * a for a, n in parts)
    return nucleons / (inelastic * _MB_TO_PB)


def _weights(mixture: Material) -> list[tuple[float, float]]:
    """Return the mass number of each element and its share of the nuclei."""
    numbers = [(e.atomic_weight, w / e.atomic_weight) for e, w in mixture.elements]
    total = sum(n for _, n in numbers)
    return [(a, n / total) for a, n in numbers]


def _born_and_corrections(
    mass: FloatArray, tau: FloatArray, partons: Partons, order: Order, scale: float
) -> Densities:
    """Return the braces of the module's formula, integrated over z."""
    q2 = (scale * mass) ** 2
    born, _ = luminosities(tau, q2, partons)
    if order == "lo":
        return born
    correction = 0.5 * strong_coupling(mass) / np.pi
    z, step = fractions(tau)
    pairs, gluons = luminosities(tau[..., None] / z, q2[..., None], partons)
    total = dict(born)
    for q in _CORRECTED:
        fused = quark_correction(z, step, pairs[q], born[q], tau, scale)
        radiated = np.sum(step * gluon_correction(z, scale) * gluons[q], axis=-1)
        total[q] = born[q] + correction * (fused + radiated)
    return total
