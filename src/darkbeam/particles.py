"""Particles by name: their masses and charges, and beams of them.

The masses of the leptons, the nucleons, the pions, the charged kaon, the W and the Z are those of
`constants`, so that there is one electron mass in the package; all others come from the table of
the Review of Particle Physics that the installed `particle` carries. Neutrinos are massless here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from darkbeam import constants, units
from darkbeam.errors import InputError, UnknownNameError, suggestion

__all__ = ["Beam", "canonical_name", "charge", "mass", "parse_beam"]

# Spellings that people use, and the name in the Review of Particle Physics.
_ALIASES = {
    "e": "e-",
    "electron": "e-",
    "positron": "e+",
    "mu": "mu-",
    "muon": "mu-",
    "antimuon": "mu+",
    "tau": "tau-",
    "nu_e": "nu(e)",
    "nu_mu": "nu(mu)",
    "nu_tau": "nu(tau)",
    "nue": "nu(e)",
    "numu": "nu(mu)",
    "nutau": "nu(tau)",
    "proton": "p",
    "p+": "p",
    "antiproton": "p~",
    "pbar": "p~",
    "neutron": "n",
    "photon": "gamma",
    "pion": "pi+",
    "pi": "pi+",
    "kaon": "K+",
    "K_L": "K(L)0",
    "K_S": "K(S)0",
    "KL": "K(L)0",
    "KS": "K(S)0",
    "eta_prime": "eta'(958)",
    "eta'": "eta'(958)",
    "etap": "eta'(958)",
    "rho": "rho(770)0",
    "rho0": "rho(770)0",
    "omega": "omega(782)",
    "phi": "phi(1020)",
    "J/psi": "J/psi(1S)",
    "jpsi": "J/psi(1S)",
    "Upsilon": "Upsilon(1S)",
    "W": "W+",
    "Z": "Z0",
    "h": "H0",
    "higgs": "H0",
}
_MASSES = {
    "e-": constants.ELECTRON_MASS,
    "mu-": constants.MUON_MASS,
    "tau-": constants.TAU_MASS,
    "p": constants.PROTON_MASS,
    "n": constants.NEUTRON_MASS,
    "pi+": constants.PION_MASS,
    "pi0": constants.NEUTRAL_PION_MASS,
    "K+": constants.CHARGED_KAON_MASS,
    "W+": constants.W_MASS,
    "Z0": constants.Z_MASS,
    "gamma": 0.0,
    "nu(e)": 0.0,
    "nu(mu)": 0.0,
    "nu(tau)": 0.0,
}
_CHARGES = {"e-": -1, "mu-": -1, "tau-": -1, "p": 1, "n": 0, "pi+": 1, "pi0": 0, "K+": 1}
_CHARGES |= {"W+": 1, "Z0": 0, "gamma": 0, "nu(e)": 0, "nu(mu)": 0, "nu(tau)": 0}
_ANTIPARTICLES = {
    "e+": "e-",
    "mu+": "mu-",
    "tau+": "tau-",
    "p~": "p",
    "n~": "n",
    "pi-": "pi+",
    "K-": "K+",
    "W-": "W+",
    "nu(e)~": "nu(e)",
    "nu(mu)~": "nu(mu)",
    "nu(tau)~": "nu(tau)",
}
_BEAMS = ("e-", "e+", "mu-", "mu+", "p", "p~", "pi-", "pi+", "K-", "K+", "gamma")


@dataclass(frozen=True, slots=True)
class Beam:
    """A beam of one kind of particle at one energy.

    Parameters
    ----------
    particle : str
        Name of the particle, such as ``"e-"``; other spellings are turned into that.
    energy : float
        Total energy of a beam particle, GeV (or a text such as ``"100 GeV"``).

    Raises
    ------
    InputError
        The energy is no energy or not above the particle's mass.
    UnknownNameError
        There is no such particle, or none such in beams.
    """

    particle: str
    energy: float

    def __post_init__(self) -> None:
        """Turn spellings into the particle's name and texts into GeV, and check the energy."""
        name = _beam_particle(self.particle)
        energy = units.parse_energy(self.energy, name="beam energy")
        if energy <= mass(name):
            raise InputError(
                f"beam energy = {units.format_energy(energy)}: must be above the mass of "
                f"{name}, {units.format_energy(mass(name))}"
            )
        object.__setattr__(self, "particle", name)
        object.__setattr__(self, "energy", energy)

    def __str__(self) -> str:
        """Return the text that `parse_beam` reads, such as ``e-:100GeV``."""
        return f"{self.particle}:{self.energy!r}GeV".replace(".0GeV", "GeV")

    @property
    def mass(self) -> float:
        """Mass of the beam particle, GeV."""
        return mass(self.particle)

    @property
    def charge(self) -> int:
        """Charge of the beam particle in units of the positron's."""
        return charge(self.particle)

    @property
    def lepton(self) -> Literal["e", "mu"] | None:
        """Flavour of the beam particle, or None if it is no lepton."""
        if self.particle in ("e-", "e+"):
            return "e"
        return "mu" if self.particle in ("mu-", "mu+") else None

    @property
    def momentum(self) -> float:
        """Momentum of a beam particle, GeV."""
        return float(((self.energy - self.mass) * (self.energy + self.mass)) ** 0.5)


