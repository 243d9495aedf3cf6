"""A Z' with any flavour-diagonal chiral charges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.charges import Charges
from darkbeam.models.couplings import CHARGED_LEPTONS, FERMIONS, NEUTRINOS, QUARKS, Coupling
from darkbeam.models.gauge import GaugeBoson
from darkbeam.models.parameters import Choice, Parameter

__all__ = ["GenericZPrime"]

FloatArray = NDArray[np.float64]
_CHARGED = (*CHARGED_LEPTONS, *QUARKS)
_NAMES = (*(f"{f}_{side}" for f in _CHARGED for side in "lr"), *NEUTRINOS)
_DOUBLETS = (
    *((f"{lepton}_l", f"nu_{lepton}") for lepton in CHARGED_LEPTONS),
    *((f"{up}_l", f"{down}_l") for up, down in (("u", "d"), ("c", "s"), ("t", "b"))),
)


def _left(fermion: str) -> Parameter:
    return Parameter(f"charge of left-handed {fermion}, in units of g", optional=True)


def _right(fermion: str) -> Parameter:
    return Parameter(f"charge of right-handed {fermion}, in units of g", optional=True)


@dataclass(frozen=True, eq=False)
class GenericZPrime(GaugeBoson):
    r"""Z' with independent charges of left- and right-handed fermions.

    .. math::

       L = g Z'_\mu \sum_f \left[q_{Lf}\,\bar f_L\gamma^\mu f_L
           + q_{Rf}\,\bar f_R\gamma^\mu f_R\right]

    S1 (arXiv:2003.07257) eqs. 33, 34; S2 (arXiv:2108.05147) eq. 2.1. A vector coupling has
    :math:`q_L = q_R`, an axial one :math:`q_L = -q_R`; neutrinos are left-handed. Charges that
    are not given are 0; without any given it is the vector coupling to muons of S1 eq. 28,
    `mu_l` = `mu_r` = 1.

    Parameters
    ----------
    mass : array_like or str
        Mass of the Z', GeV or text with a unit.
    g : array_like
        Coupling, >= 0.
    e_l, e_r, mu_l, mu_r, tau_l, tau_r : array_like
        Charges of the left- and right-handed charged leptons, of either sign.
    nu_e, nu_mu, nu_tau : array_like
        Charges of the left-handed neutrinos.
    u_l, u_r, d_l, d_r, s_l, s_r, c_l, c_r, b_l, b_r, t_l, t_r : array_like
        Charges of the left- and right-handed quarks.
    gauge_invariant : {"no", "yes"}
        ``yes`` refuses charges that differ within a doublet of weak isospin: left-handed leptons
        and their neutrinos, left-handed up- and down-type quarks of a family. (Axial couplings need
        more: a Higgs field that carries the charge.)
    alpha_d, dark_matter
        As of `darkbeam.models.VectorPortal`; without dark matter by default.

    Raises
    ------
    ModelError
        On a value out of range, charges that are all 0, or charges that differ within a doublet
        although `gauge_invariant` is ``yes``.

    Examples
    --------
    >>> right_handed = GenericZPrime(mass=0.1, g=1e-3, mu_r=1)
    >>> float(right_handed.couplings().vector("mu")), float(right_handed.couplings().axial("mu"))
    (0.0005, 0.0005)
    """

    name: ClassVar[str] = "generic-zprime"
    title: ClassVar[str] = "Z' with any charges of left- and right-handed fermions"
    lagrangian: ClassVar[str] = "g Z'_mu sum_f (f_l fbar gamma^mu P_L f + f_r fbar gamma^mu P_R f)"
    references: ClassVar[tuple[str, ...]] = ("Gninenko:2020hbd", "Coy:2021wfs")

    e_l: Parameter = _left("e")
    e_r: Parameter = _right("e")
    mu_l: Parameter = _left("mu")
    mu_r: Parameter = _right("mu")
    tau_l: Parameter = _left("tau")
    tau_r: Parameter = _right("tau")
    nu_e: Parameter = _left("nu_e")
    nu_mu: Parameter = _left("nu_mu")
    nu_tau: Parameter = _left("nu_tau")
    u_l: Parameter = _left("u")
    u_r: Parameter = _right("u")
    d_l: Parameter = _left("d")
    d_r: Parameter = _right("d")
    s_l: Parameter = _left("s")
    s_r: Parameter = _right("s")
    c_l: Parameter = _left("c")
    c_r: Parameter = _right("c")
    b_l: Parameter = _left("b")
    b_r: Parameter = _right("b")
    t_l: Parameter = _left("t")
    t_r: Parameter = _right("t")
    gauge_invariant: Choice = Choice(
        "whether charges must agree within doublets of weak isospin",
        options=("no", "yes"),
        default="no",
    )

    def __post_init__(self) -> None:
        """Check what involves several parameters."""
        super().__post_init__()
        given = [name for name in _NAMES if getattr(self, name) is not None]
        if given and not any(np.any(self._charge(name)) for name in given):
            raise ModelError(f"{self.name} needs a charge that is not 0, got {given[0]} = 0")
        if self.gauge_invariant == "yes":
            self._check_doublets()

    @classmethod
    def from_charges(
        cls,
        mass: ArrayLike | str,
        g: ArrayLike,
        charges: Mapping[str, ArrayLike | tuple[ArrayLike, ArrayLike]],
        **others: Any,
    ) -> Self:
        """Return the Z' of charges given by fermion.

        Parameters
        ----------
        mass : array_like or str
            Mass of the Z', GeV or text with a unit.
        g : array_like
            Coupling, >= 0.
        charges : mapping
            Name of a fermion -> charge, of a charged one that of a vector coupling, or the tuple
            (left, right).
        **others
            Other parameters of the model.

        Raises
        ------
        UnknownNameError
            On a fermion that does not exist, with the near match.
        ModelError
            On a neutrino with a right-handed charge, and as the class.

        Examples
        --------
        >>> model = GenericZPrime.from_charges(0.1, 1e-3, {"mu": (1, -1), "nu_mu": 1})
        >>> float(model.couplings().axial("mu"))
        -0.001
        """
        fields: dict[str, Any] = {}
        for fermion, charge in charges.items():
            if fermion not in FERMIONS:
                raise UnknownNameError(
                    f"unknown fermion {fermion!r}; {suggestion(str(fermion), FERMIONS)}"
                )
            if fermion in NEUTRINOS:
                if isinstance(charge, tuple):
                    raise ModelError(
                        f"the charge of {fermion} is one number (left-handed), got {charge!r}"
                    )
                fields[fermion] = charge
                continue
            if isinstance(charge, tuple) and len(charge) != 2:
                raise ModelError(f"the charges of {fermion} are (left, right), got {charge!r}")
            left, right = charge if isinstance(charge, tuple) else (charge, charge)
            fields |= {f"{fermion}_l": left, f"{fermion}_r": right}
        if not fields:
            raise ModelError(f"{cls.name} needs a charge that is not 0, got none")
        return cls(mass, g, **fields, **others)

    def _charge(self, name: str) -> FloatArray:
        if all(getattr(self, each) is None for each in _NAMES):
            return np.asarray(1.0 if name in ("mu_l", "mu_r") else 0.0)
        value = getattr(self, name)
        return np.asarray(0.0 if value is None else value, dtype=np.float64)

    def _check_doublets(self) -> None:
        for upper, lower in _DOUBLETS:
            first, second = self._charge(upper), self._charge(lower)
            if not np.allclose(first, second, rtol=1e-12, atol=0.0):
                raise ModelError(
                    f"gauge_invariant = yes needs {upper} = {lower} (one doublet of weak isospin), "
                    f"got {first.tolist()} and {second.tolist()}"
                )

    def fermion_charges(self) -> Charges:
        """Return the charges of the fermions, in units of g."""
        charged = {
            f: Coupling.chiral(left=self._charge(f"{f}_l"), right=self._charge(f"{f}_r"))
            for f in _CHARGED
        }
        return Charges(charged | {f: Coupling.chiral(left=self._charge(f)) for f in NEUTRINOS})
