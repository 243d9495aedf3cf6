"""What vector mediators have in common: dark matter that is charged under them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models.base import Model
from darkbeam.models.dark_channels import DarkChannel
from darkbeam.models.dark_matter import DarkMatter, make_dark_matter
from darkbeam.models.parameters import Parameter, broadcast_check

__all__ = ["VectorPortal"]

FloatArray = NDArray[np.float64]
PERTURBATIVE_ALPHA_D = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class VectorPortal(Model):
    r"""A vector mediator that may couple to dark matter of charge 1.

    Parameters
    ----------
    mass : array_like or str
        Mass of the mediator, GeV or text with a unit.
    alpha_d : array_like
        :math:`e_d^2 / 4\pi`, >= 0. Above 1 the tree level is doubtful: a `DarkbeamWarning`.
    dark_matter : DarkMatter, str or None
        Kind of dark matter, None for a model without.

    Raises
    ------
    ModelError
        On a value out of range or arrays that do not broadcast.
    """

    alpha_d: Parameter = Parameter(
        "dark fine-structure constant e_d^2/(4 pi)", minimum=0.0, inclusive=True, default=0.1
    )
    dark_matter: DarkMatter | None = None

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        if isinstance(self.dark_matter, str):
            object.__setattr__(self, "dark_matter", make_dark_matter(self.dark_matter))
        if not isinstance(self.dark_matter, DarkMatter | None):
            raise ModelError(
                "dark_matter must be ComplexScalar, Dirac, Majorana, PseudoDirac or None, "
                f"got {self.dark_matter!r}"
            )
        sizes: dict[str, ArrayLike] = {p.name: getattr(self, p.name) for p in self.parameters()}
        sizes = {n: v for n, v in sizes.items() if v is not None and not isinstance(v, str)}
        if self.dark_matter is not None:
            sizes["dark matter masses"] = self.dark_matter_masses()[1]
        broadcast_check(sizes)
        if self.dark_matter is not None and np.any(np.asarray(self.alpha_d) > PERTURBATIVE_ALPHA_D):
            warnings.warn(
                f"alpha_d = {np.max(self.alpha_d):g} is above {PERTURBATIVE_ALPHA_D:g}: "
                "tree-level dark widths and cross sections are not reliable there",
                DarkbeamWarning,
                stacklevel=3,
            )

    def dark_matter_masses(self) -> tuple[FloatArray, FloatArray]:
        """Return the masses (GeV) of the two dark particles; ModelError without dark matter."""
        if self.dark_matter is None:
            raise ModelError(f"this {self.name} has no dark matter (dark_matter=None)")
        try:
            return self.dark_matter.masses(self.mass)
        except ValueError:
            raise ModelError(
                f"mass {np.shape(self.mass)} and the dark matter's parameters do not broadcast"
            ) from None

    def dark_channels(self) -> tuple[DarkChannel, ...]:
        """Return the decays to dark matter, for the coupling table."""
        if self.dark_matter is None:
            return ()
        dark_coupling = np.sqrt(4.0 * pi * np.asarray(self.alpha_d))
        return (self.dark_matter.channel(self.mass, dark_coupling),)