def mass(name: str) -> float:
    """Return the mass of a particle in GeV.

    Parameters
    ----------
    name : str
        ``"e"``, ``"e-"``, ``"mu+"``, ``"nu_tau"``, ``"pi0"``, ``"proton"``, ... or a name in the
        Review of Particle Physics, such as ``"D(s)+"``.

    Raises
    ------
    UnknownNameError
        There is no such particle, or its mass is not known.

    References
    ----------
    Particle Data Group, Review of Particle Physics, edition 2026, through `particle`.
    """
    return _properties(canonical_name(name))[0]


def charge(name: str) -> int:
    """Return the charge of a particle in units of the positron's; names as in `mass`.

    Raises
    ------
    UnknownNameError
        There is no such particle, or its charge is a fraction (a quark).
    """
    return _properties(canonical_name(name))[1]


def canonical_name(name: str) -> str:
    """Return the name of a particle in the Review of Particle Physics, ``"e-"`` for ``"e"``.

    Raises
    ------
    UnknownNameError
        There is no such particle; the message gives the nearest name.
    """
    if not isinstance(name, str):
        raise InputError(f"particle = {name!r}: must be a name, such as 'e-'")
    text = name.strip()
    text = _ALIASES.get(text, text)
    if text in _MASSES or text in _ANTIPARTICLES:
        return text
    lowered = text.lower()
    if lowered in _ALIASES:
        return _ALIASES[lowered]
    known = _table()
    if text not in known:
        names = {*_MASSES, *_ANTIPARTICLES, *_ALIASES, *known}
        raise UnknownNameError(f"unknown particle {name!r}, {_near(text, names)}")
    return text


def parse_beam(text: str | Beam) -> Beam:
    """Return the beam that a text such as ``"e-:100GeV"`` describes.

    Parameters
    ----------
    text : str or Beam
        Particle and total energy with a colon between them; a bare number is in GeV.

    Raises
    ------
    InputError
        The text is malformed, or the energy is not above the particle's mass.
    UnknownNameError
        There is no such particle, or none such in beams.

    Examples
    --------
    >>> parse_beam("mu-:160 GeV")
    Beam(particle='mu-', energy=160.0)
    """
    if isinstance(text, Beam):
        return text
    if not isinstance(text, str) or text.count(":") != 1:
        raise InputError(
            f"beam = {text!r}: must be PARTICLE:ENERGY, such as 'e-:100GeV' or 'mu-:160GeV'"
        )
    particle, energy = text.split(":")
    try:
        return Beam(particle, energy)  # type: ignore[arg-type]
    except InputError as error:
        raise type(error)(f"beam = {text!r}: {error}") from None


def _beam_particle(name: str) -> str:
    try:
        particle = canonical_name(name)
    except UnknownNameError:
        names = [*_BEAMS, *(a for a, full in _ALIASES.items() if full in _BEAMS)]
        raise UnknownNameError(f"unknown particle {name!r}, {suggestion(name, names)}") from None
    if particle not in _BEAMS:
        raise UnknownNameError(
            f"particle {name!r}: there are no such beams; known: {', '.join(_BEAMS)}"
        )
    return particle


def _near(name: str, names: set[str]) -> str:
    """Return the near match, or a few names: the whole table would be no message."""
    tail = suggestion(name, names)
    return tail if tail.startswith("did") else "known: " + ", ".join(sorted(_MASSES)) + ", ..."


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[float | None, float | None]]:
    """Return mass in GeV and charge of every particle of the Review that has a name."""
    from particle import Particle

    table: dict[str, tuple[float | None, float | None]] = {}
    for particle in Particle.all():
        # The table is in MeV; shifted in decimal, as in `units`.
        mass_gev = None if particle.mass is None else float(f"{particle.mass!r}e-3")
        charge_e = None if particle.charge is None else float(particle.charge)
        table[particle.name] = (mass_gev, charge_e)
    return table


@lru_cache(maxsize=256)
def _properties(name: str) -> tuple[float, int]:
    """Return mass in GeV and charge for a name in the Review."""
    sign = 1
    particle = name
    if name in _ANTIPARTICLES:
        sign, particle = -1, _ANTIPARTICLES[name]
    if particle in _MASSES and particle in _CHARGES:
        return _MASSES[particle], sign * _CHARGES[particle]
    mass_gev, charge_e = _table()[name]
    if mass_gev is None or charge_e is None or charge_e != round(charge_e):
        raise UnknownNameError(f"particle {name!r}: its mass or charge is not known or no integer")
    return mass_gev, round(charge_e)
