r"""Decays of spin-0 mediators to hadrons, for any pattern of Yukawa couplings.

Below 2 GeV a scalar decays to mesons through dispersive form factors, above it to quarks and gluons
in perturbative QCD; what both leave open is NaN, with a warning. docs/physics/scalar-decays.md
tells where that is, and how accurate the rest.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import CHARGED_KAON_MASS, NEUTRAL_PION_MASS, PION_MASS
from darkbeam.decays.scalar_hadrons.form_factors import HIGHEST_MASS
from darkbeam.decays.scalar_hadrons.mesons import (
    ETA_MASS,
    four_pion_velocity,
    isovector_width,
    two_meson_widths,
)
from darkbeam.decays.scalar_hadrons.perturbative import HEAVY_QUARKS, gluon_width, quark_width
from darkbeam.decays.strong_coupling import HIGHEST_SCALE
from darkbeam.errors import DarkbeamWarning, ModelError
from darkbeam.models.couplings import QUARKS, CouplingTable
from darkbeam.models.yukawa_scalar import QUARK_MASSES

__all__ = ["PSEUDOSCALAR_MATCHING_MASS", "SCALAR_MATCHING_MASS", "scalar_hadron_widths"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

SCALAR_MATCHING_MASS = HIGHEST_MASS
"""Mass, GeV, at which mesons give way to quarks and gluons in the decays of a scalar."""
PSEUDOSCALAR_MATCHING_MASS = 3.0
"""Mass, GeV, above which decays of a pseudoscalar to quarks and gluons are computed."""

_MESONS = ("pi_pi", "pi0_pi0", "K_K", "K0_K0", "pi0_eta", "other_mesons")
_PARTONS = (*(f"{q}_{q}" for q in QUARKS), "g_g")
_OPEN = ("pseudoscalar_modes", "flavour_changing")
_ISOVECTOR_TOLERANCE = 0.05
# Lightest hadrons that a flavour-changing coupling leads to, GeV: K pi, D pi, B pi, B K, top.
_FLAVOUR_THRESHOLDS = {
    frozenset("ds"): CHARGED_KAON_MASS + NEUTRAL_PION_MASS,
    frozenset("uc"): 1.86484 + NEUTRAL_PION_MASS,
    frozenset("db"): 5.27941 + NEUTRAL_PION_MASS,
    frozenset("sb"): 5.27941 + CHARGED_KAON_MASS,
    frozenset("ut"): QUARK_MASSES["t"],
    frozenset("ct"): QUARK_MASSES["t"],
}


@dataclass(frozen=True, eq=False)
class _Couplings:
    """Couplings of one parity to the quarks, in the shape of the table."""

    of: Mapping[str, ComplexArray]

    @classmethod
    def read(cls, table: CouplingTable, kind: str) -> _Couplings:
        shape = table.shape
        return cls({q: np.broadcast_to(getattr(table.entry(q), kind), shape) for q in QUARKS})

    def __bool__(self) -> bool:
        return any(bool(np.any(value)) for value in self.of.values())

    def relative(self, quark: str) -> ComplexArray:
        """Return g/m, 1/GeV, which does not depend on the scale."""
        return self.of[quark] / QUARK_MASSES[quark]

    @property
    def light(self) -> ComplexArray:
        total = self.of["u"] + self.of["d"]
        return np.asarray(total / (QUARK_MASSES["u"] + QUARK_MASSES["d"]))

    @property
    def heavy(self) -> ComplexArray:
        return np.asarray(sum(self.relative(q) for q in HEAVY_QUARKS))


def scalar_hadron_widths(table: CouplingTable, *, warn: bool = True) -> dict[str, FloatArray]:
    r"""Return the widths of a spin-0 mediator to hadrons by channel.

    Parameters
    ----------
    table : CouplingTable
        Of spin 0. The couplings of u, d, s are those of the MS-bar scheme at 2 GeV, of c and b at
        their own MS-bar mass.
    warn : bool
        False silences the `DarkbeamWarning` that tells of widths that are NaN.

    Returns
    -------
    dict of ndarray
        Channel -> partial width, GeV, in the table's shape; always the same channels:

        * up to 2 GeV, scalar couplings: ``pi_pi``, ``pi0_pi0``, ``K_K``, ``K0_K0`` (with
          its antiparticle), ``pi0_eta`` (zero where :math:`g_u \approx g_d`) and ``other_mesons``
          (four pions and more: matched to the total of QCD at 2 GeV);
        * above, and above 3 GeV for pseudoscalar couplings: ``u_u`` ... ``t_t`` and ``g_g``;
        * ``pseudoscalar_modes`` and ``flavour_changing``: 0, or NaN where they are open but not
          computed. Scalar couplings with :math:`g_u \ne g_d` by much make kaon pairs, ``pi0_eta``
          and ``other_mesons`` NaN above 683 MeV.

    Warns
    -----
    DarkbeamWarning
        Where something is NaN.

    Raises
    ------
    ModelError
        The table is that of a vector.

    References
    ----------
    J. F. Donoghue, J. Gasser, H. Leutwyler, Nucl. Phys. B343 (1990) 341; M. W. Winkler,
    arXiv:1809.01876; P. J. Blackstone et al., arXiv:2407.13587; M. Spira, hep-ph/9705337.

    Examples
    --------
    >>> from darkbeam.models import YukawaScalar
    >>> higgs_like = YukawaScalar(mass=0.5, g=1.0)
    >>> widths = scalar_hadron_widths(higgs_like.couplings())
    >>> print(f"{widths['pi_pi']:.1e} GeV")
    1.5e-08 GeV
    """
    if table.spin != 0:
        raise ModelError("spin = 1: hadronic decays of a vector are those of decays.hadrons")
    shape = table.shape
    mass = np.broadcast_to(np.asarray(table.mass, dtype=np.float64), shape)
    widths = {name: np.zeros(shape) for name in (*_MESONS, *_PARTONS, *_OPEN)}
    if not table.couples_to_quarks():
        return widths
    even, odd = _Couplings.read(table, "scalar"), _Couplings.read(table, "pseudoscalar")
    if even:
        _add_mesons(widths, mass, even)
    _add_partons(widths, mass, even, odd)
    if odd:
        open_ = (mass > 2.0 * PION_MASS) & (mass < PSEUDOSCALAR_MATCHING_MASS)
        coupled = np.any([value != 0.0 for value in odd.of.values()], axis=0)
        widths["pseudoscalar_modes"] = np.where(open_ & coupled, np.nan, 0.0)
    widths["flavour_changing"] = _flavour_changing(table, mass)
    if warn:
        _warn(widths)
    return widths


def _add_mesons(widths: dict[str, FloatArray], mass: FloatArray, even: _Couplings) -> None:
    """Fill in the decays of a scalar below the matching mass."""
    inside = mass <= SCALAR_MATCHING_MASS
    if not np.any(inside):
        return
    at_match = np.full(mass.shape, SCALAR_MATCHING_MASS)
    strengths = (even.light, even.relative("s"), even.heavy)
    clipped = np.minimum(mass, SCALAR_MATCHING_MASS)
    exclusive = two_meson_widths(clipped, *strengths)
    beyond = _partons(at_match, even, None)
    missing = sum(beyond.values()) - sum(two_meson_widths(at_match, *strengths).values())
    growth = four_pion_velocity(clipped) / four_pion_velocity(at_match)
    exclusive["other_mesons"] = np.maximum(missing, 0.0) * growth
    isovector = isovector_width(clipped, even.of["u"] - even.of["d"])
    unknown = isovector > _ISOVECTOR_TOLERANCE * sum(exclusive.values())
    unknown &= clipped > NEUTRAL_PION_MASS + ETA_MASS
    exclusive["pi0_eta"] = np.zeros(mass.shape)
    for name in ("K_K", "K0_K0", "pi0_eta", "other_mesons"):
        exclusive[name] = np.where(unknown, np.nan, exclusive[name])
    for name, width in exclusive.items():
        widths[name] = np.where(inside, width, 0.0)


def _partons(
    mass: FloatArray, even: _Couplings | None, odd: _Couplings | None
) -> dict[str, FloatArray]:
    """Return the widths to quarks and gluons of either parity's couplings."""
    nothing = np.zeros(mass.shape, dtype=np.complex128)
    s, p = ({q: nothing if c is None else c.of[q] for q in QUARKS} for c in (even, odd))
    widths = {f"{q}_{q}": quark_width(mass, q, s[q], p[q]) for q in QUARKS}
    relative = [{q: x[q] / QUARK_MASSES[q] for q in HEAVY_QUARKS} for x in (s, p)]
    widths["g_g"] = gluon_width(mass, *relative)
    return widths


