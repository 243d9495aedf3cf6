r"""Materials: mixtures of elements, by name or made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp, isfinite, log, sqrt

from darkbeam.constants import AVOGADRO
from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.matter.elements import DensityEffect, Element, element, element_names

__all__ = [
    "Material",
    "general_density_effect",
    "material",
    "material_names",
    "mixture",
]

# name: (density g/cm^3, mean excitation energy eV, mass fractions, density effect or None, active)
# Composition and densities: Review of Particle Physics, "Atomic and nuclear properties", and the
# NIST compositions for ESTAR; density effect: Sternheimer, Berger and Seltzer (1984), table 1.
_COMPOUNDS: dict[
    str, tuple[float, float, dict[str, float], tuple[float, float, float, float, float] | None]
] = {
    "polystyrene": (
        1.060,
        68.7,
        {"H": 0.077418, "C": 0.922582},
        (3.2999, 0.1647, 2.5031, 0.16454, 3.2224),
    ),
    "polyvinyltoluene": (
        1.032,
        64.7,
        {"H": 0.085000, "C": 0.915000},
        (3.1997, 0.1464, 2.4855, 0.16101, 3.2393),
    ),
    "polyethylene": (
        0.940,
        57.4,
        {"H": 0.143711, "C": 0.856289},
        (3.0016, 0.1370, 2.5177, 0.12108, 3.4292),
    ),
    "water": (
        0.99821,
        79.7,
        {"H": 0.111894, "O": 0.888106},
        (3.5017, 0.2400, 2.8004, 0.09116, 3.4773),
    ),
    "air": (
        1.20479e-3,
        85.7,
        {"C": 0.000124, "N": 0.755267, "O": 0.231781, "Ar": 0.012827},
        (10.5961, 1.7418, 4.2759, 0.10914, 3.3994),
    ),
    "concrete": (
        2.300,
        135.2,
        {
            "H": 0.010000,
            "C": 0.001000,
            "O": 0.529107,
            "Na": 0.016000,
            "Mg": 0.002000,
            "Al": 0.033872,
            "Si": 0.337021,
            "K": 0.013000,
            "Ca": 0.044000,
            "Fe": 0.014000,
        },
        (3.9464, 0.1301, 3.0466, 0.07515, 3.5467),
    ),
    "lead-tungstate": (8.300, 600.7, {"O": 0.140637, "W": 0.404011, "Pb": 0.455347}, None),
    "bgo": (7.130, 534.1, {"O": 0.154126, "Ge": 0.174820, "Bi": 0.671054}, None),
    "caesium-iodide": (4.510, 553.1, {"I": 0.488451, "Cs": 0.511549}, None),
    "liquid-argon": (1.396, 188.0, {"Ar": 1.0}, None),
    "liquid-hydrogen": (0.0708, 21.8, {"H": 1.0}, None),
    "steel": (7.87, 286.0, {"Fe": 0.9843, "C": 0.0017, "Mn": 0.0140}, None),
    "tungsten-copper": (15.9, 640.0, {"W": 0.80, "Cu": 0.20}, None),
}
_ALIASES = {
    "scintillator": "polystyrene",
    "plastic": "polystyrene",
    "pvt": "polyvinyltoluene",
    "pbwo4": "lead-tungstate",
    "csi": "caesium-iodide",
    "lar": "liquid-argon",
}
_ACTIVE_MEDIA = frozenset(
    {
        "polystyrene",
        "polyvinyltoluene",
        "lead-tungstate",
        "bgo",
        "caesium-iodide",
        "liquid-argon",
        "Si",
        "Ar",
    }
)


def general_density_effect(
    mean_excitation_ev: float, plasma_ev: float, *, gas: bool = False
) -> DensityEffect:
    """Density-effect parameters of any substance, by the rule of Sternheimer and Peierls.

    Parameters
    ----------
    mean_excitation_ev, plasma_ev : float
        Mean excitation energy and plasma energy, eV.
    gas : bool
        Whether the substance is a gas.

    Returns
    -------
    DensityEffect

    Notes
    -----
    R.M. Sternheimer and R.F. Peierls, Phys. Rev. B 3 (1971) 3681. Above 100 MeV the ionisation
    loss depends on the plasma energy alone; between 1 and 100 MeV the rule is good to about 1 %.
    """
    c = 2.0 * log(mean_excitation_ev / plasma_ev) + 1.0
    if gas:
        steps = ((10.0, 1.6, 4.0), (10.5, 1.7, 4.0), (11.0, 1.8, 4.0), (11.5, 1.9, 4.0))
        x0, x1 = (2.0, 4.0) if c < 12.25 else (2.0, 5.0)
        if c >= 13.804:
            x0 = 0.326 * c - 2.5
        for limit, low, high in reversed(steps):
            if c < limit:
                x0, x1 = low, high
    elif mean_excitation_ev < 100.0:
        x0, x1 = (0.2 if c < 3.681 else 0.326 * c - 1.0), 2.0
    else:
        x0, x1 = (0.2 if c < 5.215 else 0.326 * c - 1.5), 3.0
    a = (c - 2.0 * log(10.0) * x0) / (x1 - x0) ** 3
    return DensityEffect(c, x0, x1, a, 3.0, 0.0)


@dataclass(frozen=True)
class Material:
    """A homogeneous mixture of elements.

    Attributes
    ----------
    name : str
    fractions : tuple of (str, float)
        Mass fraction of each element, by symbol; they sum to 1.
    density : float
        g/cm^3.
    mean_excitation_ev : float
        eV.
    density_effect : DensityEffect
    active : bool
        Whether a calorimeter sees energy left here (scintillators, silicon, liquid argon ...).
    """

    name: str
    fractions: tuple[tuple[str, float], ...]
    density: float
    mean_excitation_ev: float
    density_effect: DensityEffect
    active: bool = False

    @property
    def elements(self) -> tuple[tuple[Element, float], ...]:
        """The elements with their mass fractions."""
        return tuple((element(symbol), fraction) for symbol, fraction in self.fractions)

    @property
    def radiation_length(self) -> float:
        """Radiation length, g/cm^2: the inverse is the mass-weighted mean of inverses."""
        return 1.0 / sum(w / e.radiation_length for e, w in self.elements)

    @property
    def radiation_length_cm(self) -> float:
        """Radiation length, cm."""
        return self.radiation_length / self.density

    @property
    def electrons_per_gram(self) -> float:
        """Number of electrons per gram."""
        return AVOGADRO * sum(w * e.Z / e.atomic_weight for e, w in self.elements)

    @property
    def plasma_energy(self) -> float:
        r"""Plasma energy in GeV: 28.816 eV sqrt(density <Z/A>)."""
        return 28.816e-9 * sqrt(self.density * self.electrons_per_gram / AVOGADRO)

    @property
    def nuclei_per_x0_cm2(self) -> dict[str, float]:
        """Number of nuclei of each element per cm^2 in one radiation length."""
        x0 = self.radiation_length
        return {e.symbol: AVOGADRO * w * x0 / e.atomic_weight for e, w in self.elements}


def _from_element(item: Element) -> Material:
    return Material(
        item.symbol,
        ((item.symbol, 1.0),),
        item.density,
        item.mean_excitation_ev,
        item.density_effect,
        item.symbol in _ACTIVE_MEDIA,
    )


def mixture(
    name: str,
    fractions: Mapping[str, float],
    density: float,
    *,
    mean_excitation_ev: float | None = None,
    active: bool = False,
) -> Material:
    """Make a material of elements by mass fraction.

    Parameters
    ----------
    name : str
    fractions : mapping of str to float
        Symbol to mass fraction; they are normalised to 1.
    density : float
        g/cm^3.
    mean_excitation_ev : float, optional
        eV; by default from the elements by Bragg's additivity rule.
    active : bool
        Whether a calorimeter sees energy left here.

    Raises
    ------
    InputError
        A fraction or the density is not positive.
    """
    if not (isfinite(density) and density > 0.0):
        raise InputError(f"density = {density} of {name!r}: must be positive (g/cm^3)")
    if not fractions or any(not (isfinite(w) and w > 0.0) for w in fractions.values()):
        raise InputError(f"fractions of {name!r}: every mass fraction must be positive")
    total = sum(fractions.values())
    parts = tuple((element(s).symbol, w / total) for s, w in fractions.items())
    electrons = [(w * element(s).Z / element(s).atomic_weight, s) for s, w in parts]
    z_over_a = sum(n for n, _ in electrons)
    if mean_excitation_ev is None:
        mean = sum(n * log(element(s).mean_excitation_ev) for n, s in electrons) / z_over_a
        mean_excitation_ev = exp(mean)
    plasma_ev = 28.816 * sqrt(density * z_over_a)
    effect = general_density_effect(mean_excitation_ev, plasma_ev, gas=density < 0.02)
    return Material(name, parts, density, mean_excitation_ev, effect, active)


@lru_cache(maxsize=64)
def _compound(name: str) -> Material:
    density, excitation, fractions, effect = _COMPOUNDS[name]
    made = mixture(
        name, fractions, density, mean_excitation_ev=excitation, active=name in _ACTIVE_MEDIA
    )
    if effect is None:
        return made
    return Material(
        name, made.fractions, density, excitation, DensityEffect(*effect, 0.0), made.active
    )


def material_names() -> tuple[str, ...]:
    """Return the names of all materials: compounds, then elements by symbol."""
    return (*_COMPOUNDS, *element_names())


def material(name: str | Element | Material) -> Material:
    """Return a material by name: an element's symbol, or a compound such as "polystyrene".

    Raises
    ------
    UnknownNameError
        No such material; the message suggests a near match.

    Examples
    --------
    >>> round(material("polystyrene").radiation_length, 1)
    43.8
    """
    if isinstance(name, Material):
        return name
    if isinstance(name, Element):
        return _from_element(name)
    if not isinstance(name, str):
        raise InputError(f"material = {name!r}: expected a name such as 'Pb' or 'polystyrene'")
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    key = _ALIASES.get(key, key)
    if key in _COMPOUNDS:
        return _compound(key)
    try:
        return _from_element(element(name))
    except UnknownNameError:
        raise UnknownNameError(
            f"material = {name!r}: no such material; {suggestion(name, material_names())}"
        ) from None
