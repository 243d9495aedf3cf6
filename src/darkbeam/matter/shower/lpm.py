r"""Suppression of soft bremsstrahlung in matter: Landau-Pomeranchuk-Migdal and dielectric.

A photon is formed over a length that grows with the electron's energy. Multiple scattering of the
electron within it (LPM), or the photon's phase shift by the medium (Ter-Mikaelian), spoil the
coherence. Theory: A.B. Migdal, Phys. Rev. 103 (1956) 1811; review: S. Klein, Rev. Mod. Phys. 71
(1999) 1501.
"""

from __future__ import annotations

from functools import lru_cache
from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ALPHA, ELECTRON_MASS, HBARC_GEV_CM

__all__ = ["lpm_energy", "lpm_suppression", "migdal_functions", "migdal_xi"]

Array = NDArray[np.float64]


def lpm_energy(radiation_length_cm: float) -> float:
    r"""Energy above which multiple scattering suppresses bremsstrahlung, GeV.

    .. math:: E_{LPM} = \frac{\alpha m_e^2 X_0}{4 \pi \hbar c}
              = 7.7\,\mathrm{TeV/cm} \times X_0

    (Review of Particle Physics, "Passage of particles through matter", eq. (34.31)); photons with
    k < E^2 / E_LPM are suppressed. It is 4.3 TeV in lead.
    """
    return ALPHA * ELECTRON_MASS**2 * radiation_length_cm / (4.0 * pi * HBARC_GEV_CM)


def migdal_functions(s: ArrayLike) -> tuple[Array, Array]:
    r"""Migdal's functions G(s) and :math:`\phi(s)`; both tend to 1 for large s.

    .. math:: G(s) = 12 \pi s^2 - 48 s^3 \sum_{k=0}^\infty \frac{1}{(k+s+\frac12)^2 + s^2}, \quad
       \phi(s) = 6 s (1 - \pi s) + 24 s^3 \sum_{k=1}^\infty \frac{1}{(k+s)^2 + s^2}

    (Migdal 1956, eqs. (46)-(48); Klein 1999, eqs. (73)-(74)). The sums are imaginary parts of the
    digamma function; for s > 8 the asymptotic series takes over.

    Parameters
    ----------
    s : array_like
        Not negative.

    Returns
    -------
    g, phi : ndarray
        In the shape of `s`.
    """
    from scipy.special import digamma

    value = np.asarray(s, dtype=np.float64)
    t = np.minimum(value, 8.0)
    g = 12.0 * pi * t**2 - 48.0 * t**2 * digamma(0.5 + t + 1j * t).imag
    phi = 6.0 * t * (1.0 - pi * t) + 24.0 * t**2 * digamma(1.0 + t + 1j * t).imag
    with np.errstate(divide="ignore"):
        s4 = value**-4
    large = value > 8.0
    return (
        np.where(large, 1.0 - 0.0230655 * s4, g),
        np.where(large, 1.0 - 0.0119048 * s4, phi),
    )


@lru_cache(maxsize=1)
def _migdal_table() -> tuple[Array, Array, Array]:
    logarithm = np.linspace(np.log(1e-5), np.log(8.0), 4001)
    g, phi = migdal_functions(np.exp(logarithm))
    return logarithm, g, phi


def _migdal_interpolated(s: Array) -> tuple[Array, Array]:
    """`migdal_functions` to 2e-6 by a table, in their limits outside."""
    logarithm, g, phi = _migdal_table()
    at = np.log(np.maximum(s, 1e-5))
    s4 = np.maximum(s, 8.0) ** -4
    large = s > 8.0
    small = np.minimum(s / 1e-5, 1.0)
    return (
        np.where(large, 1.0 - 0.0230655 * s4, np.interp(at, logarithm, g) * small**2),
        np.where(large, 1.0 - 0.0119048 * s4, np.interp(at, logarithm, phi) * small),
    )


def migdal_xi(s_prime: ArrayLike, z: float) -> Array:
    r"""Migdal's logarithmic factor :math:`\xi`, between 1 and 2, without iteration.

    With :math:`s_1 = (Z^{1/3}/191)^2` and :math:`h = \ln s' / \ln(\sqrt2 s_1)`,

    .. math:: \xi = 1 + h - \frac{0.08 (1-h) [1 - (1-h)^2]}{\ln(\sqrt2 s_1)}
       \quad (\sqrt2 s_1 < s' < 1),

    2 below and 1 above that range: T. Stanev et al., Phys. Rev. D 25 (1982) 1291, where
    :math:`s' = s \sqrt\xi`.
    """
    value = np.asarray(s_prime, dtype=np.float64)
    edge = np.sqrt(2.0) * (z ** (1.0 / 3.0) / 191.0) ** 2
    inside = np.clip(value, edge, 1.0)
    h = np.log(inside) / np.log(edge)
    return np.asarray(1.0 + h - 0.08 * (1.0 - h) * (1.0 - (1.0 - h) ** 2) / np.log(edge))


def lpm_suppression(
    s_prime: ArrayLike, z: float, dielectric: ArrayLike = 1.0
) -> tuple[Array, Array]:
    r"""Return :math:`\xi G` and :math:`\xi \phi`, each divided by the dielectric factor.

    Parameters
    ----------
    s_prime : array_like
        :math:`s' = \sqrt{E_{LPM} k / [8 E (E-k)]}` for bremsstrahlung and
        :math:`\sqrt{E_{LPM} k / (8 E_+ E_-)}` for pairs.
    z : float
        Atomic number.
    dielectric : array_like
        :math:`\Gamma = 1 + (\hbar\omega_p E / m k)^2`, 1 without dielectric suppression: s is
        multiplied and the functions are divided by it (Klein 1999, eqs. (90)-(92)).
    """
    gamma = np.asarray(dielectric, dtype=np.float64)
    s_eff = np.asarray(s_prime, dtype=np.float64) * gamma
    xi = migdal_xi(s_eff, z)
    g, phi = _migdal_interpolated(s_eff / np.sqrt(xi))
    # Migdal's interpolation of xi exceeds 1 where suppression sets in; nothing is enhanced.
    return np.minimum(xi * g, 1.0) / gamma, np.minimum(xi * phi, 1.0) / gamma
