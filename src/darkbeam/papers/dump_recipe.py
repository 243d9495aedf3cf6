"""Curves of beam dumps as figures of S2 show them: by its recipe, and by the full yield."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import DarkbeamWarning
from darkbeam.papers.framework import Curve, Steps
from darkbeam.results import stamp

if TYPE_CHECKING:
    import xarray as xr

    from darkbeam.experiments import Combination, Experiment
    from darkbeam.models import Model

__all__ = [
    "FULL",
    "KEYS",
    "RATIOS",
    "RECIPE",
    "full_curve",
    "muonic",
    "ratio_text",
    "reach_regions",
    "recipe_curve",
    "relative_production",
]

FloatArray = NDArray[np.float64]

RECIPE = (
    "recipe of S2 sec. 3: all mediators have half the momentum of the beam and fly along the "
    "axis; the level of R-bar is that of one published point of the dark photon's lower edge, at "
    "100 MeV: epsilon = 5.28e-8 (SHiP, quoted by S2), 3.54e-7 (SeaQuest, phase I), 3.52e-7 "
    "(FASER 2)",
    "sigma(m)/sigma(100 MeV) is computed: SHiP with proton bremsstrahlung alone, of Bluemlein and "
    "Brunner, dipole form factor, as S2 takes it from SHiP; SeaQuest and FASER with decays of "
    "mesons and bremsstrahlung",
)
"""Conventions of the curves of the recipe."""

FULL = (
    "full yields: the experiments of the package, with all sources, spectra, the places of "
    "production and decay, and the daughters in the detector; 90 % C.L. without background",
)
"""Convention of the curves that stand beside them."""

KEYS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("recipe of S2", {"color": "0.4", "linestyle": "-"}),
    ("full yield", {"color": "0.4", "linestyle": "--"}),
)
"""Entries of legends that tell both apart."""

RATIOS = (0.0, 0.2, 2.0)
"""g_nu/g_mu in S2 figs. 3.2, 3.3."""

_REFERENCES = {
    "SHiP": ("Coy:2021wfs", "Ahdida:2020new"),
    "SeaQuest": ("Coy:2021wfs", "Berlin:2018pwi", "Kling:2021fwx"),
    "FASER": ("Coy:2021wfs", "Ariga:2018uku", "Kling:2021fwx"),
}
_EXPERIMENTS = {"SHiP": "SHiP", "SeaQuest": "SeaQuest", "FASER": "FASER2"}
# The full yield needs a simulation at each mass.
_NEAR_THRESHOLD, _FEW_NEAR_THRESHOLD = 28, 8
_SPECTRA = {"SeaQuest": "120GeV-p", "FASER": "13.6TeV-pp"}


def muonic(nu_ratio: float) -> Model:
    """Return the Z' of S2: a vector of muons and their neutrinos, the rest by eq. 2.12."""
    from darkbeam.models import MuonicZPrime

    return MuonicZPrime(mass=0.1, nu_ratio=nu_ratio, mixing="constant")


def ratio_text(nu_ratio: float) -> str:
    """Return the ratio of couplings for a legend."""
    return rf"$g_\nu/g_\mu = {nu_ratio:g}$"


def relative_production(name: str, mass: ArrayLike) -> FloatArray:
    """Return how many mediators are made at equal coupling, over how many at 100 MeV.

    Parameters
    ----------
    name : {"SHiP", "SeaQuest", "FASER"}
        See `RECIPE`.
    mass : array_like
        GeV.
    """
    masses = np.atleast_1d(np.asarray(mass, dtype=np.float64))
    made = _production(name, np.append(masses, 0.1))
    return np.asarray(made[:-1] / made[-1]).reshape(np.shape(mass))


def _production(name: str, mass: FloatArray) -> FloatArray:
    """Return mediators of the mixing with the photon, at mixing 1, per interaction."""
    from darkbeam.experiments.displaced.dimensionless_rate import DUMPS
    from darkbeam.models import DarkPhoton
    from darkbeam.production.meson_spectra import MESONS, meson_spectrum
    from darkbeam.production.proton_brem import proton_brem_yield
    from darkbeam.production.proton_sources import source_rates

    table = DarkPhoton(mass=mass, epsilon=1.0, dark_matter=None).couplings()
    energy = DUMPS[name].beam_energy
    if name == "SHiP":
        return proton_brem_yield(
            table, energy, splitting="blumlein-brunner", window="fairship", form_factor="dipole"
        )
    spectra = {meson: meson_spectrum(meson, _SPECTRA[name]) for meson in MESONS}
    # mixing with rho and omega is in the form factor of bremsstrahlung already
    decays = [n for source, n in source_rates(table, spectra).items() if "mixing" not in source]
    return np.asarray(np.sum(decays, axis=0) + proton_brem_yield(table, energy))


