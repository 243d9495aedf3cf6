r"""Regions within reach of a beam dump by the recipe of `dimensionless_rate`, for any model.

All couplings of a model without a mixing of its own go with its first one, g: production with
:math:`g^2`, every width too. So R-bar at any g follows from the couplings and widths of one, which
are computed once for each mass.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.decays.widths import widths
from darkbeam.errors import InputError
from darkbeam.experiments.connected_regions import Region
from darkbeam.experiments.displaced.dimensionless_rate import (
    Dump,
    dimensionless_rate,
    excluded_regions,
)
from darkbeam.models.base import Model

__all__ = ["CrossSection", "ScalingRate", "recipe_regions"]

FloatArray = NDArray[np.float64]
CrossSection = Callable[[FloatArray], FloatArray]

_UNIT = 1e-6  # a coupling that any model may have
_EQUAL = 1e-9


class ScalingRate:
    """R-bar of couplings and masses for a model whose couplings all go with its first one.

    Parameters
    ----------
    model : Model
        Its mass and first coupling are replaced; all else is kept.
    dump : Dump
        Lengths and beam.
    momentum : float, optional
        Of all mediators, GeV; half the energy of the beam by default.
    relative_cross_section : callable, optional
        Of masses (GeV): production at equal coupling to the proton, over that at the mass of
        the normalisation; 1 by default.

    Examples
    --------
    >>> from darkbeam.experiments.displaced.dimensionless_rate import DUMPS
    >>> from darkbeam.models import DarkPhoton
    >>> rate = ScalingRate(DarkPhoton(mass=0.1, dark_matter=None), DUMPS["SHiP"])
    >>> print(f"{rate(5.28e-8, 0.1):.3g}")
    2.2e-20
    """

    def __init__(
        self,
        model: Model,
        dump: Dump,
        *,
        momentum: float | None = None,
        relative_cross_section: CrossSection | None = None,
    ) -> None:
        """Keep what R-bar is of; nothing is computed yet."""
        self._model = model
        self._dump = dump
        self._momentum = dump.momentum if momentum is None else momentum
        self._cross_section = relative_cross_section
        # by mass: coupling to the proton, visible and invisible width, relative cross section
        self._known: dict[float, tuple[float, ...]] = {}

    def __call__(self, coupling: ArrayLike, mass: ArrayLike) -> FloatArray:
        """Return R-bar, in the shape that couplings and masses (GeV) broadcast to.

        Raises
        ------
        InputError
            Not all couplings of the model go with its first one.
        """
        masses = np.asarray(mass, dtype=np.float64)
        distinct, inverse = np.unique(masses, return_inverse=True)
        self._prepare(np.array([m for m in distinct if float(m) not in self._known]))
        at_unit = np.array([self._known[float(m)] for m in distinct])
        proton, visible, invisible, made = (
            column[inverse].reshape(masses.shape) for column in at_unit.T
        )
        scale = np.asarray(coupling, dtype=np.float64) / _UNIT
        return dimensionless_rate(
            scale * proton,
            scale**2 * visible,
            scale**2 * invisible,
            masses,
            self._momentum,
            self._dump.shield,
            self._dump.decay,
            relative_cross_section=made,
        )

    def _prepare(self, masses: FloatArray) -> None:
        if not masses.size:
            return
        proton, visible, invisible = self._at(_UNIT, masses)
        for one, twice, power in zip(
            (proton, visible, invisible), self._at(2.0 * _UNIT, masses), (2, 4, 4), strict=True
        ):
            if not np.allclose(power * one, twice, rtol=_EQUAL, atol=0.0):
                raise InputError(
                    f"model: not all couplings of {self._model.name} go with "
                    f"{self._model.coupling_name}; set its other mixing to 0"
                )
        made = np.ones(masses.shape)
        if self._cross_section is not None:
            made = np.asarray(self._cross_section(masses), dtype=np.float64)
        for mass, *values in zip(masses, proton, visible, invisible, made, strict=True):
            self._known[float(mass)] = tuple(float(value) for value in values)

    def _at(self, coupling: float, masses: FloatArray) -> tuple[FloatArray, ...]:
        table = self._model.replace(mass=masses).with_coupling(coupling).couplings()
        found = widths(table)
        proton = np.broadcast_to(table.nucleon_vector("p"), masses.shape)
        return proton, found.visible, found.invisible


def recipe_regions(
    model: Model,
    dump: Dump,
    level: float,
    mass: ArrayLike,
    *,
    momentum: float | None = None,
    relative_cross_section: CrossSection | None = None,
) -> tuple[Region, ...]:
    """Return the regions of mass and coupling in which a model's R-bar is above a level.

    Parameters
    ----------
    model, dump, momentum, relative_cross_section
        As of `ScalingRate`.
    level : float
        Such as `darkbeam.experiments.displaced.dimensionless_rate.normalised_level`, of the same
        momentum.
    mass : array_like
        Masses to begin with, GeV, as of
        `darkbeam.experiments.connected_regions.connected_regions`.

    Raises
    ------
    InputError
        As `ScalingRate` and `excluded_regions`.
    """
    rate = ScalingRate(
        model, dump, momentum=momentum, relative_cross_section=relative_cross_section
    )
    return excluded_regions(rate, level, mass, largest=model.largest_coupling())
