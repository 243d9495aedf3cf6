r"""Proton bremsstrahlung of mediators: spectra and totals per interacting proton.

.. math::

   \frac{d^2N}{dz\,dp_T^2} = |F_X(m^2)|^2\, F_*^2(z, p_T^2)\; w(z, p_T^2)\;
   \frac{\sigma_{pp}(s')}{\sigma_{pp}(s)} ,\qquad s = 2m_pE_p,\ s' = 2m_p(E_p - E_X)

The splitting functions w are those of `darkbeam.production.proton_splitting`, the form factors of
`darkbeam.production.nucleon_form_factors`; a factor for a proton off its mass shell goes with
``quasi-real`` and ``foroughi-abari-ritz`` and not with ``blumlein-brunner``, as published. All hold
in a window of z and pT only, which is part of the result: `WINDOWS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import PROTON_MASS
from darkbeam.errors import InputError, ModelError, UnknownNameError, ValidityError, suggestion
from darkbeam.models.couplings import CouplingTable
from darkbeam.production.nucleon_form_factors import (
    OFF_SHELL_CUTOFF,
    FormFactorName,
    nucleon_form_factor,
    off_shell_factor,
)
from darkbeam.production.proton_splitting import (
    blumlein_brunner,
    foroughi_abari_ritz,
    off_shell_scale,
    quasi_real,
    scalar_splitting,
)

__all__ = [
    "SPLITTINGS",
    "WINDOWS",
    "Window",
    "brem_nodes",
    "mediator_energy",
    "proton_brem_kernel",
    "proton_brem_spectrum",
    "proton_brem_yield",
    "proton_proton_cross_section_mb",
]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Splitting:
    """A splitting function, and whether the beam's virtuality is damped."""

    function: Callable[[ArrayLike, ArrayLike, ArrayLike], FloatArray]
    damped: bool
    spin: int


SPLITTINGS: Mapping[str, Splitting] = MappingProxyType(
    {
        "quasi-real": Splitting(quasi_real, True, 1),
        "foroughi-abari-ritz": Splitting(foroughi_abari_ritz, True, 1),
        "blumlein-brunner": Splitting(blumlein_brunner, False, 1),
        "scalar": Splitting(scalar_splitting, True, 0),
    }
)
"""Splitting functions by name, with unit couplings."""


@dataclass(frozen=True)
class Window:
    r"""Where a splitting function is used; outside of it nothing is produced.

    Parameters
    ----------
    z_min, z_max : float
        Range of the share of the beam's momentum.
    pt_max : float
        Greatest transverse momentum, GeV.
    q_max : float
        Greatest :math:`|q_{min}| = H/(2 z(1-z) E_p)`, GeV, the least momentum that the target has
        to give: the splitting lives :math:`1/|q_{min}|`, long beside the size of a nucleon.
    """

    z_min: float = 0.1
    z_max: float = 0.9
    pt_max: float = 1.0
    q_max: float = 0.25

    def __post_init__(self) -> None:
        """Check the order of the limits."""
        if not 0.0 < self.z_min < self.z_max < 1.0:
            raise InputError(f"z_min, z_max: 0 < z_min < z_max < 1, got {self.z_min}, {self.z_max}")
        if not (self.pt_max > 0.0 and self.q_max > 0.0):
            raise InputError(f"pt_max, q_max must be above 0, got {self.pt_max}, {self.q_max}")

    def contains(
        self, z: ArrayLike, pt_squared: ArrayLike, mass: ArrayLike, beam_energy: float
    ) -> NDArray[np.bool_]:
        """Tell where a point (arguments as of `proton_brem_spectrum`) lies inside."""
        share = np.asarray(z)
        scale = off_shell_scale(z, pt_squared, mass)
        needed = scale / (2.0 * share * (1.0 - share) * beam_energy)
        inside = (share >= self.z_min) & (share <= self.z_max)
        return np.asarray(
            inside & (np.asarray(pt_squared) <= self.pt_max**2) & (needed <= self.q_max)
        )


