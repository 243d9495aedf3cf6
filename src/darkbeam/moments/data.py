"""Measured anomalous moments against their prediction, by name."""

from __future__ import annotations

from dataclasses import dataclass

from darkbeam.errors import UnknownNameError, suggestion

__all__ = ["MomentData", "moment_data", "moment_data_names"]


@dataclass(frozen=True)
class MomentData:
    r"""What is left of a measured moment after the Standard Model is taken off.

    Parameters
    ----------
    name : str
        Short name.
    lepton : str
        ``"e"``, ``"mu"`` or ``"tau"``.
    value, error : float
        :math:`\Delta a` = experiment - Standard Model and its error (experiment and theory in
        quadrature), without a unit.
    title : str
        Which experiment against which prediction.
    references : tuple of str
        Keys of the bibliography.
    """

    name: str
    lepton: str
    value: float
    error: float
    title: str
    references: tuple[str, ...]

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


_DATA = {
    data.name: data
    for data in (
        MomentData(
            "BNL2006",
            "mu",
            288e-11,
            80e-11,
            "E821 at Brookhaven against the theory of the time, as the Review of Particle "
            "Physics compared them: 116592091(63)e-11 - 116591803(49)e-11",
            ("Muong-2:2006rrc", "Gninenko:2020hbd"),
        ),
        MomentData(
            "FNAL2021",
            "mu",
            251e-11,
            59e-11,
            "E821 and E989 (2021) against the white paper of 2020: "
            "116592061(41)e-11 - 116591810(43)e-11",
            ("Muong-2:2021ojo", "Aoyama:2020ynm"),
        ),
        MomentData(
            "FNAL2023",
            "mu",
            249e-11,
            48e-11,
            "E821 and E989 (2023) against the white paper of 2020: "
            "116592059(22)e-11 - 116591810(43)e-11",
            ("Muong-2:2023cdq", "Aoyama:2020ynm"),
        ),
        MomentData(
            "WP2025",
            "mu",
            38e-11,
            63e-11,
            "all measurements to 2025 against the white paper of 2025: "
            "116592071.5(14.5)e-11 - 116592033(62)e-11",
            ("Muong-2:2025xyk", "Aliberti:2025beg"),
        ),
        MomentData(
            "Cs2018",
            "e",
            -0.88e-12,
            0.36e-12,
            "Harvard 2008 against alpha from caesium (2018): "
            "1159652180.73(28)e-12 - 1159652181.61(23)e-12",
            ("Hanneke:2008tm", "Parker:2018vye"),
        ),
        MomentData(
            "Rb2020",
            "e",
            0.48e-12,
            0.30e-12,
            "Harvard 2008 against alpha from rubidium (2020): "
            "1159652180.73(28)e-12 - 1159652180.25(10)e-12",
            ("Hanneke:2008tm", "Morel:2020dww"),
        ),
        MomentData(
            "Cs2018-NW2023",
            "e",
            -1.02e-12,
            0.26e-12,
            "Northwestern 2023 against alpha from caesium (2018): "
            "1159652180.59(13)e-12 - 1159652181.61(23)e-12",
            ("Fan:2022eto", "Parker:2018vye"),
        ),
        MomentData(
            "Rb2020-NW2023",
            "e",
            0.34e-12,
            0.16e-12,
            "Northwestern 2023 against alpha from rubidium (2020): "
            "1159652180.59(13)e-12 - 1159652180.25(10)e-12",
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
    >>> moment_data("WP2025").value, round(moment_data("FNAL2021").significance, 1)
    (3.8e-10, 4.3)
    """
    found = {known.lower(): data for known, data in _DATA.items()}.get(str(name).lower())
    if found is None:
        raise UnknownNameError(f"unknown data set {name!r}; {suggestion(str(name), _DATA)}")
    return found
