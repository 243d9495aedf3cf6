r"""Electric form factors of atoms: how a nucleus looks to a virtual photon.

Notes
-----
The photon flux of an atom at squared momentum transfer t = -q^2 > 0 is :math:`G_2(t)`
(Bjorken, Essig, Schuster, Toro, Phys. Rev. D 80 (2009) 075018, eqs A18-A19, after Tsai,
Rev. Mod. Phys. 46 (1974) 815; S1 eq 26).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ELECTRON_MASS, PROTON_MASS
from darkbeam.errors import ValidityError

__all__ = ["elastic_form_factor", "inelastic_form_factor"]


def elastic_form_factor(t: ArrayLike, Z: float, A: float) -> NDArray[np.float64]:
    r"""Return the elastic :math:`G_2^{el}(t)` of an atom.

    .. math:: G_2^{el} = Z^2 \left(\frac{a^2 t}{1 + a^2 t}\right)^2
              \left(\frac{1}{1 + t/d}\right)^2,
              \quad a = \frac{111}{m_e Z^{1/3}}, \quad d = 0.164\ \mathrm{GeV}^2 A^{-2/3}

    Parameters
    ----------
    t : array_like
        Squared momentum transfer, GeV^2, any shape, not negative.
    Z, A : float
        Charge and atomic weight.

    Returns
    -------
    ndarray
        :math:`G_2`: 0 at t = 0 (a neutral atom), about Z^2 between the two scales.

    Raises
    ------
    ValidityError
        If t is negative.

    Examples
    --------
    >>> float(elastic_form_factor(1e-5, 82, 207.2) / 82**2) > 0.99
    True
    """
    t_ = _checked(t)
    screening = (ELECTRON_MASS * Z ** (1 / 3) / 111) ** 2
    size = 0.164 * A ** (-2 / 3)
    result: NDArray[np.float64] = (Z * t_ / (screening + t_) / (1 + t_ / size)) ** 2
    return result


def inelastic_form_factor(t: ArrayLike, Z: float) -> NDArray[np.float64]:
    r"""Return the inelastic :math:`G_2^{in}(t)`: the protons of the nucleus one by one.

    .. math:: G_2^{in} = Z \left(\frac{a'^2 t}{1 + a'^2 t}\right)^2
              \left(\frac{1 + \frac{t}{4 m_p^2}(\mu_p^2 - 1)}
              {(1 + t/0.71\,\mathrm{GeV}^2)^4}\right)^2,
              \quad a' = \frac{773}{m_e Z^{2/3}}, \quad \mu_p = 2.79

    Parameters
    ----------
    t : array_like
        Squared momentum transfer, GeV^2.
    Z : float
        Charge.

    Raises
    ------
    ValidityError
        If t is negative.
    """
    t_ = _checked(t)
    screening = (ELECTRON_MASS * Z ** (2 / 3) / 773) ** 2
    magnetic = 1 + t_ * (2.79**2 - 1) / (4 * PROTON_MASS**2)
    result: NDArray[np.float64] = Z * (t_ / (screening + t_) * magnetic / (1 + t_ / 0.71) ** 4) ** 2
    return result


def _checked(t: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(t, dtype=np.float64)
    if np.any(values < 0) or np.any(np.isnan(values)):
        raise ValidityError("t must be a squared momentum transfer >= 0 GeV^2")
    return values
