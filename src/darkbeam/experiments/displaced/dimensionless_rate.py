r"""The dimensionless rate R-bar of Coy and Xu: beam dumps by one momentum on one axis.

S2 is R. Coy, X.-J. Xu, arXiv:2108.05147, sec. 3. All mediators have one momentum and fly along the
axis; of the production only a coupling and the dependence on the mass are kept. A contour of R-bar
is normalised to a published curve at one mass, and moved so to other models. It stands beside the
full yield of `acceptance_table` to reproduce what was published and to show what it costs.

Normalise by `normalised_level`, not by the levels that S2 prints: (0.5, 0.75, 1.5)e-20 for SHiP are
2.93 times below what eqs. 3.8 and 3.9 give at its own point, by one factor for all three momenta.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import pi
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import HBARC_GEV_M
from darkbeam.decays.result import divide
from darkbeam.decays.widths import widths
from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.experiments.connected_regions import Region, connected_regions
from darkbeam.experiments.displaced.decay_probability import decay_probability
from darkbeam.experiments.regions import excluded_regions as excluded_intervals
from darkbeam.models.base import Model
from darkbeam.models.couplings import CouplingTable
from darkbeam.models.dark_photon import DarkPhoton

__all__ = [
    "ANCHORS",
    "DUMPS",
    "SHIP_ANCHOR",
    "Dump",
    "dimensionless_rate",
    "dump",
    "excluded_regions",
    "length_parameter",
    "model_rate",
    "normalised_level",
    "two_channel_rate",
]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Dump:
    """An experiment as the recipe knows it: S2, table 1.

    Attributes
    ----------
    name : str
        Its name.
    shield, decay : float
        Lengths of the shield and of the decay region behind it, m.
    beam_energy : float
        Energy of the protons, GeV.
    """

    name: str
    shield: float
    decay: float
    beam_energy: float

    @property
    def momentum(self) -> float:
        """Momentum of all mediators, half the energy of the beam, GeV: S2 sec. 3.3."""
        return 0.5 * self.beam_energy


DUMPS: Mapping[str, Dump] = MappingProxyType(
    {
        each.name: each
        for each in (
            Dump("SHiP", 60.0, 50.0, 400.0),
            Dump("SeaQuest", 5.0, 1.0, 120.0),
            Dump("FASER", 480.0, 15.0, 7000.0),
        )
    }
)
"""S2, table 1, by name; of FASER the second stage, 5 x 3 m as printed there."""

SHIP_ANCHOR = (0.1, 5.28e-8)
"""Mass, GeV, and epsilon of a point of SHiP's published lower edge for dark photons: S2 sec. 3.3
from fig. 13 of arXiv:2011.05115."""

ANCHORS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"SHiP": SHIP_ANCHOR, "SeaQuest": (0.1, 3.54e-7), "FASER": (0.1, 3.52e-7)}
)
"""Such a point for each of `DUMPS`. S2 prints that of SHiP alone. That of SeaQuest is of phase I,
1.44e18 protons and 10 events (arXiv:1804.00661), that of FASER of FASER 2, 3/ab: both lie on lines
that come with FORESEE (arXiv:2105.07077)."""


def dump(name: str) -> Dump:
    """Return a dump of `DUMPS` by name, with the near match for one that is not there."""
    if name not in DUMPS:
        raise UnknownNameError(f"unknown dump {name!r}; {suggestion(name, DUMPS)}")
    return DUMPS[name]


def length_parameter(length_m: ArrayLike, mass: ArrayLike, momentum: ArrayLike) -> FloatArray:
    r"""Return :math:`\lambda = L\, m^2/(12\pi p)`, without a dimension: S2 eq. 3.9.

    Parameters
    ----------
    length_m : array_like
        m.
    mass, momentum : array_like
        GeV.
    """
    length = np.asarray(length_m, dtype=np.float64) / HBARC_GEV_M
    m, p = np.asarray(mass, dtype=np.float64), np.asarray(momentum, dtype=np.float64)
    return np.asarray(length * m**2 / (12.0 * pi * p))


def two_channel_rate(
    g_e: ArrayLike,
    g_nu: ArrayLike,
    mass: ArrayLike,
    momentum: ArrayLike,
    shield_m: ArrayLike,
    decay_m: ArrayLike,
) -> FloatArray:
    r"""Return R-bar of a vector with massless electrons and neutrinos alone: S2 eq. 3.8.

    .. math::
       \bar R = \frac{g_e^4}{G} e^{-\lambda_{sh} G} \left(1 - e^{-\lambda_{dec} G}\right), \qquad
       G = g_e^2 + g_\nu^2/2

    Parameters
    ----------
    g_e, g_nu : array_like
        Couplings to the electron, and the root of the sum of squares of those to left-handed
        neutrinos.
    mass, momentum : array_like
        GeV.
    shield_m, decay_m : array_like
        m.

    Examples
    --------
    >>> print(f"{two_channel_rate(1e-6, 0.0, 0.1, 200.0, 60.0, 50.0):.3g}")
    1.91e-13
    """
    electron2 = np.asarray(g_e, dtype=np.float64) ** 2
    total = electron2 + 0.5 * np.asarray(g_nu, dtype=np.float64) ** 2
    shield = length_parameter(shield_m, mass, momentum)
    decay = length_parameter(decay_m, mass, momentum)
    decays = np.exp(-shield * total) * -np.expm1(-decay * total)
    return np.asarray(electron2 * divide(electron2, total, empty=0.0) * decays)


def dimensionless_rate(
    production_coupling: ArrayLike,
    visible: ArrayLike,
    invisible: ArrayLike,
    mass: ArrayLike,
    momentum: ArrayLike,
    shield_m: ArrayLike,
    decay_m: ArrayLike,
    *,
    relative_cross_section: ArrayLike = 1.0,
) -> FloatArray:
    r"""Return R-bar from widths: S2 eqs. 3.7, 3.13-3.15.

    .. math:: \bar R = g^2\, \frac{\sigma}{\sigma^*}\, P\, \frac{\Gamma_{vis}}{\Gamma}

    Parameters
    ----------
    production_coupling : array_like
        That to the proton, or to the electron of an electron beam.
    visible, invisible : array_like
        Widths, GeV.
    mass, momentum, shield_m, decay_m : array_like
        As in `two_channel_rate`.
    relative_cross_section : array_like
        Of production at equal coupling, over that at the mass of the normalisation (100 MeV in S2).

    Raises
    ------
    InputError
        As `decay_probability`.
    """
    seen = np.asarray(visible, dtype=np.float64)
    total = seen + np.asarray(invisible, dtype=np.float64)
    probability = decay_probability(shield_m, decay_m, momentum, mass, total)
    strength = np.asarray(production_coupling, dtype=np.float64) ** 2
    made = strength * np.asarray(relative_cross_section, dtype=np.float64)
    return np.asarray(made * probability * divide(seen, total, empty=0.0))


def model_rate(
    model: Model | CouplingTable,
    dump: Dump,
    *,
    momentum: ArrayLike | None = None,
    relative_cross_section: ArrayLike = 1.0,
    produced_by: str = "p",
) -> FloatArray:
    """Return R-bar of a vector with all its widths: S2 secs. 3.2, 3.3.

    Parameters
    ----------
    model : Model or CouplingTable
        Mass and couplings, arrays or not; its dark width counts as invisible.
    dump : Dump
        Lengths, from `DUMPS` or your own.
    momentum : array_like, optional
        GeV; half the energy of the beam by default.
    relative_cross_section : array_like
        As in `dimensionless_rate`.
    produced_by : {"p", "e"}
        Whose vector coupling is that of production: the proton's or the electron's.

    Raises
    ------
    InputError
        `produced_by` is another name.

    Examples
    --------
    >>> from darkbeam.models import DarkPhoton
    >>> photon = DarkPhoton(mass="100 MeV", epsilon=5.28e-8, dark_matter=None)
    >>> print(f"{model_rate(photon, DUMPS['SHiP']):.3g}")
    2.2e-20
    """
    if produced_by not in ("p", "e"):
        raise InputError(f"produced_by = {produced_by!r}: must be 'p' or 'e'")
    table = model if isinstance(model, CouplingTable) else model.couplings()
    found = widths(table)
    coupling = table.nucleon_vector("p") if produced_by == "p" else table.vector("e")
    return dimensionless_rate(
        coupling,
        found.visible,
        found.invisible,
        found.mass,
        dump.momentum if momentum is None else momentum,
        dump.shield,
        dump.decay,
        relative_cross_section=relative_cross_section,
    )


def normalised_level(
    dump: Dump,
    anchor: tuple[float, float] = SHIP_ANCHOR,
    *,
    momentum: ArrayLike | None = None,
) -> FloatArray:
    """Return the R-bar whose contour goes through a published point of a dark photon.

    Parameters
    ----------
    dump : Dump
        Lengths.
    anchor : tuple of float
        Mass, GeV, and epsilon of the point, where the relative cross section is 1; SHiP's by
        default.
    momentum : array_like, optional
        GeV; half the energy of the beam by default.
    """
    mass, epsilon = anchor
    photon = DarkPhoton(mass=mass, epsilon=epsilon, dark_matter=None)
    return model_rate(photon, dump, momentum=momentum)


def excluded_regions(
    rate: Callable[[FloatArray, FloatArray], ArrayLike],
    level: float,
    mass: ArrayLike,
    *,
    largest: float = np.inf,
    accuracy: float = 1e-3,
) -> tuple[Region, ...]:
    """Return the regions of mass and coupling in which R-bar is above a level.

    Parameters
    ----------
    rate : callable
        R-bar of couplings and masses (GeV), which broadcast.
    level : float
        Such as `normalised_level`.
    mass : array_like
        As of `darkbeam.experiments.connected_regions.connected_regions`.
    largest : float
        Largest coupling that there is.
    accuracy : float
        As of `connected_regions`.

    Raises
    ------
    InputError
        The level is not above 0, or the masses do not rise.

    Examples
    --------
    >>> def rate(g_e, mass):
    ...     return two_channel_rate(g_e, 30 * g_e, mass, 200.0, 60.0, 50.0)
    >>> (region,) = excluded_regions(rate, 1e-19, [0.01, 0.1, 1.0])
    >>> print(f"{region.lower[0]:.2g} to {region.upper[0]:.2g}, up to {region.mass[-1]:.2g} GeV")
    7.4e-08 to 2.6e-06, up to 0.54 GeV
    """
    if not level > 0.0:
        raise InputError(f"level = {level!r}: must be above 0")

    def intervals(masses: FloatArray) -> tuple[FloatArray, FloatArray]:
        def excess(which: NDArray[np.intp], log_coupling: FloatArray) -> FloatArray:
            found = np.asarray(rate(np.exp(log_coupling), masses[which]), dtype=np.float64)
            return np.asarray(np.log(level) - np.log(np.maximum(found, 1e-300)))

        return excluded_intervals(excess, masses.size, largest)

    return connected_regions(intervals, mass, accuracy=accuracy)
