"""Fields that carry a dark charge, and the field content of the papers' dark sectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import pi

import numpy as np

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.dark_matter import DarkMatter
from darkbeam.models.parameters import Choice, Parameter, Parameterised

__all__ = ["ChargedField", "FieldContent", "dark_sector_content", "dark_sector_names"]

_WEIGHTS = {
    "dirac": 1.0,
    "weyl": 0.5,
    "majorana": 0.5,
    "complex-scalar": 0.25,
    "real-scalar": 0.125,
}
_TWO_LOOP_WEIGHTS = {
    "dirac": 1.0,
    "weyl": 0.5,
    "majorana": 0.5,
    "complex-scalar": 1.0,
    "real-scalar": 0.5,
}
_FERMIONS = ("dirac", "weyl", "majorana")


@dataclass(frozen=True, eq=False)
class ChargedField(Parameterised):
    """A field with a dark charge.

    Parameters
    ----------
    kind : {"dirac", "weyl", "majorana", "complex-scalar", "real-scalar"}
        A Weyl fermion is left-handed; so is what becomes a Majorana fermion when the symmetry is
        broken. A real scalar is one of the two components of a complex one.
    charge : float
        In units of the dark matter's; the sign matters for anomalies only.
    number : int
        How many such fields there are.
    mass : float or str
        Scale from which on the field runs, GeV or text with a unit; 0 for everywhere.

    Raises
    ------
    ModelError
        On a value out of range; all are single numbers.
    """

    kind: Choice = Choice("kind of field", options=tuple(_WEIGHTS), default="dirac")
    charge: Parameter = Parameter("dark charge", default=1.0)
    number: Parameter = Parameter("number of such fields", minimum=1.0, inclusive=True, default=1.0)
    mass: Parameter = Parameter(
        "mass, from which on the field runs", unit="GeV", minimum=0.0, inclusive=True, default=0.0
    )

    def __post_init__(self) -> None:
        """Refuse arrays and fractions of a field."""
        for name in ("charge", "number", "mass"):
            if np.ndim(getattr(self, name)):
                raise ModelError(f"{name} of a field must be one number, got an array")
        if self.number != round(self.number):
            raise ModelError(f"number of fields must be an integer >= 1, got {self.number:g}")

    @property
    def beta_coefficient(self) -> float:
        r"""What the field adds to :math:`b` of :math:`\beta = b\,\alpha_d^2`, above its mass."""
        return float(2.0 / (3.0 * pi) * _WEIGHTS[str(self.kind)] * self.number * self.charge**2)

    @property
    def two_loop_coefficient(self) -> float:
        r"""What the field adds to :math:`c` of :math:`\beta = b\,\alpha_d^2 + c\,\alpha_d^3`."""
        weight = _TWO_LOOP_WEIGHTS[str(self.kind)]
        return float(weight * self.number * self.charge**4 / (2.0 * pi**2))


@dataclass(frozen=True)
class FieldContent:
    """The fields of a dark sector that carry its charge.

    Parameters
    ----------
    fields : iterable of ChargedField
        None of them: the coupling does not run.

    Examples
    --------
    >>> content = FieldContent([ChargedField("dirac"), ChargedField("complex-scalar", charge=2)])
    >>> round(content.beta_coefficient() * 3 * pi, 12)  # S1: beta = 4 alpha_d^2 / (3 pi)
    4.0
    """

    fields: tuple[ChargedField, ...]

    def __init__(self, fields: Iterable[ChargedField] = ()) -> None:
        """Keep the fields as a tuple."""
        object.__setattr__(self, "fields", tuple(fields))
        for each in self.fields:
            if not isinstance(each, ChargedField):
                raise ModelError(f"fields must be ChargedField objects, got {each!r}")

    def beta_coefficient(self, scale: float = np.inf) -> float:
        r"""Return :math:`b` of :math:`\beta = b\,\alpha_d^2` at a scale, GeV (S1 eq. 11)."""
        return sum(f.beta_coefficient for f in self.fields if f.mass <= scale)

    def anomalies(self) -> tuple[float, float]:
        """Return the sums of Q^3 and of Q over left-handed fermions: U(1)^3, gravity; 0 if free."""
        chiral = [f for f in self.fields if f.kind in _FERMIONS and f.kind != "dirac"]
        return (
            float(sum(f.number * f.charge**3 for f in chiral)),
            float(sum(f.number * f.charge for f in chiral)),
        )


_FERMION_PAIR = (ChargedField("majorana", charge=1), ChargedField("majorana", charge=-1))
_DARK_SECTORS = {
    "scalar": FieldContent([ChargedField("complex-scalar", number=2)]),
    "dirac": FieldContent([ChargedField("dirac"), ChargedField("complex-scalar")]),
    "majorana": FieldContent([*_FERMION_PAIR, ChargedField("complex-scalar", charge=2)]),
    "pseudo-dirac": FieldContent([ChargedField("dirac"), ChargedField("complex-scalar", charge=2)]),
}


def dark_sector_names() -> tuple[str, ...]:
    """Return the names of the dark sectors that `dark_sector_content` knows."""
    return tuple(_DARK_SECTORS)


def dark_sector_content(dark_matter: str | DarkMatter) -> FieldContent:
    r"""Return the charged fields of a dark sector: dark matter and the Higgs field of the A'.

    ================ ======================================================= ==================
    dark matter      fields (charge)                                         :math:`b`
    ================ ======================================================= ==================
    ``scalar``       complex scalar (1), Higgs (1)                           :math:`1/3\pi`
    ``dirac``        Dirac (1), Higgs (1): S1 eqs. 3, 6                      :math:`5/6\pi`
    ``pseudo-dirac`` Dirac (1), Higgs (2), whose vacuum value splits it      :math:`4/3\pi`
    ``majorana``     Weyl (1), Weyl (-1) against the anomalies, Higgs (2)    :math:`4/3\pi`
    ================ ======================================================= ==================

    S1 (arXiv:2003.07257) sec. 2.2; the Dirac fermion is not in its list.

    Parameters
    ----------
    dark_matter : str or DarkMatter
        One of `dark_sector_names`, or dark matter of such a name.

    Raises
    ------
    UnknownNameError
        On a name that is not a dark matter of a vector mediator, with the near match.
    """
    name = dark_matter.name if isinstance(dark_matter, DarkMatter) else dark_matter
    if not isinstance(name, str) or name.lower() not in _DARK_SECTORS:
        raise UnknownNameError(
            f"no dark sector with a charge for dark matter {name!r}; "
            f"{suggestion(str(name), _DARK_SECTORS)}"
        )
    return _DARK_SECTORS[name.lower()]
