r"""Chemical elements: atomic data, nuclear masses, radiation lengths."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log

from darkbeam.constants import (
    ALPHA,
    ATOMIC_MASS_UNIT,
    AVOGADRO,
    CLASSICAL_ELECTRON_RADIUS_CM,
    ELECTRON_MASS,
)
from darkbeam.errors import InputError, UnknownNameError, suggestion

__all__ = ["DensityEffect", "Element", "coulomb_correction", "element", "element_names"]

# Tsai, Rev. Mod. Phys. 46 (1974) 815, table B.2: L_rad and L'_rad of the lightest atoms, where
# the Thomas-Fermi model fails.
_LIGHT_LOGARITHMS = {1: (5.31, 6.144), 2: (4.79, 5.621), 3: (4.74, 5.805), 4: (4.71, 5.924)}


@dataclass(frozen=True)
class DensityEffect:
    r"""Parameters of the density effect in the ionisation loss.

    With :math:`X = \log_{10}(\beta\gamma)`, the correction is
    :math:`\delta = 2 \ln 10\,X - \bar C` above `x1`, the same plus :math:`a(x_1 - X)^m` between
    `x0` and `x1`, and :math:`\delta_0 10^{2(X-x_0)}` below.

    Attributes
    ----------
    minus_c, x0, x1, a, m, delta0 : float
        As in Sternheimer, Berger and Seltzer, At. Data Nucl. Data Tables 30 (1984) 261.
    """

    minus_c: float
    x0: float
    x1: float
    a: float
    m: float
    delta0: float

    def at_density_ratio(self, ratio: float) -> DensityEffect:
        r"""Return the parameters at another density of the same substance.

        The correction depends on :math:`\beta\gamma` times the root of the density, so that
        :math:`\bar C` falls by the logarithm of the ratio and `x0`, `x1` by half its decimal
        logarithm (Sternheimer et al. 1984, section 3).
        """
        shift = log(ratio)
        step = shift / (2.0 * log(10.0))
        return DensityEffect(
            self.minus_c - shift, self.x0 - step, self.x1 - step, self.a, self.m, self.delta0
        )


def coulomb_correction(z: float) -> float:
    r"""Coulomb correction f(Z) to bremsstrahlung and pair production.

    .. math:: f(Z) = a^2 \sum_{n=1}^\infty \frac{1}{n (n^2 + a^2)}, \quad a = \alpha Z,

    to four digits up to uranium by the form of Davies, Bethe and Maximon, Phys. Rev. 93 (1954)
    788 (Review of Particle Physics, "Passage of particles through matter").
    """
    a2 = (ALPHA * z) ** 2
    return a2 * (1.0 / (1.0 + a2) + 0.20206 - 0.0369 * a2 + 0.0083 * a2**2 - 0.002 * a2**3)


@dataclass(frozen=True)
class Element:
    """A chemical element of natural composition.

    Attributes
    ----------
    symbol, name : str
        Such as "Pb", "lead".
    Z : int
        Atomic number.
    atomic_weight : float
        Standard atomic weight, g/mol.
    density : float
        In its usual state at room temperature, g/cm^3.
    mean_excitation_ev : float
        Mean excitation energy, eV.
    density_effect : DensityEffect
        At `density`.
    """

    symbol: str
    name: str
    Z: int
    atomic_weight: float
    density: float
    mean_excitation_ev: float
    density_effect: DensityEffect

    @property
    def A(self) -> float:
        """Atomic weight, g/mol (the number that formulas call A)."""
        return self.atomic_weight

    @property
    def nuclear_mass(self) -> float:
        """Mean mass of the nucleus, GeV: the atom's mass without its electrons."""
        return self.atomic_weight * ATOMIC_MASS_UNIT - self.Z * ELECTRON_MASS

    @property
    def radiation_logarithms(self) -> tuple[float, float]:
        """Tsai's L_rad (nucleus) and L'_rad (electrons of the atom)."""
        if self.Z in _LIGHT_LOGARITHMS:
            return _LIGHT_LOGARITHMS[self.Z]
        return log(184.15 * self.Z ** (-1.0 / 3.0)), log(1194.0 * self.Z ** (-2.0 / 3.0))

    @property
    def radiation_length(self) -> float:
        r"""Radiation length, g/cm^2.

        .. math:: \frac{1}{X_0} = 4\alpha r_e^2 \frac{N_A}{A}
                  \{Z^2 [L_{rad} - f(Z)] + Z L'_{rad}\}

        Y.-S. Tsai, Rev. Mod. Phys. 46 (1974) 815, eq. (3.66).
        """
        nuclear, atomic = self.radiation_logarithms
        strength = self.Z**2 * (nuclear - coulomb_correction(self.Z)) + self.Z * atomic
        per_atom = 4.0 * ALPHA * CLASSICAL_ELECTRON_RADIUS_CM**2 * strength
        return self.atomic_weight / (AVOGADRO * per_atom)

    @property
    def radiation_length_cm(self) -> float:
        """Radiation length at the usual density, cm."""
        return self.radiation_length / self.density


@lru_cache(maxsize=1)
def _table() -> dict[str, Element]:
    text = (files("darkbeam") / "data" / "elements.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    table = {}
    for row in rows:
        z, weight = int(row["Z"]), float(row["atomic_weight"])
        density = float(row["density_g_cm3"])
        tabulated = DensityEffect(
            *(float(row[key]) for key in ("minus_c", "x0", "x1", "a", "m", "delta0"))
        )
        # The plasma energy, 28.816 eV sqrt(density Z / A), tells the density of the parameters.
        reference = (float(row["plasma_ev"]) / 28.816) ** 2 * weight / z
        ratio = density / reference
        effect = tabulated if abs(ratio - 1.0) < 0.02 else tabulated.at_density_ratio(ratio)
        table[row["symbol"]] = Element(
            row["symbol"], row["name"], z, weight, density, float(row["mean_excitation_ev"]), effect
        )
    return table


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    """Map every accepted spelling to the symbol; a symbol is matched as it is written first."""
    spellings: dict[str, str] = {}
    for symbol, item in _table().items():
        spellings[item.name] = symbol
        spellings.setdefault(symbol.lower(), symbol)
    spellings["aluminum"] = "Al"
    spellings["graphite"] = "C"
    return spellings


def element_names() -> tuple[str, ...]:
    """Return the symbols of the elements that are known, by atomic number."""
    return tuple(_table())


def element(name: str | int | Element) -> Element:
    """Return an element by its symbol, English name or atomic number.

    Parameters
    ----------
    name : str, int or Element
        Such as "Pb", "lead" or 82.

    Raises
    ------
    UnknownNameError
        No such element, or none with tabulated data.

    Examples
    --------
    >>> round(element("Pb").radiation_length, 2)
    6.37
    """
    if isinstance(name, Element):
        return name
    table = _table()
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise InputError(f"element = {name!r}: expected a symbol such as 'Pb', or a number Z")
    if isinstance(name, int):
        for item in table.values():
            if name == item.Z:
                return item
        raise UnknownNameError(f"element = {name}: no data for this atomic number (1 to 92)")
    if name in table:
        return table[name]
    symbol = _aliases().get(name.strip().lower())
    if symbol is None:
        known = [*table, *(item.name for item in table.values())]
        raise UnknownNameError(f"element = {name!r}: no such element; {suggestion(name, known)}")
    return table[symbol]
