r"""How the dark coupling :math:`\alpha_d` runs, and where it has its Landau pole.

At one loop every field of charge :math:`Q` that is lighter than the scale :math:`\mu` adds to

.. math::

   \mu \frac{d\alpha_d}{d\mu} = \beta = b\,\alpha_d^2 ,\qquad
   b = \frac{2}{3\pi} \sum_i w_i\, n_i\, Q_i^2

with :math:`w` = 1 for a Dirac fermion, 1/2 for a Weyl or a Majorana fermion, 1/4 for a complex
scalar, 1/8 for a real component of one: S1 (arXiv:2003.07257) eq. 11. So :math:`1/\alpha_d` falls
linearly in :math:`\ln\mu`, and the pole is where it vanishes. Fields with a mass join at it;
matching there is continuous. Left out are two loops, about :math:`3\alpha_d/4\pi` of a Dirac
fermion's and :math:`3\alpha_d/\pi` of a scalar's contribution, and Yukawa and quartic couplings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.dark_matter import DarkMatter
from darkbeam.models.parameters import Choice, Parameter, Parameterised

__all__ = [
    "ChargedField",
    "FieldContent",
    "dark_sector_content",
    "dark_sector_names",
    "landau_pole",
    "largest_alpha_d",
    "running_alpha_d",
]

FloatArray = NDArray[np.float64]

_WEIGHTS = {
    "dirac": 1.0,
    "weyl": 0.5,
    "majorana": 0.5,
    "complex-scalar": 0.25,
    "real-scalar": 0.125,
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


def running_alpha_d(
    alpha_d: ArrayLike, content: FieldContent | DarkMatter | str, scale: ArrayLike, at: ArrayLike
) -> FloatArray:
    r"""Return the dark coupling at another scale.

    .. math::

       \frac{1}{\alpha_d(\mu)} = \frac{1}{\alpha_d(\mu_0)}
           - \sum_i b_i \ln\frac{\max(\mu, m_i)}{\max(\mu_0, m_i)}

    Parameters
    ----------
    alpha_d : array_like
        The coupling at `scale`, >= 0.
    content : FieldContent, DarkMatter or str
        The charged fields, or what `dark_sector_content` takes.
    scale, at : array_like or str
        Scales where the coupling is given and where it is wanted, GeV or text with a unit; either
        may be the larger.

    Returns
    -------
    ndarray
        Infinite from the Landau pole on.

    Examples
    --------
    >>> f"{running_alpha_d(1 / 30, 'pseudo-dirac', 1.2e19, '10 MeV'):.3f}"  # S1: 0.02
    '0.020'
    """
    inverse = _inverse(alpha_d) - _growth(_content(content), _scale(scale), _scale(at, "at"))
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / np.maximum(inverse, 0.0))


def landau_pole(
    alpha_d: ArrayLike, content: FieldContent | DarkMatter | str, scale: ArrayLike
) -> FloatArray:
    """Return the scale (GeV) of the Landau pole.

    Parameters
    ----------
    alpha_d : array_like
        The coupling at `scale`, >= 0.
    content : FieldContent, DarkMatter or str
        The charged fields, or what `dark_sector_content` takes.
    scale : array_like or str
        Where the coupling is given, as a rule the mass of the A'; GeV or text with a unit.

    Returns
    -------
    ndarray
        GeV; infinite where nothing runs, and above the largest number (1.8e308).

    Examples
    --------
    >>> f"{landau_pole(0.2, 'pseudo-dirac', 0.01):.0f}"
    '1307'
    """
    fields = _content(content).fields
    left, start = np.broadcast_arrays(_inverse(alpha_d), _scale(scale))
    logarithm = np.log(start)
    pole = np.full(left.shape, np.inf)
    for threshold in [*sorted({float(f.mass) for f in fields if f.mass > 0.0}), np.inf]:
        # up to this threshold only the lighter fields run
        slope = sum(f.beta_coefficient for f in fields if f.mass < threshold)
        if slope == 0.0:
            logarithm = np.maximum(logarithm, np.log(threshold))
            continue
        stretch = np.maximum(np.log(threshold) - logarithm, 0.0)
        here = np.isinf(pole) & (left <= slope * stretch) & np.isfinite(left)
        with np.errstate(over="ignore"):
            pole = np.where(here, np.exp(logarithm + left / slope), pole)
        left = np.where(here, np.inf, left - slope * stretch) if np.isfinite(threshold) else left
        logarithm = np.maximum(logarithm, np.log(threshold))
    return pole


def largest_alpha_d(
    content: FieldContent | DarkMatter | str, pole: ArrayLike, scale: ArrayLike
) -> FloatArray:
    r"""Return the coupling at `scale` whose Landau pole is at `pole`: smaller ones have it beyond.

    Parameters
    ----------
    content : FieldContent, DarkMatter or str
        The charged fields, or what `dark_sector_content` takes.
    pole : array_like or str
        Scale up to which the theory shall hold, above `scale`; GeV or text with a unit.
    scale : array_like or str
        Where the coupling is wanted, as a rule the mass of the A'; GeV or text with a unit.

    Returns
    -------
    ndarray
        Infinite where nothing runs. Above 1 one loop is no guide.

    Raises
    ------
    ModelError
        If the pole is not above the scale.

    Examples
    --------
    >>> f"{largest_alpha_d('scalar', '1 TeV', '10 MeV'):.2f}"  # S1: 0.8
    '0.82'
    """
    low, high = np.broadcast_arrays(_scale(scale), _scale(pole, "pole"))
    if np.any(high <= low):
        worst = int(np.argmax(low / high))
        raise ModelError(
            f"pole must be above the scale of the coupling, {low.flat[worst]:g} GeV, "
            f"got {high.flat[worst]:g} GeV"
        )
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / _growth(_content(content), low, high))


def _growth(content: FieldContent, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return by how much 1/alpha_d falls from one scale (GeV) to another."""
    total = np.zeros(np.broadcast_shapes(low.shape, high.shape))
    for each in content.fields:
        ratio = np.log(np.maximum(high, each.mass)) - np.log(np.maximum(low, each.mass))
        total = total + each.beta_coefficient * ratio
    return total


def _content(content: FieldContent | DarkMatter | str) -> FieldContent:
    return content if isinstance(content, FieldContent) else dark_sector_content(content)


def _checked(value: ArrayLike, name: str, parameter: Parameter) -> FloatArray:
    parameter.name = name
    return np.asarray(parameter.check(value), dtype=np.float64)


def _scale(value: ArrayLike, name: str = "scale") -> FloatArray:
    return _checked(value, name, Parameter("scale", unit="GeV", minimum=0.0))


def _inverse(alpha_d: ArrayLike) -> FloatArray:
    value = _checked(alpha_d, "alpha_d", Parameter("coupling", minimum=0.0, inclusive=True))
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / value)
