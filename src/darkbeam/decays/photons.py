r"""Decays to photons through loops: a scalar to two, a vector to three."""

from __future__ import annotations

import warnings
from functools import lru_cache
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import (
    ALPHA,
    CHARGED_KAON_MASS,
    ELECTRON_MASS,
    MUON_MASS,
    PION_MASS,
    TAU_MASS,
    W_MASS,
)
from darkbeam.decays.scalar_hadrons import PSEUDOSCALAR_MATCHING_MASS, SCALAR_MATCHING_MASS
from darkbeam.decays.scalar_hadrons.form_factors import form_factors
from darkbeam.decays.scalar_hadrons.perturbative import HEAVY_QUARKS, POLE_MASSES
from darkbeam.decays.triangle_loops import (
    charged_scalar_amplitude,
    fermion_pseudoscalar_amplitude,
    fermion_scalar_amplitude,
    w_amplitude,
)
from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models.couplings import CHARGED_LEPTONS, ELECTRIC_CHARGE, QUARKS, CouplingTable
from darkbeam.models.higgs_portal import HIGGS_VEV
from darkbeam.models.yukawa_scalar import QUARK_MASSES

__all__ = ["photon_pair_width", "three_photon_width"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

# Series of the three-photon width in (M/m)^2. The fractions are those of arXiv:1705.00619; all are
# the expansion of the one-loop amplitude that tests/decays/worldline_reference.py evaluates.
_THREE_PHOTON_SERIES = (
    1.0,
    335 / 714,
    128941 / 839664,
    44787 / 1026256,
    1249649333 / 108064756800,
    36494147 / 12382420050,
    7.339891e-04,
    1.801924e-04,
    4.383551e-05,
    1.060159e-05,
    2.554373e-06,
    6.140048e-07,
    1.473821e-07,
    3.534976e-08,
    8.476086e-09,
    2.032406e-09,
    4.874497e-10,
    1.169561e-10,
    2.807622e-11,
    6.743890e-12,
    1.620920e-12,
    3.898583e-13,
    9.383305e-14,
    2.260028e-14,
    5.447319e-15,
)
# A pseudoscalar much lighter than the pion: every quark coupling acts as one to gluons, which
# brings -1.92 +- 0.04 with it (G. Grilli di Cortona et al., arXiv:1511.02867, abstract).
_LIGHT_PSEUDOSCALAR = 0.03  # GeV: corrections are (M/m_pi)^2 = 5 %
_GLUON_TERM = 1.92

_LEPTON_MASSES = dict(zip(CHARGED_LEPTONS, (ELECTRON_MASS, MUON_MASS, TAU_MASS), strict=True))


def photon_pair_width(
    table: CouplingTable, w_coupling: ArrayLike | None = None, *, warn: bool = True
) -> FloatArray:
    r"""Return the width of a spin-0 mediator to two photons through loops.

    .. math::

       \Gamma = \frac{\alpha^2 M^3}{256\pi^3} \left(
       \Big| \sum_f N_c Q_f^2 \frac{g_S}{m_f} A_{1/2} + \sum_P \frac{G_P}{2 m_P^2} A_0
       + \frac{\kappa_W}{v} A_1 \Big|^2
       + \Big| \sum_f N_c Q_f^2 \frac{g_P}{m_f} A^A_{1/2} \Big|^2 \right)

    The amplitudes are those of `darkbeam.decays.triangle_loops`. `f` are the charged leptons and,
    for scalar couplings, charm, bottom and top. Up to 2 GeV the light quarks and the gluons act
    through loops of the charged pion and kaon, whose amplitudes :math:`G_P(M^2)` are those of the
    decays to pairs of them; above, loops of light quarks vanish with their masses. Below 30 MeV
    the quarks of a pseudoscalar add :math:`\sum_q (2 N_c Q_q^2 - 1.92)\, g_P/m_q` instead, as of
    an axion.

    Parameters
    ----------
    table : CouplingTable
        Of spin 0.
    w_coupling : array_like, optional
        Coupling :math:`\kappa_W` to W pairs in units of the Higgs boson's,
        :math:`L = \kappa_W (2 m_W^2/v) \phi W^+W^-`, in place of the table's `w_boson`: the sine of
        the mixing angle for a scalar that mixes with the Higgs boson. Broadcasts with the table.
    warn : bool
        False silences the `DarkbeamWarning` that tells of widths that are NaN.

    Returns
    -------
    ndarray
        Partial width, GeV. NaN from 30 MeV to 3 GeV where a pseudoscalar couples to quarks: mixing
        with pi0, eta and eta' dominates there.

    Warns
    -----
    DarkbeamWarning
        Where the width is NaN.

    Raises
    ------
    ModelError
        The table is that of a vector.

    References
    ----------
    A. Djouadi, hep-ph/0503172, eqs. 2.44-2.50; H. Leutwyler, M. A. Shifman, Phys. Lett. B221 (1989)
    384 for the mesons; G. Grilli di Cortona et al., arXiv:1511.02867, for light pseudoscalars.

    Examples
    --------
    >>> from darkbeam.models import MuonphilicScalar
    >>> width = photon_pair_width(MuonphilicScalar(mass=0.1, g=1e-3).couplings())
    >>> print(f"{width:.2e} GeV")
    1.20e-15 GeV
    """
    if table.spin != 0:
        raise ModelError("spin = 1: a vector does not decay to two photons (Landau, Yang)")
    w_boson = np.asarray(table.w_boson if w_coupling is None else w_coupling)
    shape = np.broadcast_shapes(table.shape, w_boson.shape)
    mass = np.broadcast_to(np.asarray(table.mass, dtype=np.float64), shape)
    even, odd = np.zeros(shape, dtype=np.complex128), np.zeros(shape, dtype=np.complex128)
    for fermion, loop_mass, weight in _loops():
        coupling = table.entry(fermion)
        if coupling.is_zero():
            continue
        tau = (mass / (2.0 * loop_mass)) ** 2
        even = even + weight * np.asarray(coupling.scalar) * fermion_scalar_amplitude(tau)
        odd = odd + weight * np.asarray(coupling.pseudoscalar) * fermion_pseudoscalar_amplitude(tau)
    even = even + _from_mesons(table, mass)
    odd = odd + _of_light_pseudoscalars(table, mass)
    if np.any(w_boson):
        from_w = w_amplitude((mass / (2.0 * W_MASS)) ** 2)
        even = even + w_boson / HIGGS_VEV * from_w
    width = ALPHA**2 * mass**3 / (256.0 * pi**3) * (np.abs(even) ** 2 + np.abs(odd) ** 2)
    return _without_mixing(table, mass, width, warn=warn)


def _loops() -> list[tuple[str, float, float]]:
    """Return fermion, mass in the loop and N_c Q^2/m, where m goes with the coupling."""
    leptons = [(f, m, 1.0 / m) for f, m in _LEPTON_MASSES.items()]
    return leptons + [
        (q, POLE_MASSES[q], 3.0 * ELECTRIC_CHARGE[q] ** 2 / QUARK_MASSES[q]) for q in HEAVY_QUARKS
    ]


def _from_mesons(table: CouplingTable, mass: FloatArray) -> ComplexArray:
    """Return the loops of charged pions and kaons, 1/GeV; zero above 2 GeV."""
    scalar = {q: np.asarray(table.entry(q).scalar) for q in QUARKS}
    low = mass <= SCALAR_MATCHING_MASS
    if not np.any(low) or not any(np.any(value) for value in scalar.values()):
        return np.zeros(mass.shape, dtype=np.complex128)
    clipped = np.minimum(mass, SCALAR_MATCHING_MASS)
    light = (scalar["u"] + scalar["d"]) / (QUARK_MASSES["u"] + QUARK_MASSES["d"])
    heavy = sum(scalar[q] / QUARK_MASSES[q] for q in HEAVY_QUARKS)
    total = np.zeros(mass.shape, dtype=np.complex128)
    for factors, meson in zip(
        form_factors(clipped**2), (PION_MASS, CHARGED_KAON_MASS), strict=True
    ):
        amplitude = factors.combine(light, scalar["s"] / QUARK_MASSES["s"], heavy)
        loop = charged_scalar_amplitude((clipped / (2.0 * meson)) ** 2)
        total = total + amplitude / (2.0 * meson**2) * loop
    return np.where(low, total, 0.0)


def _of_light_pseudoscalars(table: CouplingTable, mass: FloatArray) -> ComplexArray:
    """Return what quarks add to the loops above for a pseudoscalar below 30 MeV, 1/GeV."""
    amplitude = np.zeros(mass.shape, dtype=np.complex128)
    for quark in QUARKS:
        in_loop = 0.0 if quark in HEAVY_QUARKS else 3.0 * ELECTRIC_CHARGE[quark] ** 2
        relative = np.asarray(table.entry(quark).pseudoscalar) / QUARK_MASSES[quark]
        amplitude = amplitude + (2.0 * in_loop - _GLUON_TERM) * relative
    return np.where(mass <= _LIGHT_PSEUDOSCALAR, amplitude, 0.0)


def _without_mixing(
    table: CouplingTable, mass: FloatArray, width: FloatArray, *, warn: bool
) -> FloatArray:
    """Return the width, NaN where a pseudoscalar would mix with the light mesons."""
    mixes = np.zeros(mass.shape, dtype=np.bool_)
    for quark in QUARKS:
        mixes = mixes | (np.asarray(table.entry(quark).pseudoscalar) != 0.0)
    mixes &= (mass > _LIGHT_PSEUDOSCALAR) & (mass < PSEUDOSCALAR_MATCHING_MASS)
    if warn and np.any(mixes):
        warnings.warn(
            "decays to two photons of a pseudoscalar that couples to quarks are not computed from "
            f"{1e3 * _LIGHT_PSEUDOSCALAR:g} MeV to {PSEUDOSCALAR_MATCHING_MASS:g} GeV: their width "
            "is NaN",
            DarkbeamWarning,
            stacklevel=3,
        )
    return np.where(mixes, np.nan, width)


def three_photon_width(table: CouplingTable) -> FloatArray:
    r"""Return the width of a vector mediator to three photons through loops of charged leptons.

    .. math::

       \Gamma = \frac{17\, \alpha^3}{2^7 3^6 5^3 \pi^3} \frac{g_V^2}{4\pi} \frac{M^9}{m^8}
       \left[1 + \sum_k c_k \left(\frac{M^2}{m^2}\right)^k\right]

    for the lightest charged lepton that couples; heavier ones add to the amplitude. Below twice
    its mass this is the one-loop result, not only its limit for small masses: the bracket is 1.7 at
    :math:`M = m`, 8.6 at :math:`\sqrt3 m` and about 50 at :math:`1.97 m`. Within a per cent of
    :math:`2m` positronium (or its like), which is not included, changes it.

    Only vector couplings count: three photons are odd under charge conjugation, an axial current
    is even. Loops of quarks, which are pions at these masses, are left out.

    Parameters
    ----------
    table : CouplingTable
        Of spin 1.

    Returns
    -------
    ndarray
        Partial width, GeV, in the table's shape. Zero from twice the mass of the lightest coupled
        charged lepton on: next to the decay to a pair it is smaller by :math:`\alpha^3` and more.

    Raises
    ------
    ModelError
        The table is that of a scalar.

    References
    ----------
    M. Pospelov, A. Ritz, M. Voloshin, arXiv:0807.3279, eq. 14; S. D. McDermott, H. H. Patel,
    H. Ramani, arXiv:1705.00619, eq. 5.

    Examples
    --------
    >>> from darkbeam.models import DarkPhoton
    >>> width = three_photon_width(DarkPhoton(mass="0.8 MeV", epsilon=1e-4).couplings())
    >>> print(f"{width:.2e} GeV")
    1.84e-25 GeV
    """
    if table.spin != 1:
        raise ModelError("spin = 0: a scalar decays to two photons, not to three")
    mass = np.broadcast_to(np.asarray(table.mass, dtype=np.float64), table.shape)
    amplitude = np.zeros(table.shape)
    below = np.ones(table.shape, dtype=np.bool_)
    for lepton, lepton_mass in _LEPTON_MASSES.items():
        coupling = table.vector(lepton)
        ratio = (mass / lepton_mass) ** 2
        below = below & ((ratio < 4.0) | (coupling == 0.0))
        amplitude = amplitude + coupling / lepton_mass**4 * _three_photon_growth(ratio)
    leading = 17.0 * ALPHA**3 / (2**7 * 3**6 * 5**3 * pi**3) * mass**9 / (4.0 * pi)
    return np.where(below, leading * amplitude**2, 0.0)


@lru_cache(maxsize=1)
def _three_photon_table() -> tuple[FloatArray, FloatArray]:
    """Return (M/m)^2 up to 4 and the logarithm of the series there."""
    known = len(_THREE_PHOTON_SERIES)
    orders = np.arange(known, 4000)
    # The pair threshold at 4 makes c_k fall like 4^-k; the ratios tend to 1 - 1/k times that.
    beyond = np.cumsum(np.log1p(-1.0 / orders)) + np.log(
        _THREE_PHOTON_SERIES[-1] * 4.0 ** (known - 1)
    )
    scaled = np.concatenate(
        [np.array(_THREE_PHOTON_SERIES) * 4.0 ** np.arange(known), np.exp(beyond)]
    )
    fraction = 1.0 - np.linspace(1.0, 0.0, 800) ** 3 * 0.999 - 0.001  # denser towards the threshold
    return 4.0 * fraction, np.log(np.polynomial.polynomial.polyval(fraction, scaled))


def _three_photon_growth(ratio: FloatArray) -> FloatArray:
    """Return the square root of the series, for the amplitude; constant from 3.996 on."""
    grid, logarithm = _three_photon_table()
    return np.asarray(np.exp(0.5 * np.interp(ratio, grid, logarithm)))
