"""Currents of hazma and of arXiv:1911.11147 for two, three and four hadrons, as R_ab(m).

Used by make_vector_hadron_table.py, which explains R_ab. A comment or docstring with CHANGED says
where and why a current differs from hazma 2.2.0.
"""

from __future__ import annotations

from collections.abc import Callable

import hazma.form_factors.vector as hazma_vector
import numpy as np
from hazma.phase_space import Rambo
from scipy.interpolate import CubicSpline

M_MAX = 1.85
"""Upper end, GeV: beyond the end of the blend into perturbative QCD."""
PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
"""Components ab in the order of the table's columns; off-diagonal ones hold 2 Re."""
UNIT = ((0.5, -0.5, 0.0), (1.0 / 6.0, 1.0 / 6.0, 0.0), (0.0, 0.0, -1.0 / 3.0))
"""Couplings (g_u, g_d, g_s) that make one of c_I1, c_I0, c_s one, the others zero."""

PI, PI0, K, K0 = 0.13957039, 0.1349768, 0.493677, 0.497611
ETA, ETAP, OMEGA, PHI, KSTAR = 0.547862, 0.95778, 0.78266, 1.019461, 0.89166
OMEGA_TO_PI0_GAMMA = 0.0835
"""Branching fraction of omega -> pi0 gamma, Review of Particle Physics."""

Components = np.ndarray  # (3, ...) complex amplitudes for c_I1, c_I0, c_s


def combine(amplitudes: Components, weight: np.ndarray | float = 1.0, axis: int = 0) -> np.ndarray:
    """Return the six Re F_a F_b^* weight (twice where a != b), summed over trailing axes."""
    columns = []
    for a, b in PAIRS:
        product = (amplitudes[a] * np.conj(amplitudes[b])).real * weight
        product = product.sum(axis=tuple(range(1, product.ndim))) if axis else product
        columns.append(product * (1.0 if a == b else 2.0))
    return np.stack(columns, axis=-1)


def kallen(a: np.ndarray, b: np.ndarray | float, c: np.ndarray | float) -> np.ndarray:
    """Return the triangle function."""
    return a * a + b * b + c * c - 2.0 * (a * b + a * c + b * c)


# ---- two particles -----------------------------------------------------------------------------


def from_hazma(name: str) -> Callable[[np.ndarray], Components]:
    """Return the form factor of hazma for unit c_I1, c_I0, c_s at masses in GeV (1 or 1/GeV)."""
    factor = getattr(hazma_vector, f"VectorFormFactor{name}")()
    scale = 1.0 if name in ("PiPi", "KK", "K0K0") else 1e3

    def components(mass: np.ndarray) -> Components:
        return np.stack([scale * factor.form_factor(q=1e3 * mass, couplings=g) for g in UNIT])

    return components


def pion_components(mass: np.ndarray) -> Components:
    """Return the pion form factor: isovector, and isoscalar by rho-omega mixing.

    CHANGED: hazma multiplies the whole form factor, the omega of rho-omega mixing included, by
    g_u - g_d. The omega is made by the isoscalar current, so its term goes with 3 (g_u + g_d):
    the same for the photon, not for others (a mediator of baryon number does decay to pi pi at
    the mass of the omega, by the branching fraction of the omega).
    """
    data = hazma_vector.VectorFormFactorPiPi().fit_data
    resonances = _gounaris_sakurai(mass**2, data)
    omega = data.omega_mass**2 / (
        data.omega_mass**2 - mass**2 - 1j * data.omega_mass * data.omega_width
    )
    rho = resonances[:, 0] / (1.0 + data.omega_weight)
    isovector = rho + resonances[:, 1:].sum(axis=1)
    return np.stack([isovector, rho * data.omega_weight * omega, 0.0 * rho])


