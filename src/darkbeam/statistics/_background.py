r"""Distribution of background counts: Poisson, its mean known exactly or with a gamma density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Shape parameter above which ln Gamma(k + j) - ln Gamma(k) is taken from Stirling's series: its
# first neglected term, 1/(360 k^3), is far below rounding there, the direct difference is not.
_STIRLING_SHAPE = 1e5
_MAX_TERMS = 1 << 12
_PROBES = 513
_TAIL = 45.0  # e^-45 = 3e-20, below rounding


@dataclass(frozen=True)
class Background:
    """Background counts of given mean and uncertainty of the mean (both >= 0)."""

    mean: float
    error: float

    @classmethod
    def of(cls, mean: float, error: float) -> Background:
        """Return the distribution, with what cannot be told from zero in rounding set to zero."""
        if error**2 <= 1e-17 * mean:  # widens the counts by less than rounding
            return cls(mean, 0.0)
        if mean <= 1e-17 * min(error, 1.0):  # no count but 0 has a probability
            return cls(0.0, 0.0)
        return cls(mean, error)

    @property
    def _shape(self) -> float:
        return (self.mean / self.error) ** 2

    @property
    def _scale(self) -> float:
        return self.error**2 / self.mean

    def log_pmf(self, counts: FloatArray) -> FloatArray:
        """Return ln P(counts), up to rounding; counts may be non-integer nodes of a quadrature."""
        from scipy.special import gammaln, xlog1py, xlogy

        if self.error == 0.0:
            return np.asarray(xlogy(counts, self.mean) - self.mean - gammaln(counts + 1.0))
        k, theta = self._shape, self._scale
        if k < _STIRLING_SHAPE:
            rising = gammaln(counts + k) - gammaln(k) + xlogy(counts, theta / (1.0 + theta))
        else:
            rising = (
                xlog1py(k - 0.5, counts / k)
                + counts * (np.log((k + counts) * theta / (1.0 + theta)) - 1.0)
                + (1.0 / (k + counts) - 1.0 / k) / 12.0
            )
        return np.asarray(rising - gammaln(counts + 1.0) - k * np.log1p(theta))

    def cdf(self, count: float) -> float:
        """Return P(N <= count)."""
        from scipy.special import betainc, gammaincc

        if count < 0:
            return 0.0
        if self.mean == 0.0:
            return 1.0
        if self.error == 0.0:
            return float(gammaincc(count + 1.0, self.mean))
        return float(betainc(self._shape, count + 1.0, 1.0 / (1.0 + self._scale)))

    def quantile(self, probability: float) -> int:
        """Return the smallest n with P(N <= n) >= probability."""
        low, high = -1, 1
        while self.cdf(high) < probability:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            if self.cdf(middle) < probability:
                low = middle
            else:
                high = middle
        return high

    def weights(self, observed: int) -> tuple[FloatArray, FloatArray]:
        """Return counts j and P(N = j | N <= observed), the negligible ones left out.

        Where more than 4096 counts matter the distribution is smooth on the scale of a few of
        them: then every h-th count stands for h, with the Euler-Maclaurin correction at the edge.
        The next term of that series leaves a relative error of 1e-5 at most.
        """
        if self.mean == 0.0:
            return np.zeros(1), np.ones(1)
        spread = np.sqrt(self.mean + self.error**2)
        tail = _TAIL * (1.0 + (self._scale if self.error > 0.0 else 0.0))
        centre = min(float(observed), self.mean)
        if self.error > self.mean:
            centre = 0.0
        first = max(0.0, np.floor(centre - 12.0 * spread - 30.0))
        last = min(float(observed), np.ceil(self.mean + 12.0 * spread + tail))
        first, last = self._trimmed(first, last)
        stride = max(1, int((last - first) // _MAX_TERMS))
        counts = np.arange(last, first - 0.5, -stride)[::-1]
        log_pmf = self.log_pmf(counts)
        pmf = np.exp(log_pmf - np.max(log_pmf))
        if stride > 1:
            ends = np.array([0, -1])
            edge = pmf[ends] * (stride - 1) / 2.0
            pmf = pmf * stride
            pmf[ends] -= edge
        return counts, pmf / np.sum(pmf)

    def _trimmed(self, first: float, last: float) -> tuple[float, float]:
        """Narrow a window to where the distribution, log-concave or falling, is not negligible."""
        for _ in range(4):
            if last - first <= _MAX_TERMS:
                break
            nodes = np.round(np.linspace(first, last, _PROBES))
            log_pmf = self.log_pmf(nodes)
            matter = np.flatnonzero(log_pmf > np.max(log_pmf) - _TAIL)
            first = float(nodes[max(matter[0] - 1, 0)])
            last = float(nodes[min(matter[-1] + 1, _PROBES - 1)])
        return first, last
