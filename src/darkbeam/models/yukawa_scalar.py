"""A real scalar or pseudoscalar with any flavour-diagonal pattern of Yukawa couplings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ELECTRON_MASS, MUON_MASS, TAU_MASS
from darkbeam.errors import ModelError
from darkbeam.models.couplings import CHARGED_LEPTONS, QUARKS, Coupling, CouplingTable
from darkbeam.models.dark_matter import Mediator
from darkbeam.models.dark_sector import ScalarPortal
from darkbeam.models.higgs_portal import HIGGS_VEV
from darkbeam.models.parameters import Choice, Parameter

__all__ = ["QUARK_MASSES", "YukawaScalar"]

FloatArray = NDArray[np.float64]

QUARK_MASSES: Mapping[str, float] = MappingProxyType(
    {"u": 2.16e-3, "d": 4.70e-3, "s": 92.9e-3, "c": 1.273, "b": 4.186, "t": 172.6}
)
"""Masses of the quarks, GeV, Review of Particle Physics 2026: u, d, s in the MS-bar scheme at
2 GeV, c and b in it at their own mass, t from its direct measurement."""

_MASSES = dict(zip(CHARGED_LEPTONS, (ELECTRON_MASS, MUON_MASS, TAU_MASS), strict=True))
_MASSES |= QUARK_MASSES
_COUPLED = (*CHARGED_LEPTONS, *QUARKS)


def _relative(fermion: str) -> Parameter:
    return Parameter(f"Yukawa coupling of {fermion} in units of g, of pattern custom", default=0.0)


@dataclass(frozen=True, eq=False)
class YukawaScalar(ScalarPortal):
    r"""Real scalar or pseudoscalar: :math:`L = -\phi \sum_f g y_f \bar f \Gamma f`.

    :math:`\Gamma` is 1 for a scalar and :math:`i\gamma_5` for a pseudoscalar. The pattern says what
    :math:`y_f` is:

    =============  ========================================================================
    ``mass``       :math:`m_f/v` for charged leptons and quarks, v = 246.22 GeV: for a scalar
                   that of the Higgs boson, with g the sine of their mixing angle, and the
                  W couples too (in the decay to two photons)
    ``leptonic``   :math:`m_f/v` for charged leptons, 0 for quarks
    ``universal``  1 for charged leptons and quarks
    ``custom``     `y_e`, `y_mu`, ... `y_t` as given
    =============  ========================================================================

    :math:`m_q` are those of `QUARK_MASSES` (MS-bar; light quarks at 2 GeV, c and b at their own
    mass): the couplings of quarks are meant at those scales, and what runs from there is left to
    the decays.

    Parameters
    ----------
    mass : array_like or str
        Mass of the scalar, GeV or text with a unit.
    g : array_like
        Common factor of the couplings, >= 0.
    kind : {"scalar", "pseudoscalar"}
        Parity of the couplings, to dark matter too.
    pattern : {"mass", "leptonic", "universal", "custom"}
        See above.
    y_e, y_mu, y_tau, y_u, y_d, y_s, y_c, y_b, y_t : array_like
        Couplings in units of g of the pattern ``custom``; of any sign.
    alpha_d, dark_matter
        As of `darkbeam.models.ScalarPortal`; without dark matter by default.

    Raises
    ------
    ModelError
        On a value out of range, on couplings in units of g of another pattern than ``custom``, or
        on ``custom`` without any.

    Examples
    --------
    >>> higgs_like = YukawaScalar(mass=0.3, g=1e-3)
    >>> print(f"{higgs_like.couplings().scalar('mu'):.3e}")
    4.291e-07
    >>> YukawaScalar(mass=0.3, pattern="custom", y_mu=1).couplings().scalar("e").item()
    0.0
    """

    name: ClassVar[str] = "yukawa-scalar"
    title: ClassVar[str] = "scalar or pseudoscalar with any pattern of Yukawa couplings"
    lagrangian: ClassVar[str] = "-phi sum_f g y_f fbar (1 or i gamma5) f"
    coupling_name: ClassVar[str] = "g"
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd", "Batell:2016ove")

    g: Parameter = Parameter(
        "common factor of the couplings", minimum=0.0, inclusive=True, default=1e-3
    )
    kind: Choice = Choice(
        "parity of the couplings", options=("scalar", "pseudoscalar"), default="scalar"
    )
    pattern: Choice = Choice(
        "which fermions couple, and how strongly relative to each other",
        options=("mass", "leptonic", "universal", "custom"),
        default="mass",
    )
    y_e: Parameter = _relative("e")
    y_mu: Parameter = _relative("mu")
    y_tau: Parameter = _relative("tau")
    y_u: Parameter = _relative("u")
    y_d: Parameter = _relative("d")
    y_s: Parameter = _relative("s")
    y_c: Parameter = _relative("c")
    y_b: Parameter = _relative("b")
    y_t: Parameter = _relative("t")

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        super().__post_init__()
        given = [f"y_{f}" for f in _COUPLED if np.any(getattr(self, f"y_{f}"))]
        if self.pattern == "custom" and not given:
            raise ModelError("pattern = custom needs y_e, y_mu, ... or y_t: all are 0")
        if self.pattern != "custom" and given:
            raise ModelError(f"{given[0]} is of pattern = custom, got pattern = {self.pattern}")

    def mediator_kind(self) -> Mediator:
        """Return what the scalar is to its dark matter: of the parity of its couplings."""
        return "scalar" if self.kind == "scalar" else "pseudoscalar"

    def relative_coupling(self, fermion: str) -> float | FloatArray:
        """Return y_f, the coupling of a fermion in units of g."""
        if fermion not in _COUPLED or (self.pattern == "leptonic" and fermion in QUARKS):
            return 0.0
        if self.pattern == "custom":
            value: float | FloatArray = getattr(self, f"y_{fermion}")
            return value
        return 1.0 if self.pattern == "universal" else _MASSES[fermion] / HIGGS_VEV

    def couplings(self) -> CouplingTable:
        """Return the coupling table: one parity, and the dark channel."""
        strength = {f: np.asarray(self.g) * self.relative_coupling(f) for f in _COUPLED}
        if self.kind == "scalar":
            fermions = {f: Coupling(scalar=value) for f, value in strength.items()}
        else:
            fermions = {f: Coupling(pseudoscalar=value) for f, value in strength.items()}
        # a share of the Higgs boson brings its coupling to the W with it
        like_higgs = self.kind == "scalar" and self.pattern == "mass"
        return CouplingTable(
            mass=self.mass,
            fermions=fermions,
            spin=0,
            dark=self.dark_channels(),
            w_boson=self.g if like_higgs else 0.0,
        )
