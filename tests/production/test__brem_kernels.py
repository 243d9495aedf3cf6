"""The averaged amplitude, point by point, against Dirac spinors; kinematic limits."""

import dirac_reference as ref
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkbeam.production import _brem_kernels as kernels

unit = st.floats(0.001, 0.999)


def spinor_average(E, m, mX, M, y, omc, t):
    """Mean over the azimuth by the midpoint rule, which converges exponentially.

    The map brings the singularities of 1/S and those of its own equally far from the real axis.
    """
    ends = ref.momenta(E, m, mX, M, y, omc, t, np.array([0.0, np.pi]))
    narrow = min(1.0, (ends.S[0] / ends.S[1]) ** 0.25)
    count = int(64 + 32 / narrow)
    z = 2 * np.pi * (np.arange(count) + 0.5) / count - np.pi
    phi = 2 * np.arctan(narrow * np.tan(z / 2))
    slope = narrow / (np.cos(z / 2) ** 2 + narrow**2 * np.sin(z / 2) ** 2)
    event = ref.momenta(E, m, mX, M, y, omc, t, phi)
    return float(np.mean(slope * ref.vector_squared(event, m, mX))), event


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["e", "mu"]),
    st.sampled_from(["H", "Al", "Pb"]),
    st.floats(-3, 0),
    st.floats(np.log10(2), np.log10(160)),
    unit,
    unit,
    unit,
)
def test_amplitude_agrees_with_spinors_over_phase_space(lepton, name, log_mx, log_e, a, b, c):
    m, nucleus = ref.MASSES[lepton], ref.NUCLEI[name]
    E, mX, M = 10**log_e, 10**log_mx, nucleus.mass
    s = M * M + 2 * M * E + m * m
    if np.sqrt(s) < M + m + 1.05 * mX or mX > 0.9 * (E - m):
        return
    low_y = ref.minimal_y(E, m, mX, M)
    y = low_y * ((1 - 1.001 * mX / E) / low_y) ** a
    w_low = float(ref.minimal_u(E, m, mX, y))
    p, k = np.sqrt(E**2 - m**2), np.sqrt((E * (1 - y)) ** 2 - mX**2)
    w_high = min(w_low + 4 * p * k, 2 * M * (E * y - m))
    if not w_high > 1.001 * w_low:
        return
    omc = w_low * np.expm1(b * np.log(w_high / w_low)) / (2 * p * k)
    w = w_low + 2 * p * k * omc
    t_low, t_high = ref.t_limits(E, m, M, y, w)
    t = t_low * (t_high / t_low) ** c
    truth, event = spinor_average(E, m, mX, M, y, omc, t)
    residual = E * y
    v2 = residual**2 - m**2 + w
    p_perp2 = (p * k) ** 2 * omc * (2 - omc) / v2
    s2 = 1 + 2 * residual / M + (m**2 - w) / M**2
    q_perp2 = (t - t_low) * (t_high - t) * s2 / (4 * v2)
    p_dot_v = E * residual - m**2 + 0.5 * (w + mX**2)
    value = kernels.averaged_vector_amplitude(
        t, w, E, residual, v2, p_dot_v, p_perp2, q_perp2, m, mX, M
    )
    # A/(8 M^2) with P = 2 M n is A_n/2. The digits of S = a + b cos(phi) are lost as
    # (E/m_X)^2 eps towards the collinear direction.
    assert value == pytest.approx(0.5 * truth, rel=3e-7, abs=0.0)
    assert value > 0
    along_k, along_q = ref.ward_residual(event, m)
    assert max(along_k.max(), along_q.max()) < 1e-7  # the truth itself is gauge invariant


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["e", "mu"]),
    st.sampled_from(["H", "Pb"]),
    st.floats(-3, 1),
    st.floats(np.log10(0.5), 4),
)
def test_end_of_spectrum_is_the_three_body_one(lepton, name, log_mx, log_e):
    m, M = ref.MASSES[lepton], ref.NUCLEI[name].mass
    E, mX = 10**log_e, 10**log_mx
    least, greatest, residual = kernels.energy_limits(E, m, mX, M)
    # closed exactly where sqrt(s) is below the sum of masses (M alone would be wrong for H)
    open_ = M * M + m * m + 2 * M * E > (M + m + mX) ** 2
    assert (least > 0) == open_
    if not open_ or mX > 0.5 * (np.sqrt(M * M + m * m + 2 * M * E) - M):
        return
    truth = ref.minimal_y(E, m, mX, M)
    assert greatest / E == pytest.approx(1 - truth, rel=1e-12, abs=0.0)
    assert residual / E == pytest.approx(truth, rel=1e-5, abs=3e-14)
