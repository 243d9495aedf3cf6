"""Measured anomalous moments against their prediction, by name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.moments.anomalous import check_lepton

__all__ = ["MomentData", "moment_data", "moment_data_names"]


@dataclass(frozen=True)
class MomentData:
    r"""What is left of a measured moment after the Standard Model is taken off.

    Parameters
    ----------
    name : str
        Short name.
    lepton : {"mu", "e", "tau"}
        Whose moment.
    value, error : float
        :math:`\Delta a` = experiment - Standard Model and its error (experiment and theory in
        quadrature), without a unit, as published.
    experiment, prediction : (float, float), optional
        The measured moment a and that of the Standard Model, each with its error.
    title : str
        Which experiment against which prediction.
    references : tuple of str
        Keys of the bibliography.

    Raises
    ------
    InputError
        If the value is not finite, the error not positive.
    UnknownNameError
        On another lepton.

    Examples
    --------
    Data of one's own:

    >>> MomentData("mine", "mu", value=1.2e-9, error=0.3e-9).significance
    4.0
    """

    name: str
    lepton: str
    value: float
    error: float
    experiment: tuple[float, float] | None = None
    prediction: tuple[float, float] | None = None
    title: str = ""
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no measurement."""
        check_lepton(self.lepton)
        if not math.isfinite(self.value):
            raise InputError(f"value of {self.name} must be finite, got {self.value!r}")
        if not (math.isfinite(self.error) and self.error > 0.0):
            raise InputError(f"error of {self.name} must be finite and > 0, got {self.error!r}")

    @property
    def significance(self) -> float:
        """Distance from the Standard Model in standard deviations, with its sign."""
        return self.value / self.error

    def upper(self, sigma: float) -> float:
        """Return the value `sigma` errors above."""
        return self.value + sigma * self.error

    def lower(self, sigma: float) -> float:
        """Return the value `sigma` errors below."""
        return self.value - sigma * self.error


_E821 = (116592091e-11, 63e-11)  # hep-ex/0602035, with a later ratio of magnetic moments
_WHITE_PAPER_2020 = (116591810e-11, 43e-11)
_HARVARD = (1159652180.73e-12, 0.28e-12)
_NORTHWESTERN = (1159652180.59e-12, 0.13e-12)
_CAESIUM = (1159652181.61e-12, 0.23e-12)
_RUBIDIUM = (1159652180.252e-12, 0.095e-12)

_DATA = {
    data.name: data
    for data in (
        MomentData(
            "BNL2006",
            "mu",
            288e-11,
            80e-11,
            _E821,
            (116591803e-11, 49e-11),
            "E821 at Brookhaven against the theory of the time, as the Review of Particle "
            "Physics compared them",
            ("Muong-2:2006rrc", "Gninenko:2020hbd"),
        ),
        MomentData(
            "FNAL2021",
            "mu",
            251e-11,
            59e-11,
            (116592061e-11, 41e-11),
            _WHITE_PAPER_2020,
            "E821 and E989 (2021) against the white paper of 2020",
            ("Muong-2:2021ojo", "Aoyama:2020ynm"),
        ),
        MomentData(
            "FNAL2023",
            "mu",
            249e-11,
            48e-11,
            (116592059e-11, 22e-11),
            _WHITE_PAPER_2020,
            "E821 and E989 (2023) against the white paper of 2020",
            ("Muong-2:2023cdq", "Aoyama:2020ynm"),
        ),
        MomentData(
            "WP2025",
            "mu",
            38e-11,
            63e-11,
            (116592071.5e-11, 14.5e-11),
            (116592033e-11, 62e-11),
            "all measurements to 2025 against the white paper of 2025",
            ("Muong-2:2025xyk", "Aliberti:2025beg"),
        ),
        MomentData(
            "Cs2018",
            "e",
            -0.88e-12,
            0.36e-12,
            _HARVARD,
            _CAESIUM,
            "Harvard 2008 against alpha from caesium (2018)",
            ("Hanneke:2008tm", "Parker:2018vye"),
        ),
        MomentData(
            "Rb2020",
            "e",
            0.48e-12,
            0.30e-12,
            _HARVARD,
            _RUBIDIUM,
            "Harvard 2008 against alpha from rubidium (2020)",
            ("Hanneke:2008tm", "Morel:2020dww"),
        ),
        MomentData(
            "Cs2018-NW2023",
            "e",
            -1.02e-12,
            0.26e-12,
            _NORTHWESTERN,
            _CAESIUM,
            "Northwestern 2023 against alpha from caesium (2018)",
            ("Fan:2022eto", "Parker:2018vye"),
        ),
        MomentData(
            "Rb2020-NW2023",
            "e",
            0.34e-12,
            0.16e-12,
            _NORTHWESTERN,
            _RUBIDIUM,
            "Northwestern 2023 against alpha from rubidium (2020)",
            ("Fan:2022eto", "Morel:2020dww"),
        ),
    )
}


def moment_data_names(lepton: str | None = None) -> tuple[str, ...]:
    """Return the names that `moment_data` knows, all or those of one lepton."""
    return tuple(name for name, data in _DATA.items() if lepton in (None, data.lepton))


def moment_data(name: str) -> MomentData:
    """Return a data set by its name.

    Parameters
    ----------
    name : str
        One of `moment_data_names`, such as ``"FNAL2021"``; capitals do not matter.

    Raises
    ------
    UnknownNameError
        On another name, with the near match.

    Examples
    --------
    >>> data = moment_data("FNAL2021")
    >>> data.value, data.error, round(data.significance, 1), data.prediction
    (2.51e-09, 5.9e-10, 4.3, (0.0011659181, 4.3e-10))
    """
    found = {known.lower(): data for known, data in _DATA.items()}.get(str(name).lower())
    if found is None:
        raise UnknownNameError(f"unknown data set {name!r}; {suggestion(str(name), _DATA)}")
    return found
