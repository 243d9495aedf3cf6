"""A model from a list of charges, without a class of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from darkbeam.models.charges import Charges
from darkbeam.models.couplings import CouplingTable
from darkbeam.models.dark_matter import Mediator, dark_matter_names
from darkbeam.models.dark_sector import Portal
from darkbeam.models.parameters import Parameter

__all__ = ["CustomModel"]


@dataclass(frozen=True, eq=False)
class CustomModel(Portal):
    r"""A vector or scalar mediator whose couplings are `g` times given charges.

    Parameters
    ----------
    mass : array_like or str
        Mass of the mediator, GeV or text with a unit.
    g : array_like
        The coupling that limits are set on, >= 0.
    fermions : mapping
        ``"mu"``, ``"e mu"`` or ``("e", "mu")`` -> the coupling in units of `g`: a number, a mapping
        such as ``{"left": 1, "right": 0.5}``, or a `Coupling`; see `darkbeam.models.Charges`.
    spin : {1, 0}
        Vector or scalar.
    self_conjugate : bool
        False for a complex scalar: then (e, mu) and (mu, e) are independent, and dark matter comes
        in pairs.
    alpha_d, dark_matter
        Coupling to dark matter squared over 4 pi, and its kind; without dark matter by default.

    Raises
    ------
    ModelError
        On a value out of range, or on couplings that no such mediator can have.

    Examples
    --------
    >>> model = CustomModel(mass=0.1, g=1e-3, fermions={"e": -1, "nu_e": -1})
    >>> float(model.couplings().vector("e")), float(model.couplings().vector("nu_e"))
    (-0.001, -0.0005)
    >>> axion_like = CustomModel(mass=0.1, fermions={"e": {"pseudoscalar": 1}}, spin=0)
    >>> float(axion_like.couplings().pseudoscalar("e"))
    0.001
    """

    name: ClassVar[str] = "custom"
    title: ClassVar[str] = "mediator with the couplings that were given"
    lagrangian: ClassVar[str] = (
        "g X_mu sum_ij fbar_i gamma^mu (V_ij + A_ij gamma5) f_j"
        " or -g phi sum_ij fbar_i (S_ij + i P_ij gamma5) f_j"
    )
    coupling_name: ClassVar[str] = "g"

    g: Parameter = Parameter("coupling constant", minimum=0.0, inclusive=True, default=1e-3)
    fermions: Mapping[Any, Any] = field(kw_only=True)
    spin: int = field(default=1, kw_only=True)
    self_conjugate: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        """Bring the charges into one form and check what involves several parameters."""
        charges = Charges(self.fermions, self.spin, self_conjugate=self.self_conjugate)
        object.__setattr__(self, "fermions", charges)
        super().__post_init__()
        self.couplings()  # arrays among the charges must broadcast

    @classmethod
    def dark_matter_kinds(cls) -> tuple[str, ...]:
        """Return the names of the dark matter that a mediator of some spin may couple to."""
        return dark_matter_names()

    def mediator_kind(self) -> Mediator:
        """Return what the mediator is to its dark matter."""
        return self._charges.mediator

    @property
    def _charges(self) -> Charges:
        return cast(Charges, self.fermions)

    def couplings(self) -> CouplingTable:
        """Return the coupling table: g times the charges, and the dark channel."""
        return CouplingTable(
            mass=self.mass,
            fermions=self._charges.times(self.g),
            spin=self.spin,
            dark=self.dark_channels(),
            self_conjugate=self.self_conjugate,
        )