WINDOWS: Mapping[str, Window] = MappingProxyType(
    {
        "forward": Window(),
        "pt-below-1-gev": Window(z_min=1e-3, z_max=0.999),
        "fairship": Window(0.1, 0.999, 4.0, np.inf),
    }
)
"""``forward``: 0.1 < z < 0.9, pT < 1 GeV, q_min < 0.25 GeV; ``pt-below-1-gev``: the same with any
z; ``fairship``: z > 0.1, pT < 4 GeV, as in FairShip's generator."""


def proton_proton_cross_section_mb(s: ArrayLike, kind: str = "total") -> FloatArray:
    r"""Return the proton-proton cross section.

    .. math:: \sigma = 35.45 + 0.308\ln^2(s/28.94) + 42.53\,s^{-0.458} - 33.34\,s^{-0.545}

    in mb with s in GeV^2 (Review of Particle Physics 2010, total, above 5 GeV; as in FairShip), or
    the non-single-diffractive :math:`1.76 + 19.8\,s^{0.057}` (as used with arXiv:2108.05900).

    Parameters
    ----------
    s : array_like
        Centre-of-mass energy squared, GeV^2, at least 4 m_p^2.
    kind : {"total", "non-single-diffractive"}
        Which cross section.

    Examples
    --------
    >>> float(proton_proton_cross_section_mb(750.0).round(1))
    39.9
    """
    energy = np.asarray(s, dtype=np.float64)
    if not np.all(energy >= 4.0 * PROTON_MASS**2):
        raise ValidityError(f"s must be at least 4 m_p^2 = 3.521 GeV^2, got {s!r}")
    if kind == "non-single-diffractive":
        return np.asarray(1.76 + 19.8 * energy**0.057)
    if kind != "total":
        names = ("total", "non-single-diffractive")
        raise UnknownNameError(f"unknown cross section {kind!r}, {suggestion(kind, names)}")
    falling = 42.53 * energy**-0.458 - 33.34 * energy**-0.545
    return np.asarray(35.45 + 0.308 * np.log(energy / 28.94) ** 2 + falling)


def mediator_energy(
    z: ArrayLike, pt_squared: ArrayLike, mass: ArrayLike, beam_energy: float
) -> FloatArray:
    """Return the mediator's energy, GeV, with z the share of the beam's momentum along the beam."""
    along = np.asarray(z) * _momentum(beam_energy)
    return np.asarray(np.sqrt(along**2 + np.asarray(pt_squared) + np.asarray(mass) ** 2))


def proton_brem_kernel(
    mass: ArrayLike,
    beam_energy: float,
    z: ArrayLike,
    pt_squared: ArrayLike,
    *,
    splitting: str = "quasi-real",
    window: str | Window = "forward",
    cutoff: float = OFF_SHELL_CUTOFF,
    cross_section: str = "total",
) -> FloatArray:
    """Return d2N/dz dpT^2 for unit coupling to the proton, without its form factor, GeV^-2.

    Parameters
    ----------
    mass : array_like
        Mass of the mediator, GeV.
    beam_energy : float
        Total energy of the proton, GeV, in the rest frame of the target.
    z, pt_squared : array_like
        Share of the beam's momentum, in (0, 1); transverse momentum squared, GeV^2.
    splitting : str
        Name in `SPLITTINGS`.
    window : str or Window
        Name in `WINDOWS`, or a window; zero outside.
    cutoff : float
        Of the proton off its mass shell, GeV; ``blumlein-brunner`` has none.
    cross_section : str
        As of `proton_proton_cross_section_mb`.

    Returns
    -------
    ndarray
        Mediators per interacting proton.
    """
    chosen, limits = _splitting(splitting), _window(window)
    _check_beam(beam_energy)
    z, pt2, m = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (z, pt_squared, mass))
    )
    energy = mediator_energy(z, pt2, m, beam_energy)
    left = 2.0 * PROTON_MASS * (beam_energy - energy)
    allowed = limits.contains(z, pt2, m, beam_energy) & (left > 4.0 * PROTON_MASS**2)
    result = chosen.function(z, pt2, m)
    if chosen.damped:
        result = result * off_shell_factor(z, pt2, m, cutoff) ** 2
    before = proton_proton_cross_section_mb(2.0 * PROTON_MASS * beam_energy, cross_section)
    after = proton_proton_cross_section_mb(
        np.where(allowed, left, 4.0 * PROTON_MASS**2), cross_section
    )
    # The quasi-real bracket turns negative far outside of its range, where H is all mass.
    return np.asarray(np.where(allowed, np.maximum(result, 0.0) * after / before, 0.0))