def _gounaris_sakurai(s: np.ndarray, data: object) -> np.ndarray:
    from hazma.form_factors.vector._utils import MPI_GEV, breit_wigner_gs

    shapes = breit_wigner_gs(
        s, data.masses, data.widths, MPI_GEV, MPI_GEV, data.h0, data.dh, data.hres, reshape=True
    )
    return data.coup * shapes


def neutral_kaon_components(mass: np.ndarray) -> Components:
    """Return the form factor of K0 K0bar.

    CHANGED: hazma means to multiply the phi by 1.055 in this channel, as arXiv:1911.11147 does,
    but its `phi_terms[0] *= eta_phi` indexes the first mass instead of the first resonance. One
    mass at a time the whole phi tower is multiplied, so the excess over the phi is taken off.
    """
    factor = hazma_vector.VectorFormFactorK0K0()
    data, eta_phi, rows = factor.fit_data, 1.055, []
    for g in UNIT:
        # The first entry takes the wrong factor; a dummy mass in front keeps it off the others.
        padded = np.concatenate([[1.5], mass])
        rows.append(factor.form_factor(q=1e3 * padded, couplings=g)[1:])
    s = mass**2
    momentum = np.sqrt(np.clip(s / 4.0 - K0**2, 0.0, None))
    at_phi = np.sqrt(data.phi_mass[0] ** 2 / 4.0 - K0**2)
    # The p-wave width of breit_wigner_pwave: sqrt(s)/m (beta(s)/beta(m^2))^3 Gamma.
    speed = (momentum / np.sqrt(s)) / (at_phi / data.phi_mass[0])
    width = data.phi_width[0] * np.sqrt(s) / data.phi_mass[0] * speed**3
    phi = data.phi_mass[0] ** 2 / (data.phi_mass[0] ** 2 - s - 1j * np.sqrt(s) * width)
    rows[2] = rows[2] + (eta_phi - 1.0) / 3.0 * data.phi_coup[0] * phi
    return np.stack(rows)


def pair_of_pseudoscalars(
    components: Callable[[np.ndarray], Components], threshold: float
) -> Callable[[np.ndarray], np.ndarray]:
    """Return R_ab = beta^3 |F|^2 / 4 of two equal pseudoscalars."""

    def ratio(mass: np.ndarray) -> np.ndarray:
        beta3 = np.clip(1.0 - threshold**2 / mass**2, 0.0, None) ** 1.5
        return combine(components(mass), beta3 / 4.0)

    return ratio


def pseudoscalar_and_vector(
    name: str, m1: float, m2: float, branching: float = 1.0
) -> Callable[[np.ndarray], np.ndarray]:
    """Return R_ab = p^3 |F|^2 / m of a pseudoscalar and a photon or vector meson (F in 1/GeV)."""
    components = from_hazma(name)

    def ratio(mass: np.ndarray) -> np.ndarray:
        s = mass**2
        momentum = np.sqrt(np.clip(kallen(s, m1**2, m2**2), 0.0, None)) / (2.0 * mass)
        return combine(components(mass), branching * momentum**3 / mass)

    return ratio


# ---- three pseudoscalars -----------------------------------------------------------------------


def dalitz(mass: float, m1: float, m2: float, m3: float, n: int) -> tuple[np.ndarray, ...]:
    """Return s = m23^2, t = m13^2 and weights of the Dalitz plot, free of end-point roots."""
    x, w = np.polynomial.legendre.leggauss(n)
    x, w = 0.5 * (x + 1.0), 0.5 * w
    low, high = (m2 + m3) ** 2, (mass - m1) ** 2
    angle = 0.5 * np.pi * x
    s = (low + (high - low) * np.sin(angle) ** 2)[:, None]
    ds = ((high - low) * np.sin(2.0 * angle) * 0.5 * np.pi * w)[:, None]
    energy3 = (s + m3**2 - m2**2) / (2.0 * np.sqrt(s))
    energy1 = (mass**2 - s - m1**2) / (2.0 * np.sqrt(s))
    p3 = np.sqrt(np.clip(energy3**2 - m3**2, 0.0, None))
    p1 = np.sqrt(np.clip(energy1**2 - m1**2, 0.0, None))
    cosine = 2.0 * x[None, :] - 1.0
    t = m1**2 + m3**2 + 2.0 * energy1 * energy3 - 2.0 * p1 * p3 * cosine
    dt = 4.0 * p1 * p3 * w[None, :]
    return np.broadcast_to(s, t.shape), t, ds * dt


