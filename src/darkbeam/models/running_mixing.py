r"""Where the mixing of a dark photon with the photon may come from: loops of charged fermions.

S1 (arXiv:2003.07257) sec. 2.3. All functions return :math:`\epsilon` of
:math:`L = +\epsilon e A'_\mu J^\mu_{em}` (S1 eq. 7), for fermions of electric charge +1 (in units
of e) and coupling :math:`e'` to the dark photon; only the product of the two matters. They are
complex above the threshold of a fermion.
"""

from __future__ import annotations

from math import pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ELEMENTARY_CHARGE
from darkbeam.errors import InputError
from darkbeam.models.vacuum_polarisation import opposite_pair_mixing, polarisation

__all__ = ["nonabelian_mixing", "one_fermion_mixing", "two_fermion_mixing"]

ComplexArray = NDArray[np.complex128]


def one_fermion_mixing(
    q2: ArrayLike, mass: ArrayLike, mediator_mass: ArrayLike, e_prime: ArrayLike
) -> ComplexArray:
    r"""Return the mixing that one fermion adds, renormalised to 0 on the dark photon's mass shell.

    .. math::

       \epsilon_{1l}(p^2) = \frac{e e'}{16\pi^2} \int_{-1}^1 d\eta\,(1-\eta^2)
       \ln\frac{4M^2 - p^2(1-\eta^2)}{4M^2 - m_{A'}^2(1-\eta^2)}

    It vanishes like :math:`(m_{A'}^2 - p^2)\, e e'/(60\pi^2 M^2)` for a heavy fermion.

    Parameters
    ----------
    q2 : array_like
        :math:`p^2`, GeV^2: negative in scattering.
    mass : array_like
        :math:`M` of the fermion, GeV, > 0.
    mediator_mass : array_like
        :math:`m_{A'}`, GeV.
    e_prime : array_like
        Coupling of the fermion to the dark photon, times its electric charge.

    Returns
    -------
    ndarray of complex
        Without a unit.

    References
    ----------
    S1 (arXiv:2003.07257) eqs. 14-16.

    Examples
    --------
    >>> print(f"{one_fermion_mixing(-1.0, 10.0, 0.2, 0.3).real:.2e}")
    1.59e-06
    """
    strength = ELEMENTARY_CHARGE * np.asarray(e_prime, dtype=np.float64) / (12.0 * pi**2)
    return np.asarray(strength * _change(q2, mediator_mass, mass))


def two_fermion_mixing(
    q2: ArrayLike,
    mass1: ArrayLike,
    mass2: ArrayLike,
    e_prime: ArrayLike,
    mediator_mass: ArrayLike | None = None,
) -> ComplexArray:
    r"""Return the finite mixing of two fermions with couplings :math:`e'` and :math:`-e'`.

    .. math::

       \epsilon_{1l}(p^2) = \frac{e e'}{16\pi^2} \int_{-1}^1 d\eta\,(1-\eta^2)
       \ln\frac{4M_1^2 - p^2(1-\eta^2)}{4M_2^2 - p^2(1-\eta^2)}
       \;[- \text{the same at } p^2 = m_{A'}^2]

    :math:`\frac{e e'}{12\pi^2}\ln(M_1^2/M_2^2)` at :math:`p^2 = 0`, however heavy the fermions;
    with the subtraction they decouple like :math:`1/M^2`.

    Parameters
    ----------
    q2 : array_like
        :math:`p^2`, GeV^2.
    mass1, mass2 : array_like
        Masses of the fermions, GeV, > 0.
    e_prime : array_like
        Coupling of the first to the dark photon, times its electric charge.
    mediator_mass : array_like, optional
        :math:`m_{A'}`, GeV: then renormalised to 0 on that mass shell (eq. 18).

    Returns
    -------
    ndarray of complex
        Without a unit.

    References
    ----------
    S1 (arXiv:2003.07257) eqs. 17, 18.

    Examples
    --------
    >>> print(f"{two_fermion_mixing(0.0, 200.0, 100.0, 0.3).real:.3e}")
    1.063e-03
    """
    if mediator_mass is None:
        return opposite_pair_mixing(q2, mass1, mass2, e_prime)
    strength = ELEMENTARY_CHARGE * np.asarray(e_prime, dtype=np.float64) / (12.0 * pi**2)
    change = _change(q2, mediator_mass, mass1) - _change(q2, mediator_mass, mass2)
    return np.asarray(strength * change)


def nonabelian_mixing(
    g: ArrayLike,
    mass: ArrayLike,
    splitting: ArrayLike,
    q2: ArrayLike = 0.0,
    *,
    generator: float = 0.5,
) -> ComplexArray:
    r"""Return the mixing if the dark photon is the third boson of a broken SU(2).

    A doublet of fermions of electric charge +1 has its masses split to :math:`M \pm h\Phi` by a
    triplet that breaks SU(2) to U(1). Its members have the couplings :math:`\pm t g`, so that this
    is `two_fermion_mixing` with :math:`e' = t g`; at :math:`p^2 = 0`

    .. math::

       \epsilon = \frac{e\, t g}{6\pi^2} \ln\frac{M + h\Phi}{M - h\Phi}
       \approx \frac{e\, t g}{6\pi^2}\,\frac{2h\Phi}{M} .

    Parameters
    ----------
    g : array_like
        Coupling of SU(2).
    mass : array_like
        :math:`M`, GeV.
    splitting : array_like
        :math:`h\Phi`, GeV, of either sign, smaller than the mass.
    q2 : array_like
        :math:`p^2`, GeV^2.
    generator : float
        :math:`t`: 1/2 for generators :math:`\sigma_a/2`, the usual normalisation. S1 eqs. 19, 20
        are those of :math:`t = 1`, which makes their g half of the usual one.

    Returns
    -------
    ndarray of complex
        Without a unit.

    Raises
    ------
    InputError
        If the splitting is not smaller than the mass.

    References
    ----------
    S1 (arXiv:2003.07257) eqs. 19, 20.

    Examples
    --------
    >>> print(f"{nonabelian_mixing(0.3, 1000.0, 10.0).real:.3e}")
    1.534e-05
    """
    middle, half_gap = np.asarray(mass, dtype=np.float64), np.asarray(splitting, dtype=np.float64)
    if not np.all(np.abs(half_gap) < middle):
        raise InputError(f"splitting must be smaller than the mass (GeV), got {splitting!r}")
    coupling = generator * np.asarray(g, dtype=np.float64)
    return opposite_pair_mixing(q2, middle + half_gap, middle - half_gap, coupling)


def _change(q2: ArrayLike, mediator_mass: ArrayLike, mass: ArrayLike) -> ComplexArray:
    """Return the vacuum polarisation of a fermion minus its value on the mediator's mass shell."""
    shell = np.square(np.asarray(mediator_mass, dtype=np.float64))
    return np.asarray(polarisation(q2, mass) - polarisation(shell, mass))
