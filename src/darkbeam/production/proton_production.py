"""How the protons of an experiment make mediators: sources, tables, and the choices among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.matter.elements import element_names
from darkbeam.matter.materials import Material
from darkbeam.matter.targets import TargetLike, target
from darkbeam.production.drell_yan import DRELL_YAN_QUARKS
from darkbeam.production.fitted_spectra import FITS, fitted_pions
from darkbeam.production.meson_decays import decays_of
from darkbeam.production.meson_spectra import (
    MESONS,
    MesonSpectrum,
    beam_energy_of,
    meson_spectrum,
    spectrum_tables,
)
from darkbeam.production.nucleon_form_factors import OFF_SHELL_CUTOFF, FormFactorName
from darkbeam.production.proton_brem import SPLITTINGS, WINDOWS, Window
from darkbeam.production.proton_interactions import main_material
from darkbeam.production.vector_dominance import VECTOR_MESONS

__all__ = [
    "DEFAULT_SOURCES",
    "MIXINGS",
    "MULTIPLICITIES",
    "SOURCES",
    "ProtonProduction",
    "generators",
    "production_band",
]

MIXINGS = tuple(f"{vector}-mixing" for vector in VECTOR_MESONS)
"""A vector meson that turns into the mediator."""
SOURCES = (*MESONS, *MIXINGS, "bremsstrahlung", "drell-yan")
"""What a production may hold: decays of a meson, its mixing with the mediator, radiation, fusion of
quarks."""
DEFAULT_SOURCES = (*MESONS, "bremsstrahlung", "drell-yan")
"""Without mixing: bremsstrahlung's form factor has the poles of rho and omega already."""
MULTIPLICITIES: Mapping[str, Mapping[str, float]] = {
    "generator": {},
    "NA27": {
        "pi0": 3.87,
        "eta": 0.30,
        "rho": 0.384,
        "omega": 0.390,
        "phi": 0.0189,
    },
}
"""Numbers of mesons in an inelastic collision of protons, by who says so: the generator itself, or
NA27 at 400 GeV, M. Aguilar-Benitez et al., Z. Phys. C 50 (1991) 405."""
_FORM_FACTORS = ("vmd", "dipole", "point")


