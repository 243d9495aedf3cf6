"""Upper limits against scipy's distributions, quadrature and known numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma, nbinom, norm, poisson

from darkbeam.errors import InputError, UnknownNameError
from darkbeam.statistics import METHODS, _background, cls_value, expected_upper_limit, upper_limit

counts = st.integers(0, 60)
means = st.floats(1e-3, 60)
levels = st.floats(0.5, 0.999)


def averaged_cdf(n: int, signal: float, background: float, error: float) -> float:
    """P(N <= n) averaged over the gamma density of the background, by quadrature."""
    shape, scale = (background / error) ** 2, error**2 / background
    density = gamma(shape, scale=scale)
    low, high = density.ppf(1e-13), density.isf(1e-13)
    return float(
        quad(
            lambda b: density.pdf(b) * poisson.cdf(n, signal + b),
            low,
            high,
            epsabs=1e-13,
            epsrel=1e-11,
            limit=400,
        )[0]
    )


def test_no_event_gives_2_3_whatever_the_background() -> None:
    """The 90 % C.L. limit of NA64: n = 0 over 0.53 +- 0.17."""
    for background, error in [(0, 0), (0.53, 0.17), (0.53, 0), (100, 0), (100, 30), (3, 10)]:
        assert upper_limit(0, background, error) == pytest.approx(math.log(10), rel=1e-12, abs=0.0)
    assert upper_limit(0, confidence=0.95) == pytest.approx(-math.log(0.05), rel=1e-12, abs=0.0)


@pytest.mark.parametrize(
    ("n", "expected"), [(0, 2.30), (1, 3.89), (2, 5.32), (3, 6.68), (10, 15.41)]
)
@pytest.mark.parametrize("method", ["cls", "classical", "bayesian"])
def test_without_background_all_agree_with_the_review_of_particle_physics(
    method: str, n: int, expected: float
) -> None:
    # Review of Particle Physics, Statistics, table of limits for the mean of a Poisson variable
    assert upper_limit(n, method=method) == pytest.approx(expected, abs=0.0051)


@given(counts, means, levels)
def test_cls_is_the_ratio_of_probabilities(n: int, background: float, level: float) -> None:
    limit = upper_limit(n, background, confidence=level)
    ratio = poisson.logcdf(n, limit + background) - poisson.logcdf(n, background)
    assert math.exp(ratio) == pytest.approx(1 - level, rel=1e-8, abs=0.0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 30), st.floats(0.5, 30), st.floats(0.05, 0.8))
def test_an_uncertain_background_is_averaged_over_a_gamma_density(
    n: int, background: float, relative: float
) -> None:
    error = relative * background
    limit = upper_limit(n, background, error)
    above = averaged_cdf(n, limit, background, error)
    below = averaged_cdf(n, 0.0, background, error)
    if below > 1e-5:  # the quadrature's own accuracy
        assert above / below == pytest.approx(0.1, rel=1e-5, abs=0.0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 20), st.floats(0.1, 20), levels)
def test_bayesian_is_the_integral_of_the_posterior(n: int, background: float, level: float) -> None:
    limit = upper_limit(n, background, confidence=level, method="bayesian")

    def likelihood(signal: float) -> float:
        return float(poisson.pmf(n, signal + background))

    inside = quad(likelihood, 0, limit, epsabs=0, epsrel=1e-10)[0]
    outside = quad(likelihood, limit, limit + 60, epsabs=0, epsrel=1e-10)[0]
    assert inside / (inside + outside) == pytest.approx(level, rel=1e-7, abs=0.0)


@given(counts, means, levels)
def test_classical_is_the_tail_probability_or_zero(n: int, background: float, level: float) -> None:
    limit = upper_limit(n, background, confidence=level, method="classical")
    if limit > 0:
        assert poisson.cdf(n, limit + background) == pytest.approx(1 - level, rel=1e-7, abs=0.0)
    else:
        assert poisson.cdf(n, background) <= (1 - level) * (1 + 1e-9)
    assert limit <= upper_limit(n, background, confidence=level) * (1 + 1e-12)


@given(st.integers(0, 40), st.floats(0.01, 40), st.floats(0.0, 1.0))
def test_limits_are_ordered(n: int, background: float, relative: float) -> None:
    here = upper_limit(n, background, relative * background)
    assert upper_limit(n + 1, background, relative * background) > here
    assert math.log(10) * (1 - 1e-12) <= here <= upper_limit(n) * (1 + 1e-12)
    assert upper_limit(n, background, relative * background, confidence=0.95) > here


@given(st.integers(0, 40), st.floats(0.01, 40))
def test_a_vanishing_uncertainty_changes_nothing(n: int, background: float) -> None:
    exact = upper_limit(n, background)
    # the variance grows by the relative error squared
    assert upper_limit(n, background, 1e-5 * background) == pytest.approx(exact, rel=1e-7, abs=0.0)
    assert upper_limit(n, background, 1e-9 * background) == pytest.approx(exact, rel=1e-9, abs=0.0)


@pytest.mark.parametrize(
    ("background", "error"),
    [(1.0, 1e-300), (1e-300, 1.0), (1e-30, 1e-30), (1e9, 1e9), (1e-3, 10.0), (1e9, 0.0)],
)
def test_extreme_backgrounds_give_a_limit_between_the_extremes(
    background: float, error: float
) -> None:
    for n in (0, 3, 10**6):
        limit = upper_limit(n, background, error)
        assert math.log(10) * (1 - 1e-9) <= limit <= upper_limit(n) * (1 + 1e-9)


def test_cls_value_is_the_inverse_of_the_limit() -> None:
    signal = np.array([[0.0, 1.0], [5.0, 50.0]])
    values = cls_value(signal, 4, 3.0, 1.0)
    assert values.shape == (2, 2)
    assert values[0, 0] == pytest.approx(1.0, rel=1e-14, abs=0.0)
    assert np.all(np.diff(values.ravel()) < 0)
    assert float(cls_value(upper_limit(4, 3.0, 1.0), 4, 3.0, 1.0)) == pytest.approx(0.1)
    with pytest.raises(InputError, match="signal must be finite"):
        cls_value(-1.0, 4)


def test_large_numbers_become_gaussian() -> None:
    """Poisson(b) near N(b, b): CLs = 2 (1 - Phi(s/sigma)) at n = b, hence s = sigma z(0.95)."""
    n = 10**6
    assert upper_limit(n, n) == pytest.approx(norm.ppf(0.95) * 1e3, rel=2e-3, abs=0.0)
    sigma = math.sqrt(n + 1e8)
    assert upper_limit(n, n, 1e4) == pytest.approx(norm.ppf(0.95) * sigma, rel=5e-3, abs=0.0)
    assert upper_limit(n) == pytest.approx(n + norm.ppf(0.9) * 1e3, rel=1e-5, abs=0.0)


@pytest.mark.parametrize(
    ("n", "background", "error"),
    [
        (10**6, 1e6, 1e5),
        (10**6, 1.1e6, 0),
        (10**6, 1.1e6, 1e4),
        (10**5, 0.9e5, 3e4),
        (10**5, 10, 9),
    ],
)
def test_thinning_the_sum_keeps_the_limit(
    n: int, background: float, error: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    thinned = upper_limit(n, background, error)
    monkeypatch.setattr(_background, "_MAX_TERMS", 1 << 22)
    assert thinned == pytest.approx(upper_limit(n, background, error), rel=1e-5, abs=0.0)


@pytest.mark.parametrize(("background", "error"), [(3.0, 0), (3.0, 1.0), (0.53, 0.17), (400.0, 50)])
def test_expected_limits_are_limits_at_quantiles_of_the_background(
    background: float, error: float
) -> None:
    if error:
        theta = error**2 / background
        source = nbinom((background / error) ** 2, 1 / (1 + theta))
    else:
        source = poisson(background)
    for sigma in (-2, -1, 0, 1, 2):
        n = int(source.ppf(norm.cdf(sigma)))
        found = expected_upper_limit(background, error, sigma=sigma)
        assert found == pytest.approx(upper_limit(n, background, error), rel=1e-12, abs=0.0)


def test_nothing_expected() -> None:
    assert expected_upper_limit(0.0) == pytest.approx(math.log(10))
    assert expected_upper_limit(0.0, sigma=2) == pytest.approx(math.log(10))
    assert expected_upper_limit(0.3, method="feldman-cousins") == upper_limit(
        0, 0.3, method="feldman-cousins"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_observed": 2.5}, "n_observed must be an integer from 0 to 1e[+]09, got 2.5"),
        ({"n_observed": -1}, "n_observed must be an integer"),
        ({"n_observed": True}, "n_observed must be a number"),
        ({"n_observed": "3"}, "n_observed must be a number, got '3'"),
        ({"n_observed": float("nan")}, "n_observed must be finite"),
        ({"n_observed": 0, "background": -0.1}, "background must be from 0"),
        ({"n_observed": 0, "background": 1, "background_error": -1}, "background_error must be"),
        ({"n_observed": 0, "background_error": 0.1}, "background_error must be 0 where"),
        ({"n_observed": 0, "confidence": 90}, "confidence must be between 0 and 1"),
        ({"n_observed": 0, "confidence": 0.0}, "confidence must be between 0 and 1"),
        (
            {"n_observed": 0, "background": 1, "background_error": 1, "method": "feldman-cousins"},
            "use 'cls'",
        ),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        upper_limit(**arguments)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_unknown_methods_meet_the_near_match() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'feldman-cousins'"):
        upper_limit(0, method="feldmancousins")
    with pytest.raises(InputError, match="sigma must be from -8 to 8"):
        expected_upper_limit(1.0, sigma=9)
    for method in METHODS:
        assert upper_limit(np.int64(3), np.float64(1.0), method=method) > 0