def proton_brem_spectrum(
    table: CouplingTable,
    beam_energy: float,
    z: ArrayLike,
    pt_squared: ArrayLike,
    *,
    form_factor: FormFactorName = "vmd",
    splitting: str = "quasi-real",
    window: str | Window = "forward",
    cutoff: float = OFF_SHELL_CUTOFF,
    cross_section: str = "total",
) -> FloatArray:
    """Return d2N/dz dpT^2 of a vector mediator per interacting proton, GeV^-2.

    Parameters
    ----------
    table : CouplingTable
        Couplings and mass; only the vector couplings to u and d count.
    form_factor : {"vmd", "dipole", "point"}
        As of `darkbeam.production.nucleon_form_factors.nucleon_form_factor`.
    beam_energy, z, pt_squared, splitting, window, cutoff, cross_section
        As of `proton_brem_kernel`; z and pt_squared broadcast against the table.

    Raises
    ------
    ModelError
        For a scalar mediator, or the splitting function of one.
    """
    strength = _strength(table, splitting, form_factor)
    kernel = proton_brem_kernel(
        table.mass,
        beam_energy,
        z,
        pt_squared,
        splitting=splitting,
        window=window,
        cutoff=cutoff,
        cross_section=cross_section,
    )
    return np.asarray(strength * kernel)


def proton_brem_yield(
    table: CouplingTable,
    beam_energy: float,
    *,
    form_factor: FormFactorName = "vmd",
    splitting: str = "quasi-real",
    window: str | Window = "forward",
    cutoff: float = OFF_SHELL_CUTOFF,
    cross_section: str = "total",
) -> FloatArray:
    """Return how many vector mediators an interacting proton makes, in the table's shape.

    The integral over z and pT^2 of `proton_brem_spectrum`, whose arguments it takes, by
    Gauss-Legendre quadrature up to the edges of the window; good to 1e-3.

    Examples
    --------
    >>> from darkbeam.models import DarkPhoton
    >>> table = DarkPhoton(mass=0.5, epsilon=1e-6).couplings()
    >>> print(f"{proton_brem_yield(table, 400.0):.2g}")
    5.1e-15
    """
    limits = _window(window)
    mass = np.broadcast_to(np.asarray(table.mass, dtype=np.float64), table.shape)
    z, dz, pt2, dpt2 = brem_nodes(mass, beam_energy, limits)
    kernel = proton_brem_kernel(
        mass[..., None, None],
        beam_energy,
        z,
        pt2,
        splitting=splitting,
        window=limits,
        cutoff=cutoff,
        cross_section=cross_section,
    )
    total = np.sum(kernel * dz * dpt2, axis=(-2, -1))
    return np.asarray(_strength(table, splitting, form_factor) * total)