def lorentz_ppp(q2: float, s: np.ndarray, t: np.ndarray, masses: tuple[float, ...]) -> np.ndarray:
    """Return -J.J / (3 q^2) of J = eps(mu, p1, p2, p3): the Gram determinant over 3 q^2."""
    m1, m2, m3 = masses
    u = q2 + m1**2 + m2**2 + m3**2 - s - t
    p12, p13, p23 = (
        0.5 * (u - m1**2 - m2**2),
        0.5 * (t - m1**2 - m3**2),
        0.5 * (s - m2**2 - m3**2),
    )
    gram = (
        m1**2 * (m2**2 * m3**2 - p23**2)
        - p12 * (p12 * m3**2 - p23 * p13)
        + p13 * (p12 * p23 - m2**2 * p13)
    )
    return gram / (3.0 * q2)


def three_pseudoscalars(
    name: str, masses: tuple[float, float, float], factor: float = 1.0, n: int = 96
) -> Callable[[np.ndarray], np.ndarray]:
    """Return R_ab = 6 pi J_ab with J = int dPhi3 |F|^2 L (`VectorFormFactorPPP` of hazma)."""
    current = getattr(hazma_vector, f"VectorFormFactor{name}")()

    def one(mass: float) -> np.ndarray:
        s, t, weight = dalitz(mass, *masses, n)
        weight = weight * lorentz_ppp(mass**2, s, t, masses) / (128.0 * np.pi**3 * mass**2)
        arguments = (1e6 * s,) if name.startswith("PiPiEta") else (1e6 * s, 1e6 * t)
        amplitudes = np.stack(
            [
                1e9 * current.form_factor(1e3 * mass, *arguments, couplings=g) * np.ones_like(s)
                for g in UNIT
            ]
        )
        columns = [
            (1.0 if a == b else 2.0)
            * float(((amplitudes[a] * np.conj(amplitudes[b])).real * weight).sum())
            for a, b in PAIRS
        ]
        return 6.0 * np.pi * factor * np.array(columns)

    def ratio(mass: np.ndarray) -> np.ndarray:
        return np.stack([one(m) if m > sum(masses) else np.zeros(6) for m in mass])

    return ratio


# ---- a vector meson and two pseudoscalars ------------------------------------------------------


def vector_and_pair(mass: np.ndarray, m_v: float, m1: float, m2: float) -> np.ndarray:
    """Return int dQ^2 p1(Q) p3(Q)/Q (1 + p3^2/(3 m_V^2)), arXiv:1911.11147, of an S wave."""
    x, w = np.polynomial.legendre.leggauss(64)
    angle, w = 0.25 * np.pi * (x + 1.0), 0.25 * np.pi * w
    low, high = (m1 + m2) ** 2, (mass[:, None] - m_v) ** 2
    q2 = low + (high - low) * np.sin(angle) ** 2
    jacobian = (high - low) * np.sin(2.0 * angle) * w
    inner = np.sqrt(np.clip(kallen(q2, m1**2, m2**2), 0.0, None) / q2) / 2.0
    s = mass[:, None] ** 2
    outer = np.sqrt(np.clip(kallen(s, q2, m_v**2), 0.0, None) / s) / 2.0
    integral = (inner * outer / np.sqrt(q2) * (1.0 + outer**2 / (3.0 * m_v**2)) * jacobian).sum(1)
    return np.where(mass > m_v + m1 + m2, integral, 0.0)