def recipe_curve(
    label: str,
    name: str,
    model: Model,
    mass: FloatArray,
    steps: Steps,
    *,
    text: str = "",
    momentum: float | None = None,
    **style: Any,
) -> Curve:
    """Return the regions within reach of a dump.

    Parameters
    ----------
    label, text
        Name of the curve, and its text in the legend.
    name : {"SHiP", "SeaQuest", "FASER"}
        The dump.
    model : Model
        Its mass and first coupling are scanned.
    mass : ndarray
        Masses to begin with, GeV.
    steps : Steps
        The progress.
    momentum : float, optional
        Of the mediators, GeV; half the energy of the beam by default.
    **style
        Of the line.
    """
    from darkbeam.experiments.connected_regions import regions_dataset
    from darkbeam.experiments.displaced.dimensionless_rate import ANCHORS, DUMPS, normalised_level
    from darkbeam.experiments.displaced.recipe_regions import recipe_regions

    steps.part()
    dump = DUMPS[name]
    chosen = dump.momentum if momentum is None else momentum
    level = float(normalised_level(dump, ANCHORS[name], momentum=chosen))
    regions = recipe_regions(
        model,
        dump,
        level,
        _with_threshold(mass, _NEAR_THRESHOLD),
        momentum=chosen,
        relative_cross_section=lambda m: relative_production(name, m),
    )
    data = stamp(
        regions_dataset(regions),
        experiment=name,
        projection=True,
        method="dimensionless rate R-bar, one momentum on the axis",
        momentum_GeV=chosen,
        shield_m=dump.shield,
        decay_m=dump.decay,
        level=level,
        anchor_mass_GeV=ANCHORS[name][0],
        anchor_epsilon=ANCHORS[name][1],
        model=model.name,
        model_parameters=repr(model.replace(mass=1.0)),
        coupling=model.coupling_name,
        references=",".join(dict.fromkeys((*_REFERENCES[name], *model.references))),
    )
    return Curve(label, data, text, style)


def full_curve(
    label: str,
    name: str,
    model: Model,
    mass: FloatArray,
    steps: Steps,
    *,
    text: str = "",
    sources: str | None = None,
    **style: Any,
) -> Curve:
    """Return the regions within reach of an experiment by its full yield.

    Parameters
    ----------
    label, text, name, model, steps
        As of `recipe_curve`.
    mass : ndarray
        Masses to begin with, GeV; every second is used.
    sources : str, optional
        Those that make mediators, such as ``"bremsstrahlung"``; all by default.
    **style
        Of the line.
    """
    from darkbeam.experiments import experiment

    steps.part()
    given = {} if sources is None else {"processes": sources}
    some = _with_threshold(np.union1d(mass[::2], mass[-1:]), _FEW_NEAR_THRESHOLD)
    data = reach_regions(experiment(_EXPERIMENTS[name], **given), model, some)
    return Curve(label, data, text, style)


def reach_regions(
    found: Experiment | Combination, model: Model, mass: FloatArray, accuracy: float = 0.03
) -> xr.Dataset:
    """Return the reach of an experiment as connected regions.

    Parameters
    ----------
    found : Experiment or Combination
        The experiment, or several together.
    model : Model
        Its mass and first coupling are scanned.
    mass : ndarray
        Masses to begin with, GeV.
    accuracy : float
        Relative, of the masses at which regions end.
    """
    from darkbeam.experiments.connected_regions import connected_regions, regions_dataset

    attributes: dict[str, Any] = {}

    def intervals(masses: FloatArray) -> tuple[FloatArray, FloatArray]:
        with warnings.catch_warnings():
            # where nothing is seen is seen in the figure
            warnings.simplefilter("ignore", DarkbeamWarning)
            reach = found.reach(model, masses)
        attributes.update(reach.attrs)
        lower, upper = (
            reach[edge].values.reshape(masses.size, -1) for edge in ("coupling_lo", "coupling_hi")
        )
        return lower, upper

    regions = connected_regions(intervals, mass, accuracy=accuracy)
    return regions_dataset(regions).assign_attrs(attributes)


def _with_threshold(mass: FloatArray, number: int) -> FloatArray:
    """Return masses, and more of them just above twice the mass of the muon.

    At 1e-10 above it muons have already as much of the width as electrons.
    """
    from darkbeam.constants import MUON_MASS

    threshold = 2.0 * MUON_MASS * (1.0 + np.geomspace(1e-12, 1e-3, number))
    return np.union1d(mass, threshold[(threshold > mass[0]) & (threshold < mass[-1])])
