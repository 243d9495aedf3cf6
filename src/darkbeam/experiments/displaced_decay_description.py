"""The description of a dump with a decay volume behind it: a file of a displaced-decay search."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.experiments.description import (
    Energy,
    EnergyOrZero,
    ExperimentDescription,
    Layers,
    Positive,
)
from darkbeam.geometry import Geometry
from darkbeam.matter import LayeredMaterial
from darkbeam.production.nucleon_form_factors import OFF_SHELL_CUTOFF, FormFactorName
from darkbeam.production.proton_dump import ProtonProduction, production_band
from darkbeam.toml_files import EntryError, Table

__all__ = [
    "DAUGHTERS",
    "DisplacedDecayDescription",
    "DisplacedSelection",
    "Production",
    "ProductionTarget",
    "with_generator",
]

DAUGHTERS: dict[str, tuple[str, str]] = {
    "e_e": ("e-", "e+"),
    "mu_mu": ("mu-", "mu+"),
    "tau_tau": ("tau-", "tau+"),
    "e_mu": ("e-", "mu+"),
    "gamma_gamma": ("gamma", "gamma"),
    "hadrons": ("pi-", "pi+"),
}
"""Final states that can be seen, and the two particles as which each is followed."""


def _known_states(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in DAUGHTERS:
            raise InputError(f"final_states: no {name!r}; {suggestion(name, list(DAUGHTERS))}")
    if len(set(names)) < len(names):
        raise InputError("final_states: each may stand there once")
    return names


FinalStates = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_known_states)]


class ProductionTarget(Table):
    """[target]: what the beam makes mediators in, by its layers, from z = 0."""

    layers: Layers

    def target(self) -> LayeredMaterial:
        """Return the target."""
        return LayeredMaterial([(m, 1e3 * t) for m, t in self.layers])

    @property
    def length(self) -> float:
        """Thickness of all layers, m."""
        return float(sum(t for _, t in self.layers))


class Production(Table):
    """[production]: how a beam of protons makes mediators.

    The entries are those of `darkbeam.production.proton_dump.ProtonProduction`.
    """

    sources: tuple[str, ...] = Field(min_length=1)
    spectra: str
    generator: str = "Sibyll23e"
    other_mesons: str | None = None
    splitting: str = "quasi-real"
    window: str = "forward"
    form_factor: FormFactorName = "vmd"
    cutoff: Positive = OFF_SHELL_CUTOFF
    cross_section: str = "total"
    multiplicities: str = "generator"

    @model_validator(mode="after")
    def _known(self) -> Production:
        self.of_target(None)
        return self

    def of_target(self, target: LayeredMaterial | None) -> ProtonProduction:
        """Return the production in a target, or for None in the collisions of a collider."""
        return ProtonProduction(**dict(self), target=target)


class DisplacedSelection(Table):
    """[selection]: what all that is seen of a decay must have in sum."""

    energy_min: EnergyOrZero = 0.0
    energy_max: Energy | None = None

    @model_validator(mode="after")
    def _in_order(self) -> DisplacedSelection:
        if self.energy_max is not None and self.energy_max <= self.energy_min:
            raise EntryError(("energy_max",), f"must lie above {self.energy_min:g} GeV, energy_min")
        return self

    def accepts(self, energy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which mediators have an energy (GeV) that is selected."""
        above = energy >= self.energy_min
        return above if self.energy_max is None else above & (energy <= self.energy_max)


class DisplacedDecayDescription(ExperimentDescription, Geometry):
    """A whole file with ``signature = "displaced_decay"``."""

    signature: Literal["displaced_decay"]
    final_states: FinalStates = ("e_e", "mu_mu", "hadrons")
    production_target: ProductionTarget | None = Field(default=None, alias="target")
    production: Production | None = None
    selection: DisplacedSelection = Field(default_factory=DisplacedSelection)

    @model_validator(mode="after")
    def _possible(self) -> DisplacedDecayDescription:
        beam = self.beam.beam()
        if beam.lepton != "e" and self.beam.particle != "p":
            raise EntryError(
                ("beam", "particle"),
                f"particle = {self.beam.particle!r}: a dump takes e-, e+ or p",
            )
        if (self.production is None) == (self.beam.particle == "p"):
            missing = "a beam of protons needs it" if self.production is None else "is for protons"
            raise EntryError(("production",), missing)
        if self.collider == (self.production_target is not None):
            wrong = "a collider has none" if self.collider else "is missing"
            raise EntryError(("target",), wrong)
        if self.selection.energy_min >= self.beam.energy:
            raise EntryError(("selection", "energy_min"), "must lie below the beam's energy")
        return self

    @property
    def collider(self) -> bool:
        """Whether protons meet protons of the opposite momentum instead of a target."""
        return self.production is not None and self.production.of_target(None).collider

    @property
    def geometry(self) -> Geometry:
        """Dump, decay volume and detector."""
        return self

    def target(self) -> LayeredMaterial:
        """Return what the beam makes mediators in; for a collider, hydrogen."""
        if self.production_target is None:
            return LayeredMaterial([("H", 1.0)])
        return self.production_target.target()

    @property
    def escape_length(self) -> float:
        """From the front of the target to the end of the decay volume, m."""
        return self.decay_volume.end


def with_generator(description: ExperimentDescription, generator: str) -> ExperimentDescription:
    """Return a dump of protons with the mesons of another generator.

    Parameters
    ----------
    description : ExperimentDescription
        The experiment.
    generator : str
        One that has tables of its beam, as `darkbeam.production.proton_dump.generators` tells; or
        ``"BEAM:GENERATOR"`` for the tables of another target.

    Raises
    ------
    InputError
        The experiment has no mesons.
    UnknownNameError
        There is no such table.
    """
    if not isinstance(description, DisplacedDecayDescription) or description.production is None:
        raise InputError(f"generator: {description.name} has no beam of protons that makes mesons")
    production = description.production
    band = production_band(production.of_target(None))
    beam, _, name = generator.rpartition(":")
    wanted = f"{beam or production.spectra}:{name}".lower()
    for key, made in band.items():
        if key.lower().replace(".", "") == wanted.replace(".", ""):
            changes = {
                "spectra": made.spectra,
                "generator": made.generator,
                "other_mesons": made.other_mesons,
            }
            return description.model_copy(
                update={"production": production.model_copy(update=changes)}
            )
    raise UnknownNameError(f"generator: no {generator!r}; {suggestion(generator, list(band))}")
