r"""The coupling table: everything the other layers know about a model.

Conventions, with :math:`X` a vector and :math:`\phi` a scalar mediator:

.. math::

   L = X_\mu \sum_{ij} \bar f_i \gamma^\mu (g^V_{ij} + g^A_{ij} \gamma_5) f_j ,
   \qquad
   L = - \phi \sum_{ij} \bar f_i (g^S_{ij} + i g^P_{ij} \gamma_5) f_j .

For a real mediator the Lagrangian is hermitian if :math:`g_{ji} = g_{ij}^*` for each of the four
kinds. For a complex scalar the conjugate term is added and the entries are free. All entries are
absolute couplings (for the dark photon :math:`\epsilon e Q`) and broadcast against the mass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.dark_channels import DarkChannel

__all__ = [
    "CHARGED_LEPTONS",
    "ELECTRIC_CHARGE",
    "FERMIONS",
    "NEUTRINOS",
    "QUARKS",
    "Coupling",
    "CouplingTable",
]

FloatArray = NDArray[np.float64]

CHARGED_LEPTONS = ("e", "mu", "tau")
NEUTRINOS = ("nu_e", "nu_mu", "nu_tau")
QUARKS = ("u", "d", "s", "c", "b", "t")
FERMIONS = CHARGED_LEPTONS + NEUTRINOS + QUARKS
ELECTRIC_CHARGE: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(CHARGED_LEPTONS, -1.0)
    | dict.fromkeys(NEUTRINOS, 0.0)
    | dict.fromkeys(("u", "c", "t"), 2.0 / 3.0)
    | dict.fromkeys(("d", "s", "b"), -1.0 / 3.0)
)
"""Electric charge of each fermion in units of the positron's."""

_KINDS = ("vector", "axial", "scalar", "pseudoscalar")


_NONE = np.zeros((), dtype=np.complex128)
_NONE.setflags(write=False)


@dataclass(frozen=True, eq=False)
class Coupling:
    r"""The couplings of the mediator to one ordered pair of fermions, :math:`\bar f_i \Gamma f_j`.

    Parameters
    ----------
    vector, axial, scalar, pseudoscalar : array_like of complex
        :math:`g^V, g^A, g^S, g^P` as the module's page defines them, without a unit.
    """

    vector: ArrayLike = 0.0
    axial: ArrayLike = 0.0
    scalar: ArrayLike = 0.0
    pseudoscalar: ArrayLike = 0.0

    def __post_init__(self) -> None:
        """Freeze the entries as complex arrays and refuse what is not finite."""
        for kind in _KINDS:
            given = getattr(self, kind)
            if isinstance(given, float) and given == 0.0:
                object.__setattr__(self, kind, _NONE)
                continue
            try:
                value = np.array(given, dtype=np.complex128)
            except (TypeError, ValueError):
                raise ModelError(f"{kind} coupling: {given!r} is not a number") from None
            if not np.all(np.isfinite(value)):
                raise ModelError(f"{kind} coupling must be finite, got {given!r}")
            value.setflags(write=False)
            object.__setattr__(self, kind, value)

    @classmethod
    def chiral(cls, left: ArrayLike = 0.0, right: ArrayLike = 0.0) -> Coupling:
        r"""Return :math:`g_L \bar f_L \gamma^\mu f_L + g_R \bar f_R \gamma^\mu f_R`.

        :math:`g_V = (g_L + g_R)/2`, :math:`g_A = (g_R - g_L)/2`; a neutrino has `left` only.
        S1 (arXiv:2003.07257) eq. 34 with :math:`g_{L,R} = g' q_{L,R}`.
        """
        g_left, g_right = np.asarray(left), np.asarray(right)
        return cls(vector=(g_left + g_right) / 2.0, axial=(g_right - g_left) / 2.0)

    def conjugate(self) -> Coupling:
        """Return the coupling of the reversed pair that hermiticity demands."""
        entries = {kind: getattr(self, kind) for kind in _KINDS}
        return Coupling(**{k: np.conj(entry) for k, entry in entries.items() if entry is not _NONE})

    def is_zero(self) -> bool:
        """Tell whether all entries vanish everywhere."""
        entries = [getattr(self, kind) for kind in _KINDS]
        return not any(bool(np.any(entry)) for entry in entries if entry is not _NONE)

    def _is_close(self, other: Coupling) -> bool:
        pairs = [(getattr(self, kind), getattr(other, kind)) for kind in _KINDS]
        return all(
            mine is its or np.array_equal(mine, its) or np.allclose(mine, its, rtol=1e-12, atol=0.0)
            for mine, its in pairs
        )


