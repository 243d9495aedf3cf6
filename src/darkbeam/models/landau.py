r"""How the dark coupling :math:`\alpha_d` runs, and where it has its Landau pole.

Every field of charge :math:`Q` that is lighter than the scale :math:`\mu` adds to

.. math::

   \mu \frac{d\alpha_d}{d\mu} = \beta = b\,\alpha_d^2 + c\,\alpha_d^3 ,\qquad
   b = \frac{2}{3\pi} \sum_i w_i\, n_i\, Q_i^2 ,\qquad
   c = \frac{1}{2\pi^2} \sum_i w'_i\, n_i\, Q_i^4

with :math:`w` = 1 for a Dirac fermion, 1/2 for a Weyl or a Majorana fermion, 1/4 for a complex
scalar, 1/8 for a real component of one; :math:`w'` = 1, 1/2, 1, 1/2. One loop is S1
(arXiv:2003.07257) eq. 11, and the default; two loops are those of arXiv:1502.07383, with the gauge
coupling alone: Yukawa and quartic couplings are left out.

For one loop :math:`1/\alpha_d` falls linearly in :math:`\ln\mu`, and the pole is where it vanishes.
For two that holds, with :math:`k = c/b`, for

.. math::

   F(1/\alpha_d) = \frac1{\alpha_d} - k \ln\left(1 + \frac1{k\alpha_d}\right) ,\qquad
   \frac{dF}{d\ln\mu} = -b .

Fields with a mass join at it; matching there is continuous.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError
from darkbeam.models.charged_fields import (
    ChargedField,
    FieldContent,
    dark_sector_content,
    dark_sector_names,
)
from darkbeam.models.dark_matter import DarkMatter
from darkbeam.models.parameters import Parameter

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
_NEWTON_STEPS = 8


def running_alpha_d(
    alpha_d: ArrayLike,
    content: FieldContent | DarkMatter | str,
    scale: ArrayLike,
    at: ArrayLike,
    *,
    loops: int = 1,
) -> FloatArray:
    r"""Return the dark coupling at another scale.

    Parameters
    ----------
    alpha_d : array_like
        The coupling at `scale`, >= 0.
    content : FieldContent, DarkMatter or str
        The charged fields, or what `dark_sector_content` takes.
    scale, at : array_like or str
        Scales where the coupling is given and where it is wanted, GeV or text with a unit; either
        may be the larger.
    loops : {1, 2}
        Order of the beta function.

    Returns
    -------
    ndarray
        Infinite from the Landau pole on.

    Examples
    --------
    >>> f"{running_alpha_d(1 / 30, 'pseudo-dirac', 1.2e19, '10 MeV'):.3f}"  # S1: 0.02
    '0.020'
    """
    segments = _segments(_content(content), loops)
    inverse, low, high = np.broadcast_arrays(_inverse(alpha_d), _scale(scale), _scale(at, "at"))
    return _reciprocal(_run(inverse, segments, np.log(low), np.log(high)))


def landau_pole(
    alpha_d: ArrayLike,
    content: FieldContent | DarkMatter | str,
    scale: ArrayLike,
    *,
    loops: int = 1,
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
    loops : {1, 2}
        Order of the beta function.

    Returns
    -------
    ndarray
        GeV; infinite where nothing runs, and above the largest number (1.8e308).

    Examples
    --------
    >>> f"{landau_pole(0.2, 'pseudo-dirac', 0.01):.0f}"
    '1307'
    """
    inverse, start = np.broadcast_arrays(_inverse(alpha_d), _scale(scale))
    position = np.log(start)
    pole = np.full(position.shape, np.inf)
    for segment in _segments(_content(content), loops):
        end = np.maximum(position, segment.upper)
        if segment.b > 0.0:
            left = segment.distance(inverse) / segment.b
            here = np.isinf(pole) & np.isfinite(left) & (left <= end - position)
            with np.errstate(over="ignore"):
                pole = np.where(here, np.exp(position + left), pole)
        if np.isfinite(segment.upper):
            inverse = segment.run(inverse, end - position)
            position = end
    return pole