@dataclass(frozen=True)
class ProtonProduction:
    """How the protons of an experiment make mediators.

    Parameters
    ----------
    spectra : str
        Beam of the tables of mesons, a name in `darkbeam.production.meson_spectra.spectrum_tables`
        such as ``"400GeV-p"``; a collider if it ends with ``-pp``.
    generator : str
        Generator of the tables; upper and lower case and points do not matter. Or one of the fits
        to pions of `darkbeam.production.fitted_spectra.FITS`, ``"BMPT"`` or ``"Burman-Smith"``, for
        which `spectra` may name any energy and nucleus, such as ``"70GeV-Fe"``.
    sources : tuple of str
        Names in `SOURCES`.
    splitting, window, cutoff, cross_section
        Of bremsstrahlung: as of `darkbeam.production.proton_brem.proton_brem_kernel`.
    form_factor : {"vmd", "dipole", "point"}
        Of the proton, as of `darkbeam.production.nucleon_form_factors.nucleon_form_factor`. The
        decays of mesons are by vector-meson dominance, but for ``point``.
    other_mesons : str, optional
        ``"BEAM:GENERATOR"`` of the tables for mesons that the first has not, such as
        ``"400GeV-p:Sibyll23e"`` beside UrQMD's pi0 and eta.
    multiplicities : {"generator", "NA27"}
        How many of the heavier mesons there are for each pi0: as the generator says, or as NA27
        measured at 400 GeV, which is a third of the eta of SIBYLL. The ratio depends little on
        energy; eta', which was not measured, goes with eta.
    target : target, optional
        What the protons hit, as of `darkbeam.matter.target` (layers with thickness in mm). They
        interact once each, in its depth; without it all of them do at z = 0.

    Raises
    ------
    UnknownNameError
        A name that does not exist; the message has the near match.
    InputError
        A source without a table, or the rho and omega counted twice.
    """

    spectra: str
    generator: str = "Sibyll23e"
    sources: tuple[str, ...] = DEFAULT_SOURCES
    splitting: str = "quasi-real"
    window: str | Window = "forward"
    form_factor: FormFactorName = "vmd"
    cutoff: float = OFF_SHELL_CUTOFF
    cross_section: str = "total"
    other_mesons: str | None = None
    multiplicities: str = "generator"
    target: TargetLike | None = None

    def __post_init__(self) -> None:
        """Check all names."""
        object.__setattr__(self, "generator", _table(self.spectra, self.generator, "spectra"))
        object.__setattr__(self, "sources", tuple(self.sources))
        if not self.sources:
            raise InputError("sources = (): at least one is needed")
        for source in self.sources:
            _check_name("sources", source, SOURCES)
        if len(set(self.sources)) < len(self.sources):
            raise InputError(f"sources = {self.sources!r}: each one once")
        _check_name("splitting", self.splitting, [s for s in SPLITTINGS if s != "scalar"])
        _check_name("form_factor", self.form_factor, _FORM_FACTORS)
        if not isinstance(self.window, Window):
            _check_name("window", self.window, WINDOWS)
        if not self.cutoff > 0.0:
            raise InputError(f"cutoff must be above 0 GeV, got {self.cutoff!r}")
        _check_name("cross_section", self.cross_section, ("total", "non-single-diffractive"))
        _check_name("multiplicities", self.multiplicities, MULTIPLICITIES)
        if self.other_mesons is not None:
            _ = self._others()
        if self.target is not None:
            object.__setattr__(self, "target", target(self.target))
        for meson in self.mesons:
            self.spectrum(meson)
        twice = {"rho-mixing", "omega-mixing"} & set(self.sources)
        if twice and "bremsstrahlung" in self.sources and self.form_factor == "vmd":
            raise InputError(
                f"sources: {', '.join(sorted(twice))} and bremsstrahlung with form_factor = 'vmd' "
                "count the same mediators twice; leave one out, or take form_factor = 'dipole'"
            )

    @property
    def collider(self) -> bool:
        """Whether two beams of protons meet."""
        return self.spectra.endswith("-pp")

    @property
    def mesons(self) -> tuple[str, ...]:
        """Mesons whose spectra are needed."""
        return tuple(m for m in MESONS if m in self.sources or f"{m}-mixing" in self.sources)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all that is made, such as ``"pi0->gamma X"``, ``"drell-yan u"``."""
        return tuple(name for name, _ in self.parts())

    @property
    def nucleus(self) -> str | Material:
        """What quarks of the beam meet: the target's main material, or that of the tables."""
        if self.target is not None:
            return main_material(self.target)
        other = self.spectra.partition("-")[2]
        return "p" if other == "pp" else other

    def spectrum(self, meson: str) -> MesonSpectrum:
        """Return the spectrum of a meson, at the energy of its table."""
        found = _spectrum(meson, self.spectra, self.generator)
        if found is None and self.other_mesons is not None:
            found = _spectrum(meson, *self._others())
        if found is None:
            raise InputError(
                f"sources: {self.generator} has no {meson} at {self.spectra}; leave it out or "
                "name another table, other_mesons = 'BEAM:GENERATOR'"
            )
        return found

    def multiplicity_factor(self, meson: str) -> float:
        """Return what the number of a meson is multiplied by, after `multiplicities`."""
        measured = MULTIPLICITIES[self.multiplicities]
        counted = "eta" if meson == "eta'" else meson
        if counted not in measured or counted == "pi0":
            return 1.0
        own = self.spectrum(counted).multiplicity / self.spectrum("pi0").multiplicity
        return float(measured[counted] / measured["pi0"] / own)

    def _others(self) -> tuple[str, str]:
        beam, _, generator = (self.other_mesons or "").partition(":")
        found = _table(beam, generator or "Sibyll23e", "other_mesons")
        energies = beam_energy_of(beam), beam_energy_of(self.spectra)
        if energies[0] != energies[1] or beam.endswith("-pp") != self.collider:
            raise InputError(f"other_mesons = {beam!r}: not the energy of {self.spectra}")
        return beam, found

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each thing that is made, and its source."""
        for source in self.sources:
            if source in MESONS:
                for decay in decays_of(source):
                    yield decay.name, source
            elif source == "drell-yan":
                for quark in DRELL_YAN_QUARKS:
                    yield f"{source} {quark}", source
            else:
                yield source, source


def generators(spectra: str) -> tuple[str, ...]:
    """Return the generators that have tables of a beam.

    Examples
    --------
    >>> generators("400GeV-p")
    ('Pythia6', 'Sibyll23e')
    """
    _check_name("spectra", spectra, spectrum_tables())
    return spectrum_tables()[spectra]


def production_band(production: ProtonProduction) -> dict[str, ProtonProduction]:
    """Return the production by each table of mesons of the same beam: the band of the choice.

    Parameters
    ----------
    production : ProtonProduction
        One choice.

    Returns
    -------
    dict of str to ProtonProduction
        By ``"BEAM:GENERATOR"``, such as ``"400GeV-Mo:UrQMD34"``. Where a table lacks a meson, that
        one is of the production given. With pi0 from an element, the fits that hold at this energy
        are among them.

    Examples
    --------
    >>> list(production_band(ProtonProduction("400GeV-p")))
    ['400GeV-Mo:UrQMD34', '400GeV-p:Pythia6', '400GeV-p:Sibyll23e']
    """
    energy = beam_energy_of(production.spectra)
    own = f"{production.spectra}:{production.generator}"
    tables = dict(spectrum_tables())
    nucleus = production.nucleus
    symbol = nucleus if isinstance(nucleus, str) else nucleus.name
    if symbol in element_names() and "pi0" in production.sources:
        fitted = f"{production.spectra.partition('-')[0]}-{symbol}"
        tables[fitted] = (*tables.get(fitted, ()), *FITS)
    if production.generator in FITS:
        tables[production.spectra] = (*spectrum_tables().get(production.spectra, ()), *FITS)
    found: dict[str, ProtonProduction] = {}
    for beam, made in sorted(tables.items()):
        if beam_energy_of(beam) != energy or beam.endswith("-pp") != production.collider:
            continue
        for generator in made:
            for rest in (own, production.other_mesons):
                try:
                    found[f"{beam}:{generator}"] = replace(
                        production, spectra=beam, generator=generator, other_mesons=rest
                    )
                    break
                except InputError:
                    continue  # a meson is in neither, or the fit does not hold
    return found


def _table(beam: str, generator: str, parameter: str) -> str:
    """Return the name of the generator as its tables have it."""
    for fit in FITS:
        if _plain(generator) == _plain(fit):
            fitted_pions(beam, fit)
            return fit
    _check_name(parameter, beam, spectrum_tables())
    known = spectrum_tables()[beam]
    plain = {_plain(each): each for each in known}
    if _plain(generator) not in plain:
        tail = suggestion(generator, (*known, *FITS))
        raise UnknownNameError(f"no meson spectra of {beam} by {generator!r}, {tail}")
    return plain[_plain(generator)]


def _spectrum(meson: str, beam: str, generator: str) -> MesonSpectrum | None:
    """Return the spectrum of a meson, or None where a table has none."""
    if generator in FITS:
        return fitted_pions(beam, generator) if meson == "pi0" else None
    try:
        return meson_spectrum(meson, beam, generator)
    except UnknownNameError:
        return None


def _plain(name: str) -> str:
    """Return the letters and digits of a name, in lower case."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _check_name(parameter: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise UnknownNameError(f"{parameter}: unknown name {name!r}, {suggestion(name, names)}")