@dataclass(frozen=True, eq=False)
class CouplingTable:
    r"""What a mediator couples to: the one thing that production and decays read of a model.

    Parameters
    ----------
    mass : array_like
        Mass of the mediator, GeV; every coupling broadcasts against it.
    fermions : mapping
        ``"e"`` or ``("e", "mu")`` -> `Coupling`. A pair given once has its hermitian conjugate
        filled in; given twice the two must agree (real mediators).
    spin : {1, 0}
        Vector mediators have vector and axial entries, scalars the other two.
    dark : tuple of dark channels
        See `darkbeam.models.dark_channels`.
    self_conjugate : bool
        False for a complex scalar: ``L = -phi fbar_i (...) f_j + h.c.``, entry (i, j) is
        independent of (j, i).
    w_boson : array_like of float
        Coupling of a scalar to the W in units of that of the Higgs boson (its share in a mixture):
        it counts in the decay to two photons.
    running : callable, optional
        ``running(q2)`` -> CouplingTable at momentum transfer squared `q2` (GeV^2), for couplings
        that a loop makes depend on it. The entries themselves are those on the mass shell.

    Raises
    ------
    ModelError
        On non-hermitian entries, entries that the spin does not allow, or shapes that do not
        broadcast.
    """

    mass: ArrayLike
    fermions: Mapping[Any, Coupling] = field(default_factory=dict)
    spin: int = 1
    dark: tuple[DarkChannel, ...] = ()
    self_conjugate: bool = True
    running: Callable[[ArrayLike], CouplingTable] | None = None
    w_boson: ArrayLike = 0.0

    def __post_init__(self) -> None:
        """Complete the table by hermiticity and check it."""
        if self.spin not in (0, 1):
            raise ModelError(f"spin must be 0 or 1, got {self.spin!r}")
        if self.spin == 1 and not self.self_conjugate:
            raise ModelError("self_conjugate must be True for a vector mediator")
        if self.spin == 1 and np.any(np.asarray(self.w_boson)):
            raise ModelError("w_boson is of scalars; a vector mediator has none")
        mass = np.array(self.mass, dtype=np.float64)
        if not np.all(np.isfinite(mass) & (mass > 0.0)):
            raise ModelError(f"mass must be finite and above 0 GeV, got {self.mass!r}")
        mass.setflags(write=False)
        object.__setattr__(self, "mass", mass)
        object.__setattr__(self, "dark", tuple(self.dark))
        names = [channel.name for channel in self.dark]
        if len(set(names)) < len(names):
            raise ModelError(f"dark channels must have different names, got {names}")
        entries: dict[tuple[str, str], Coupling] = {}
        for key, coupling in self.fermions.items():
            pair = (key, key) if isinstance(key, str) else (key[0], key[1])
            self._check_entry(pair, coupling)
            entries[pair] = coupling
        if self.self_conjugate:
            for (first, second), coupling in list(entries.items()):
                reverse = coupling.conjugate()
                known = entries.setdefault((second, first), reverse)
                if not known._is_close(reverse):
                    raise ModelError(
                        f"couplings of ({first}, {second}) and ({second}, {first}) must be "
                        "complex conjugates (hermiticity; diagonal ones real)"
                    )
        object.__setattr__(self, "fermions", MappingProxyType(entries))
        _ = self.shape  # shapes must broadcast

    def _check_entry(self, pair: tuple[str, str], coupling: Coupling) -> None:
        for name in pair:
            _check_fermion(name)
        if ELECTRIC_CHARGE[pair[0]] != ELECTRIC_CHARGE[pair[1]]:
            raise ModelError(f"a neutral mediator cannot couple {pair[0]} to {pair[1]}: charge")
        if any((name in NEUTRINOS) != (pair[0] in NEUTRINOS) for name in pair) or any(
            (name in QUARKS) != (pair[0] in QUARKS) for name in pair
        ):
            raise ModelError(f"a mediator cannot couple the lepton to the quark in {pair}")
        forbidden = ("scalar", "pseudoscalar") if self.spin == 1 else ("vector", "axial")
        for kind in forbidden:
            if np.any(getattr(coupling, kind)):
                raise ModelError(f"a spin-{self.spin} mediator has no {kind} coupling to {pair}")

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Common shape of the mass and all couplings."""
        arrays = [np.asarray(self.mass), np.asarray(self.w_boson)]
        arrays += [np.asarray(getattr(c, k)) for c in self.fermions.values() for k in _KINDS]
        try:
            return np.broadcast_shapes(*(a.shape for a in arrays))
        except ValueError:
            shapes = sorted({str(a.shape) for a in arrays})
            raise ModelError(f"shapes of mass and couplings do not broadcast: {shapes}") from None

    def entry(self, first: str, second: str | None = None) -> Coupling:
        """Return the coupling of ``fbar_first ... f_second`` (zero where there is none)."""
        second = first if second is None else second
        for name in (first, second):
            _check_fermion(name)
        return self.fermions.get((first, second), Coupling())

    def vector(self, fermion: str) -> FloatArray:
        """Return the flavour-diagonal vector coupling, real, in the table's shape."""
        return self._real(fermion, "vector")

    def axial(self, fermion: str) -> FloatArray:
        """Return the flavour-diagonal axial coupling, real, in the table's shape."""
        return self._real(fermion, "axial")

    def scalar(self, fermion: str) -> FloatArray:
        """Return the flavour-diagonal scalar coupling, real, in the table's shape."""
        return self._real(fermion, "scalar")

    def pseudoscalar(self, fermion: str) -> FloatArray:
        """Return the flavour-diagonal pseudoscalar coupling, real, in the table's shape."""
        return self._real(fermion, "pseudoscalar")

    def nucleon_vector(self, nucleon: str) -> FloatArray:
        """Return the vector coupling of the proton ("p", 2u + d) or neutron ("n", u + 2d)."""
        if nucleon not in ("p", "n"):
            raise UnknownNameError(f"nucleon must be 'p' or 'n', got {nucleon!r}")
        up, down = self.vector("u"), self.vector("d")
        return 2.0 * up + down if nucleon == "p" else up + 2.0 * down

    def _real(self, fermion: str, kind: str) -> FloatArray:
        value = np.asarray(getattr(self.entry(fermion), kind))
        if np.any(value.imag):
            raise ModelError(f"{kind} coupling of {fermion} is complex: read it by entry()")
        return np.broadcast_to(value.real, self.shape).astype(np.float64)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs that couple; of a real mediator each unordered pair once."""
        for first, second in sorted(
            self.fermions, key=lambda p: (FERMIONS.index(p[0]), FERMIONS.index(p[1]))
        ):
            mirrored = FERMIONS.index(first) > FERMIONS.index(second)
            if (self.self_conjugate and mirrored) or self.fermions[first, second].is_zero():
                continue
            yield first, second

    def couples_to_quarks(self) -> bool:
        """Tell whether any quark couples, that is whether hadronic decays exist."""
        return any(first in QUARKS for first, _ in self.pairs())

    def at(self, q2: ArrayLike) -> CouplingTable:
        """Return the table at momentum transfer squared `q2` (GeV^2); itself if nothing runs."""
        return self if self.running is None else self.running(q2)


def _check_fermion(name: object) -> None:
    if name not in FERMIONS:
        raise UnknownNameError(f"unknown fermion {name!r}; {suggestion(str(name), FERMIONS)}")