def _add_partons(
    widths: dict[str, FloatArray], mass: FloatArray, even: _Couplings, odd: _Couplings
) -> None:
    """Fill in the decays to quarks and gluons above the matching masses."""
    for couplings, start in ((even, SCALAR_MATCHING_MASS), (odd, PSEUDOSCALAR_MATCHING_MASS)):
        above = mass > start if couplings is even else mass >= start
        if not couplings or not np.any(above):
            continue
        clipped = np.maximum(mass, start)
        pair = (couplings, None) if couplings is even else (None, couplings)
        for name, width in _partons(clipped, *pair).items():
            widths[name] = widths[name] + np.where(above, width, 0.0)


def _flavour_changing(table: CouplingTable, mass: FloatArray) -> FloatArray:
    """Return NaN where a flavour-changing coupling of quarks has an open decay, else 0."""
    width = np.zeros(mass.shape)
    for first, second in table.pairs():
        if first == second or first not in QUARKS:
            continue
        coupling = table.entry(first, second)
        coupled = (np.asarray(coupling.scalar) != 0.0) | (np.asarray(coupling.pseudoscalar) != 0.0)
        open_ = coupled & (mass > _FLAVOUR_THRESHOLDS[frozenset((first, second))])
        width = np.where(open_, np.nan, width)
    return width


def _warn(widths: Mapping[str, FloatArray]) -> None:
    reasons = {
        "pi0_eta": "decays through the isovector part of the scalar coupling, g_u - g_d, below "
        f"{SCALAR_MATCHING_MASS:g} GeV",
        "pseudoscalar_modes": "decays of a pseudoscalar to hadrons from 279 MeV to "
        f"{PSEUDOSCALAR_MATCHING_MASS:g} GeV",
        "flavour_changing": "flavour-changing decays to hadrons",
        "g_g": f"decays to quarks and gluons above {HIGHEST_SCALE:g} GeV",
    }
    missing = [text for name, text in reasons.items() if np.any(np.isnan(widths[name]))]
    if missing:
        warnings.warn(
            f"not computed, their widths are NaN: {'; '.join(missing)}",
            DarkbeamWarning,
            stacklevel=3,
        )