def vector_pair_ratio(
    components: Callable[[np.ndarray], Components], m_v: float, pairs: list[tuple[float, ...]]
) -> Callable[[np.ndarray], np.ndarray]:
    """Return R_ab = 3 |F|^2 Phi / (16 pi^2 m^3), with (m1, m2, symmetry factor) in `pairs`."""

    def ratio(mass: np.ndarray) -> np.ndarray:
        phase_space = sum(f * vector_and_pair(mass, m_v, m1, m2) for m1, m2, f in pairs)
        return combine(components(mass), 3.0 * phase_space / (16.0 * np.pi**2 * mass**3))

    return ratio


def _fixed(s: np.ndarray, mass: float, width: float) -> np.ndarray:
    return mass**2 / (mass**2 - s - 1j * mass * width)


def _running(s: np.ndarray, mass: float, width: float) -> np.ndarray:
    return mass**2 / (mass**2 - s - 1j * np.sqrt(s) * width)


def omega_pion_pair(mass: np.ndarray) -> Components:
    """Return the amplitude of omega pi pi: omega(1650), fit of arXiv:1911.11147 (as hazma)."""
    amplitude = 2.728870588760009 * _running(mass**2, 1.6608543573197, 0.3982595005228462)
    return np.stack([0 * amplitude, amplitude, 0 * amplitude])


def phi_pion_pair(mass: np.ndarray) -> Components:
    """Return the amplitude of phi pi pi, arXiv:1911.11147 (not in hazma)."""
    s = mass**2
    amplitude = 1.4440212871376037 * np.exp(2.62513009401222j) * _running(
        s, 1.680206376111421, 0.22649014716417465
    ) + 0.6856322620088697 * _running(s, 2.162094475680359, 0.20905046718427628)
    return np.stack([0 * amplitude, 0 * amplitude, amplitude])


def kstar_kaon_pion_charged(mass: np.ndarray) -> Components:
    """Return the amplitude of K*0 K pi -> K+ K- pi+ pi-, arXiv:1911.11147 (not in hazma)."""
    s = mass**2
    strange = -4.5159727286986975 * _fixed(s, 1.65, 0.10306362864702914)
    vector = (
        -2.34 * _fixed(s, 0.77526, 0.1491)
        + 0.594 * np.exp(0.317j) * _fixed(s, 1.47, 0.4)
        + 15.658829780911248 * _fixed(s, 1.8424500809807751, 0.40316760691226605)
    )
    return np.sqrt(2.0 / 9.0) * np.stack([vector, 0 * s, strange])


def kstar_kaon_pion_mixed(sign: float) -> Callable[[np.ndarray], Components]:
    """Return the amplitude of K* K pi -> K_S K+- pi-+ pi0, arXiv:1911.11147 (not in hazma).

    CHANGED: times sqrt 2, for the K_L beside the K_S that the fit was made to.
    """

    def components(mass: np.ndarray) -> Components:
        s = mass**2
        strange = 2.488597350435909 * np.exp(1.0180585878257837j) * _fixed(s, 1.7, 0.3)
        vector = 13.505485155732044 * _fixed(s, 1.8975485530633405, 0.5037543149729891)
        return np.sqrt(2.0 / 18.0) * np.stack([vector, 0 * s, sign * strange])

    return components


def two_kaons_two_pions(mass: np.ndarray) -> np.ndarray:
    """Return R_ab of K K pi pi by K* K pi."""
    charged = vector_pair_ratio(kstar_kaon_pion_charged, KSTAR, [(K, PI, 1.0)])
    first = vector_pair_ratio(kstar_kaon_pion_mixed(1.0), KSTAR, [(K, PI, 1.0)])
    second = vector_pair_ratio(kstar_kaon_pion_mixed(-1.0), KSTAR, [(K0, PI, 1.0), (K, PI0, 1.0)])
    return charged(mass) + first(mass) + second(mass)


