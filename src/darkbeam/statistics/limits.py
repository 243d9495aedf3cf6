r"""Upper limits on the mean of a Poisson signal over a background.

The observable is the number of events alone. An uncertain background is averaged over a gamma
density of the given mean and standard deviation (the density that a Poisson control measurement
gives; never negative), so that the background counts follow a negative binomial. With
:math:`w_j = P(N_b = j \mid N_b \le n)`

.. math::

   CL_s(s) = \frac{P(N \le n \mid s + b)}{P(N \le n \mid b)}
           = \sum_{j=0}^{n} w_j \, P(\mathrm{Poisson}(s) \le n - j) ,

positive terms only, so that nothing under- or overflows whatever n and b are.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import erf, log, sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import InputError, UnknownNameError, suggestion
from darkbeam.statistics._background import Background
from darkbeam.statistics._checks import checked_background, checked_confidence, checked_count
from darkbeam.statistics.feldman_cousins import feldman_cousins_interval

__all__ = ["METHODS", "REFERENCES", "cls_value", "expected_upper_limit", "upper_limit"]

FloatArray = NDArray[np.float64]

METHODS = ("cls", "feldman-cousins", "bayesian", "classical")
REFERENCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cls": ("Read:2002hq", "Cousins:1991qz"),
        "feldman-cousins": ("Feldman:1997qc",),
        "bayesian": ("ParticleDataGroup:2024cfk",),
        "classical": ("ParticleDataGroup:2024cfk", "Cousins:1991qz"),
    }
)
"""Keys of the bibliography for each method."""
_TOLERANCE = 1e-12


def upper_limit(
    n_observed: int,
    background: float = 0.0,
    background_error: float = 0.0,
    *,
    confidence: float = 0.90,
    method: str = "cls",
) -> float:
    r"""Return the upper limit on the mean number of signal events.

    Parameters
    ----------
    n_observed : int
        Observed number of events.
    background : float
        Expected number of background events.
    background_error : float
        Standard deviation of the expected background (gamma density); 0 if known exactly.
    confidence : float
        Confidence level, 0.90 by default.
    method : {"cls", "feldman-cousins", "bayesian", "classical"}
        ``cls``: :math:`CL_s = 1 - ` confidence (Read 2002; with an uncertain background the
        average of Cousins and Highland). ``bayesian``: flat prior in the signal; for a counting
        experiment the same number as ``cls``. ``feldman-cousins``: upper end of the unified
        interval; the background must be exact. ``classical``: :math:`P(N \le n | s + b) = 1 -`
        confidence, 0 where no signal is allowed.

    Returns
    -------
    float
        Signal events, >= 0.

    Raises
    ------
    InputError
        On a non-integer or negative count, a background that is negative or not finite, a
        confidence outside (0, 1).
    UnknownNameError
        On an unknown method, with the near match.

    Examples
    --------
    >>> round(upper_limit(0), 3)
    2.303
    >>> round(upper_limit(0, 0.5, method="feldman-cousins"), 2)
    1.94
    """
    observed = checked_count(n_observed)
    mean, error = checked_background(background, background_error)
    alpha = 1.0 - checked_confidence(confidence)
    if method not in METHODS:
        raise UnknownNameError(f"unknown method {method!r}; {suggestion(str(method), METHODS)}")
    if method == "feldman-cousins":
        if error > 0.0:
            raise InputError(
                "background_error must be 0 for method 'feldman-cousins' (the construction has an "
                f"exact background), got {background_error!r}; use 'cls'"
            )
        return feldman_cousins_interval(observed, mean, confidence=confidence)[1]
    source = Background.of(mean, error)
    if method == "classical":
        below = source.cdf(observed)
        if below <= alpha:
            return 0.0
        alpha /= below
    return _solve(source, observed, alpha)


def cls_value(
    signal: ArrayLike,
    n_observed: int,
    background: float = 0.0,
    background_error: float = 0.0,
) -> FloatArray:
    r"""Return :math:`CL_s` of a signal: it is excluded at confidence C where this is below 1 - C.

    Parameters
    ----------
    signal : array_like
        Mean number of signal events, >= 0.
    n_observed, background, background_error
        As for `upper_limit`.

    Returns
    -------
    ndarray
        CLs in the shape of `signal`.
    """
    observed = checked_count(n_observed)
    source = Background.of(*checked_background(background, background_error))
    signals = np.asarray(signal, dtype=np.float64)
    if not np.all(np.isfinite(signals) & (signals >= 0.0)):
        raise InputError(f"signal must be finite and >= 0 events, got {signal!r}")
    counts, weights = source.weights(observed)
    flat = [_cls(float(s), observed - counts, weights)[0] for s in signals.ravel()]
    return np.array(flat, dtype=np.float64).reshape(signals.shape)


def expected_upper_limit(
    background: float,
    background_error: float = 0.0,
    *,
    confidence: float = 0.90,
    method: str = "cls",
    sigma: float = 0.0,
) -> float:
    r"""Return the upper limit that an experiment without signal expects.

    It is the limit of the count at the quantile :math:`\Phi(\sigma)` of the background's
    distribution: the median for ``sigma=0``, the edges of the usual bands for -2, -1, 1, 2.

    Parameters
    ----------
    background, background_error, confidence, method
        As for `upper_limit`.
    sigma : float
        Where in the distribution, in Gaussian standard deviations.

    Returns
    -------
    float
        Signal events.
    """
    source = Background.of(*checked_background(background, background_error))
    if not -8.0 <= float(sigma) <= 8.0:
        raise InputError(f"sigma must be from -8 to 8 standard deviations, got {sigma!r}")
    observed = source.quantile(0.5 * (1.0 + erf(float(sigma) / sqrt(2.0))))
    return upper_limit(observed, background, background_error, confidence=confidence, method=method)


def _cls(signal: float, rest: FloatArray, weights: FloatArray) -> tuple[float, float]:
    """Return sum_j w_j P(Poisson(signal) <= rest_j) and minus its derivative."""
    from scipy.special import gammaincc, gammaln, xlogy

    cumulative = gammaincc(rest + 1.0, signal)
    density = np.exp(xlogy(rest, signal) - signal - gammaln(rest + 1.0))
    return float(weights @ cumulative), float(weights @ density)


def _solve(source: Background, observed: int, alpha: float) -> float:
    """Return the signal where CLs = alpha: Newton's method on ln CLs, kept within a bracket."""
    if observed == 0:
        return -log(alpha)  # CLs = exp(-s), whatever the background

    from scipy.special import gammainccinv

    counts, weights = source.weights(observed)
    rest = observed - counts
    # P(Poisson(s) <= rest) grows with rest, which runs from 0 to n: both ends are known limits.
    low, high = -log(alpha), float(gammainccinv(observed + 1.0, alpha))
    if len(counts) == 1 or high <= low:
        return float(gammainccinv(rest[0] + 1.0, alpha))
    signal = float(gammainccinv(weights @ rest + 1.0, alpha))
    for _ in range(100):
        value, slope = _cls(signal, rest, weights)
        if value > alpha:
            low = signal
        else:
            high = signal
        step = np.inf
        if value > 0.0 and slope > 0.0:
            step = log(value / alpha) * value / slope
        moved = signal + step
        if not low <= moved <= high:
            moved = 0.5 * (low + high)
        if abs(moved - signal) <= _TOLERANCE * signal:
            return moved
        signal = moved
    return signal