def brem_nodes(
    mass: FloatArray,
    beam_energy: float,
    limits: Window,
    *,
    nodes: tuple[int, int] = (48, 40),
    reach: Callable[[FloatArray], FloatArray] | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return nodes of a Gauss-Legendre quadrature inside of a window.

    Parameters
    ----------
    mass, beam_energy
        As of `proton_brem_kernel`.
    limits : Window
        The window.
    nodes : tuple of two int
        Nodes in z and in pT^2.
    reach : callable, optional
        The largest pT at each z, GeV, where it is less than that of the window.

    Returns
    -------
    tuple of ndarray
        z and its weights, shape (..., n, 1), pT^2 and its weights, shape (..., n, m).
    """
    x, weight = _legendre(nodes[0])
    low, high = _z_range(mass, beam_energy, limits)
    # Logarithmic in z/(1 - z): the edges of the window may lie near 0 and 1.
    bottom, top = np.log(low / (1.0 - low)), np.log(high / (1.0 - high))
    logit = bottom[..., None] + 0.5 * (x + 1.0) * (top - bottom)[..., None]
    z = 1.0 / (1.0 + np.exp(-logit))
    dz = 0.5 * weight * (top - bottom)[..., None] * z * (1.0 - z)
    still = off_shell_scale(z, 0.0, mass[..., None])
    within = 2.0 * z * (1.0 - z) * beam_energy * limits.q_max - still
    edge = np.maximum(np.minimum(limits.pt_max**2, within), 0.0)
    if reach is not None:
        edge = np.minimum(edge, reach(z) ** 2)
    y, step = _legendre(nodes[1])
    # pT^2 = H_0 (e^t - 1): H grows geometrically.
    span = np.log1p(edge / still)[..., None]
    t = 0.5 * (y + 1.0) * span
    pt2 = np.minimum(still[..., None] * np.expm1(t), edge[..., None] * (1.0 - 1e-13))
    dpt2 = still[..., None] * np.exp(t) * 0.5 * step * span
    return z[..., None], dz[..., None], pt2, dpt2


@lru_cache(maxsize=8)
def _legendre(number: int) -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(number)
    return np.asarray(nodes), np.asarray(weights)


def _z_range(mass: FloatArray, beam_energy: float, limits: Window) -> tuple[FloatArray, FloatArray]:
    """Return the range of z inside the window at pT = 0 (any one point if there is none)."""
    low = np.full(mass.shape, limits.z_min)
    high = np.full(mass.shape, limits.z_max)
    if np.isfinite(limits.q_max):
        # (1 - z) m^2 + z^2 m_p^2 = 2 z (1 - z) E q: a quadratic in z.
        reach = 2.0 * beam_energy * limits.q_max
        square = PROTON_MASS**2 + reach
        linear = mass**2 + reach
        root = np.sqrt(np.maximum(linear**2 - 4.0 * square * mass**2, 0.0))
        upper = (linear + root) / (2.0 * square)
        lower = 2.0 * mass**2 / (linear + root)
        low, high = np.maximum(low, lower), np.minimum(high, upper)
    low = np.clip(low, 1e-12, 1.0 - 1e-12)
    return low, np.maximum(np.clip(high, 1e-12, 1.0 - 1e-12), low)


def _strength(table: CouplingTable, splitting: str, form_factor: FormFactorName) -> FloatArray:
    if _splitting(splitting).spin != 1 or table.spin != 1:
        raise ModelError("vector mediators need a splitting function of vectors, and scalars none")
    return np.asarray(np.abs(nucleon_form_factor(table, form_factor=form_factor)) ** 2)


def _momentum(beam_energy: float) -> float:
    return float(np.sqrt((beam_energy - PROTON_MASS) * (beam_energy + PROTON_MASS)))


def _check_beam(beam_energy: float) -> None:
    if not (np.isfinite(beam_energy) and beam_energy >= 5.0):
        raise ValidityError(f"beam_energy must be at least 5 GeV, got {beam_energy!r}")


def _splitting(name: str) -> Splitting:
    if name not in SPLITTINGS:
        raise UnknownNameError(f"unknown splitting {name!r}, {suggestion(name, SPLITTINGS)}")
    return SPLITTINGS[name]


def _window(window: str | Window) -> Window:
    if isinstance(window, Window):
        return window
    if window not in WINDOWS:
        raise UnknownNameError(f"unknown window {window!r}, {suggestion(window, WINDOWS)}")
    return WINDOWS[window]
