r"""Unified confidence intervals of Feldman and Cousins for a Poisson signal.

G. J. Feldman, R. D. Cousins, Phys. Rev. D 57 (1998) 3873, sec. IV. Counts are ranked by

.. math:: R(n) = P(n \mid \mu + b) / P(n \mid \max(n, b)) ,

and a count belongs to the acceptance region of :math:`\mu` if all higher-ranked ones together have
less than the confidence level. As :math:`R` has one maximum in n, the counts that outrank
:math:`n_0` are a run beginning next to it; its other end r changes at

.. math::

   \lambda_r = \exp\frac{f(r) - f(n_0)}{r - n_0}, \qquad
   f(n) = n \ln\max(n, b) - \max(n, b), \qquad \lambda = \mu + b .

Between two such values the probability of the run is a smooth, single-peaked function of
:math:`\lambda`, so that the ends of the interval are found exactly, without a grid.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from darkbeam.statistics._checks import checked_confidence, checked_count, checked_mean

__all__ = ["feldman_cousins_interval"]

FloatArray = NDArray[np.float64]

# The upper end is made monotonic in b up to this background, see the function's docstring.
_MONOTONIC_UP_TO = 1e5


def feldman_cousins_interval(
    n_observed: int, background: float = 0.0, *, confidence: float = 0.90
) -> tuple[float, float]:
    r"""Return the unified interval of the mean number of signal events.

    As in the paper's tables the upper end is lengthened where the discreteness of n would let it
    grow with the background: it is the largest that any background :math:`b' \ge b` gives
    (found to 1e-3 of it; done for b up to 1e5. It matters, by a few per cent up to a third, where
    n is two standard deviations or more below b).

    Parameters
    ----------
    n_observed : int
        Observed number of events.
    background : float
        Expected number of background events, known exactly.
    confidence : float
        Confidence level.

    Returns
    -------
    low, high : float
        Ends of the interval, signal events; `low` is 0 for an upper limit.

    Raises
    ------
    InputError
        On a bad count, background or confidence level.

    Examples
    --------
    >>> [round(end, 2) for end in feldman_cousins_interval(10)]
    [5.5, 16.5]
    """
    observed = checked_count(n_observed)
    mean = checked_mean("background", background)
    level = checked_confidence(confidence)
    high = _upper_end(observed, mean, level)
    # Below n - 1 the end falls by as much as b grows; a later bump cannot make up for that.
    if observed - 1 <= mean <= _MONOTONIC_UP_TO:
        high = max(high, _largest_further_on(observed, mean, level))
    return _lower_end(observed, mean, level), high


def _log_best(counts: FloatArray, background: FloatArray | float) -> FloatArray:
    """f(n): n ln max(n, b) - max(n, b), 0 at n = b = 0."""
    from scipy.special import xlogy

    best = np.maximum(counts, background)
    return np.asarray(xlogy(counts, best) - best)


def _cdf(counts: FloatArray, mean: FloatArray) -> FloatArray:
    """P(Poisson(mean) <= counts), 0 for counts = -1."""
    from scipy.special import gammaincc

    inside = counts >= 0.0
    return np.asarray(np.where(inside, gammaincc(np.where(inside, counts, 0.0) + 1.0, mean), 0.0))


def _reach(centre: float, level: float) -> int:
    """How many counts away from `centre` may matter."""
    from scipy.special import ndtri

    width = 2.0 * float(ndtri(0.5 + 0.5 * level)) + 3.0
    return int(width * np.sqrt(centre + 1.0) + 0.5 * width**2 + 5.0)


def _upper_end(observed: int, background: float, level: float) -> float:
    return float(_upper_ends(observed, np.array([background]), level)[0])


def _upper_ends(observed: int, backgrounds: FloatArray, level: float) -> FloatArray:
    """Largest accepted signal for each background, not yet monotonic."""
    largest = max(float(observed), float(backgrounds.max()))
    number = int(largest) - observed + _reach(largest, level)
    ranks = observed + 1.0 + np.arange(number, dtype=np.float64)
    b = backgrounds[:, None]
    edges = np.exp(
        (_log_best(ranks, b) - _log_best(np.array(float(observed)), b)) / (ranks - observed)
    )
    edges = np.asarray(np.maximum(edges, b), dtype=np.float64)
    # Interval i is edges[i] < lambda <= edges[i + 1]; the run is observed + 1 ... ranks[i].
    left, right, last = edges[:, :-1], edges[:, 1:], ranks[:-1]
    start = np.array(float(observed))
    accepted_right = _cdf(last, right) - _cdf(start, right) < level
    accepted_left = (_cdf(last, left) - _cdf(start, left) < level) & (left < right)
    found = edges[:, 0].copy()  # below it nothing outranks the observed count
    index = np.arange(len(last))
    best_right = np.where(accepted_right.any(axis=1), (accepted_right * index).max(axis=1), -1)
    best_left = np.where(accepted_left.any(axis=1), (accepted_left * index).max(axis=1), -1)
    roots: dict[int, float] = {}
    for row, (i_right, i_left) in enumerate(zip(best_right, best_left, strict=True)):
        if i_left > i_right:
            r = int(last[i_left])
            known = roots.get(r)
            if known is None or not left[row, i_left] <= known <= right[row, i_left]:
                known = _crossing(
                    observed + 1, r, float(left[row, i_left]), float(right[row, i_left]), level
                )
                roots[r] = known
            found[row] = known
        elif i_right >= 0:
            found[row] = right[row, i_right]
    return np.maximum(found - backgrounds, 0.0)


def _largest_further_on(observed: int, background: float, level: float) -> float:
    """Largest upper end for backgrounds from `background` on.

    The ends fall in the long run and rise in steps less than one event of background apart.
    """
    start, stop = background, max(background, float(observed)) + 1.5
    best = 0.0
    for points in (76, 31, 31, 31):
        grid = np.linspace(start, stop, points)
        ends = _upper_ends(observed, grid, level)
        top = int(np.argmax(ends))
        best = max(best, float(ends[top]))
        start, stop = grid[max(top - 1, 0)], grid[min(top + 1, points - 1)]
    return best


def _lower_end(observed: int, background: float, level: float) -> float:
    """Smallest accepted signal."""
    if observed <= background:
        return 0.0
    lowest = max(0, observed - _reach(float(observed), level))
    ranks = np.arange(float(lowest), float(observed))
    edges = np.exp(
        (_log_best(np.array(float(observed)), background) - _log_best(ranks, background))
        / (observed - ranks)
    )
    # The run is ranks[i] ... observed - 1 for edges[i - 1] <= lambda < edges[i].
    # A run that begins at a count left out, far below, is not accepted: its interval is empty.
    left = np.maximum(np.concatenate([[edges[0] if lowest else 0.0], edges[:-1]]), background)
    right = np.maximum(edges, background)
    before = np.array(observed - 1.0)
    accepted_left = (_cdf(before, left) - _cdf(ranks - 1.0, left) < level) & (left <= right)
    accepted_right = (_cdf(before, right) - _cdf(ranks - 1.0, right) < level) & (left < right)
    for i in np.flatnonzero(accepted_left | accepted_right):
        if accepted_left[i]:
            return float(left[i] - background)
        crossing = _crossing(int(ranks[i]), observed - 1, float(right[i]), float(left[i]), level)
        return crossing - background
    return float(right[-1] - background)


def _crossing(first: int, last: int, inside: float, outside: float, level: float) -> float:
    """Where P(first <= N <= last) passes `level`, between an accepted and a rejected mean."""
    from scipy.optimize import brentq
    from scipy.special import gammaincc

    def excess(mean: float) -> float:
        below = gammaincc(float(first), mean) if first > 0 else 0.0
        return float(gammaincc(last + 1.0, mean) - below - level)

    return float(brentq(excess, min(inside, outside), max(inside, outside), xtol=1e-13))