def largest_alpha_d(
    content: FieldContent | DarkMatter | str,
    pole: ArrayLike,
    scale: ArrayLike,
    *,
    loops: int = 1,
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
    loops : {1, 2}
        Order of the beta function.

    Returns
    -------
    ndarray
        Infinite where nothing runs. Above 1 perturbation theory is no guide.

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
    segments = _segments(_content(content), loops)
    # the running goes down from the pole, where 1/alpha_d is 0
    return _reciprocal(_run(np.zeros(low.shape), segments, np.log(high), np.log(low)))


@dataclass(frozen=True)
class _Segment:
    """A stretch of ln(scale/GeV) on which the same fields run: beta = b alpha^2 (1 + k alpha)."""

    lower: float
    upper: float
    b: float
    k: float

    def distance(self, inverse: FloatArray) -> FloatArray:
        """Return b times the stretch of ln(scale) from a coupling, as 1/alpha, to its pole."""
        if self.k == 0.0:
            return inverse
        finite = np.where(np.isfinite(inverse), inverse, 1.0)
        value = finite - self.k * np.log1p(finite / self.k)
        return np.where(np.isfinite(inverse), value, np.inf)

    def inverse_at(self, distance: FloatArray) -> FloatArray:
        """Return 1/alpha at such a distance, the inverse of `distance`."""
        if self.k == 0.0:
            return distance
        scaled = np.where(np.isfinite(distance), distance, 1.0) / self.k
        # Newton for w - ln(1 + w) = scaled; convex, and the first guess lies above the root
        w = scaled + np.sqrt(2.0 * scaled)
        for _ in range(_NEWTON_STEPS):
            excess = w - np.log1p(w) - scaled
            w = w - np.divide(excess * (1.0 + w), w, out=np.zeros_like(w), where=w > 0.0)
        return np.where(np.isfinite(distance), self.k * w, np.inf)

    def run(self, inverse: FloatArray, stretch: FloatArray) -> FloatArray:
        """Return 1/alpha after so much of ln(scale), of either sign; 0 from the pole on."""
        if self.b == 0.0:
            return inverse
        left = np.maximum(self.distance(inverse) - self.b * stretch, 0.0)
        return np.where(stretch == 0.0, inverse, self.inverse_at(left))


def _segments(content: FieldContent, loops: int) -> tuple[_Segment, ...]:
    """Return the stretches between the masses of the fields, from low to high scales."""
    if loops not in (1, 2):
        raise ModelError(f"loops must be 1 or 2, got {loops!r}")
    edges = [-np.inf, *sorted({log(f.mass) for f in content.fields if f.mass > 0.0}), np.inf]
    found = []
    for lower, upper in pairwise(edges):
        running = [f for f in content.fields if f.mass == 0.0 or log(f.mass) <= lower]
        b = sum(f.beta_coefficient for f in running)
        c = sum(f.two_loop_coefficient for f in running) if loops == 2 else 0.0
        found.append(_Segment(lower, upper, b, c / b if b > 0.0 else 0.0))
    return tuple(found)


def _run(
    inverse: FloatArray, segments: tuple[_Segment, ...], start: FloatArray, stop: FloatArray
) -> FloatArray:
    """Return 1/alpha at ln(scale) `stop`, given that at `start`."""
    up, down = np.maximum(start, stop), np.minimum(start, stop)
    for segment in segments:
        within = np.clip(up, segment.lower, segment.upper)
        inverse = segment.run(inverse, within - np.clip(start, segment.lower, segment.upper))
    for segment in reversed(segments):
        within = np.clip(down, segment.lower, segment.upper)
        inverse = segment.run(inverse, within - np.clip(start, segment.lower, segment.upper))
    return inverse


def _content(content: FieldContent | DarkMatter | str) -> FieldContent:
    return content if isinstance(content, FieldContent) else dark_sector_content(content)


def _checked(value: ArrayLike, name: str, parameter: Parameter) -> FloatArray:
    parameter.name = name
    return np.asarray(parameter.check(value), dtype=np.float64)


def _scale(value: ArrayLike, name: str = "scale") -> FloatArray:
    return _checked(value, name, Parameter("scale", unit="GeV", minimum=0.0))


def _inverse(alpha_d: ArrayLike) -> FloatArray:
    return _reciprocal(
        _checked(alpha_d, "alpha_d", Parameter("coupling", minimum=0.0, inclusive=True))
    )


def _reciprocal(value: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(1.0 / value)
