"""Compiled form factors of nuclei: floats in, floats out."""

from __future__ import annotations

from darkbeam.compiled import kernel
from darkbeam.constants import ELECTRON_MASS, PROTON_MASS

_M_E = ELECTRON_MASS
_M_P = PROTON_MASS
_MU_P = 2.79


@kernel(inline="always")
def elastic_screening_t(Z: float) -> float:
    """Return 1/a^2 in GeV^2, a = 111 Z^(-1/3)/m_e: below it the electrons screen the nucleus."""
    inverse_a: float = _M_E * Z ** (1.0 / 3.0) / 111.0
    return inverse_a * inverse_a


@kernel(inline="always")
def elastic_size_t(A: float) -> float:
    """Return d = 0.164 GeV^2 A^(-2/3): above it the size of the nucleus cuts the charge off."""
    size: float = 0.164 * A ** (-2.0 / 3.0)
    return size


@kernel
def elastic_g2(t: float, Z: float, t_screening: float, t_size: float) -> float:
    """Return the elastic G_2(t), with the two scales worked out before."""
    screened = t / (t_screening + t)
    sized = 1.0 / (1.0 + t / t_size)
    return (Z * screened * sized) ** 2


@kernel
def inelastic_g2(t: float, Z: float) -> float:
    """Return the inelastic G_2(t): the protons one by one, screened by the atom."""
    inverse_a2 = (_M_E * Z ** (2.0 / 3.0) / 773.0) ** 2
    screened = t / (inverse_a2 + t)
    magnetic = 1.0 + t * (_MU_P**2 - 1.0) / (4.0 * _M_P**2)
    dipole = (1.0 + t / 0.71) ** 4
    factor: float = screened * magnetic / dipole
    return Z * factor * factor