# ---- four and six pions ------------------------------------------------------------------------

FOUR_PION_MASSES = np.concatenate(
    [
        [0.57, 0.60, 0.65, 0.70, 0.75, 0.80, 0.84, 0.87, 0.89, 0.90, 0.91, 0.92, 0.93, 0.94],
        [0.95, 0.965, 0.98, 1.0, 1.025],
        np.arange(1.05, M_MAX + 0.06, 0.05),
    ]
)
EVENTS = {"PiPiPi0Pi0": 1 << 20, "PiPiPiPi": 1 << 18}


def four_pions(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return R_11 and its statistical error at `FOUR_PION_MASSES`.

    CHANGED: hazma gives the second beta of the t-channel rho the value of the first
    (beta_t_rho2 = 0.08 for -0.0075 of its own default and of arXiv:0804.0359).
    """
    factor = getattr(hazma_vector, f"VectorFormFactor{name}")()
    factor.fit_data.beta_t_rho2 = -0.0075
    ratio, error = np.zeros(FOUR_PION_MASSES.size), np.zeros(FOUR_PION_MASSES.size)
    for i, mass in enumerate(FOUR_PION_MASSES):
        rambo = Rambo(mass, factor._fsp_masses)
        rambo._Rambo__rng = np.random.default_rng(2207)
        values = []
        for _ in range(EVENTS[name] >> 16):
            momenta, weights = rambo.generate(1 << 16)
            values.append(weights * factor._msqrd(momenta, gvuu=1.0, gvdd=0.0))
        sample = 6.0 * np.pi * np.concatenate(values)
        ratio[i], error[i] = sample.mean(), sample.std() / np.sqrt(sample.size)
        print(f"{name} {mass:.3f} GeV: R = {ratio[i]:.5g} +- {error[i]:.1g}", flush=True)
    return ratio, error


def four_pion_ratio(values: np.ndarray, threshold: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return R_ab of four pions: log spline of the sampled values over phase space."""
    reduced = np.log(values) - 4.5 * np.log(1.0 - threshold**2 / FOUR_PION_MASSES**2)
    spline = CubicSpline(FOUR_PION_MASSES, reduced)

    def ratio(mass: np.ndarray) -> np.ndarray:
        clipped = np.clip(mass, FOUR_PION_MASSES[0], None)
        space = np.clip(1.0 - threshold**2 / mass**2, 0.0, None) ** 4.5
        column = np.exp(spline(clipped)) * space
        return np.stack([column, *(5 * [0.0 * column])], axis=-1)

    return ratio


def six_pions(mass: np.ndarray) -> np.ndarray:
    """Return R_ab = 3 |F|^2 / m of six pions: hep-ex/0602006 with the fit of arXiv:1911.11147.

    Not in hazma. 3(pi+ pi-) and 2(pi+ pi- pi0), open above 1.4 GeV.
    """
    total = np.zeros_like(mass)
    for strength, peak, phase, width, flat, slope, power, decay, start in (
        (0.0036595657695477346, 1.88, 21.0, 0.13, 0.015278568501613186, -1.0819476867207243,
         0.8896494373262481, 1.4, 1.26158551198849),
        (-0.0072157182261625066, 1.86, -3.0, 0.16, -0.027580774291809617, 2.3792205359064202,
         0.8543454953801702, 1.5431907628236239, 1.19907252783525),
    ):  # fmt: skip
        above = np.clip(mass - start, 1e-3, None)
        resonance = np.exp(1j * np.radians(phase)) * peak**2
        amplitude = strength * resonance / (mass**2 - peak**2 + 1j * mass * width)
        amplitude = amplitude + flat + slope * np.exp(-decay / above) / above ** (2.0 - power)
        total += 3.0 * np.abs(amplitude) ** 2 / mass
    column = np.where(mass > 1.4, total, 0.0)
    return np.stack([column, *(5 * [0.0 * column])], axis=-1)
