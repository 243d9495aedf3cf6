r"""Couplings in units of the one that limits are set on, as a person writes them down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.couplings import NEUTRINOS, Coupling, CouplingTable
from darkbeam.models.dark_matter import Mediator

__all__ = ["Charges"]

Pair = tuple[str, str]
_KINDS = ("vector", "axial", "scalar", "pseudoscalar")
_ENTRIES = ("charge", "left", "right", *_KINDS)
_GROUP = {"charge": "charge", "left": "chiral", "right": "chiral"}


class Charges(Mapping[Pair, Coupling]):
    r"""The couplings of a mediator in units of its coupling constant, by pairs of fermions.

    Parameters
    ----------
    given : mapping
        ``"e"``, ``"e mu"`` or ``("e", "mu")`` -> a `Coupling`, a number (a charge), or a mapping
        with entries of one of these groups:

        * ``charge``: the vector coupling of a vector, for neutrinos the left-handed one; the scalar
          coupling of a scalar;
        * ``left``, ``right``: :math:`\gamma^\mu(g_L P_L + g_R P_R)` of a vector,
          :math:`g_L P_L + g_R P_R` of a scalar, with :math:`P_{L,R} = (1 \mp \gamma_5)/2`;
        * ``vector``, ``axial``; ``scalar``, ``pseudoscalar``: as in `CouplingTable`.
    spin : {1, 0}
        Spin of the mediator.
    self_conjugate : bool
        False for a complex scalar, as in `CouplingTable`.

    Raises
    ------
    UnknownNameError
        On a fermion or an entry that does not exist, with the near match.
    ModelError
        On what a mediator cannot couple to, is not hermitian, or mixes groups of entries.

    Examples
    --------
    >>> charges = Charges({"mu": 1, "nu_mu": 1, "e mu": {"left": 0.1}})
    >>> charges["nu_mu", "nu_mu"].axial.item()
    (-0.5+0j)
    """

    def __init__(
        self, given: Mapping[Any, Any], spin: int = 1, *, self_conjugate: bool = True
    ) -> None:
        """Bring the entries into one form and check them."""
        entries: dict[Pair, Coupling] = {}
        for key, value in given.items():
            pair = _pair(key)
            if pair in entries:
                raise ModelError(f"the couplings of {' '.join(pair)} are given twice")
            entries[pair] = _coupling(pair, value, spin)
        # The table knows what is allowed; it also fills in hermitian conjugates, not kept here.
        CouplingTable(mass=1.0, fermions=entries, spin=spin, self_conjugate=self_conjugate)
        self._entries = entries
        self.spin = spin
        self.self_conjugate = self_conjugate

    def __getitem__(self, pair: Pair) -> Coupling:
        """Return the coupling of an ordered pair."""
        return self._entries[pair]

    def __iter__(self) -> Iterator[Pair]:
        """Iterate over the pairs."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        """Compare by value."""
        return isinstance(other, Charges) and self._content() == other._content()

    def __hash__(self) -> int:
        """Hash consistent with equality."""
        return hash(self._content())

    def __repr__(self) -> str:
        """Show the pairs."""
        return f"Charges({', '.join(' '.join(dict.fromkeys(pair)) for pair in self)})"

    def _content(self) -> tuple[object, ...]:
        values = (
            (pair, *((np.shape(v), np.asarray(v).tolist()) for v in _values(coupling)))
            for pair, coupling in sorted(self._entries.items())
        )
        return (self.spin, self.self_conjugate, str(list(values)))

    @property
    def mediator(self) -> Mediator:
        """What the mediator is to dark matter: a pseudoscalar if all of its couplings are such."""
        if self.spin == 1:
            return "vector"
        if not self.self_conjugate:
            return "complex-scalar"
        only_pseudoscalar = self and not any(np.any(c.scalar) for c in self.values())
        return "pseudoscalar" if only_pseudoscalar else "scalar"

    def times(self, coupling: ArrayLike) -> dict[Pair, Coupling]:
        """Return the absolute couplings for a value of the coupling constant."""
        strength = np.asarray(coupling)
        return {
            pair: Coupling(*(strength * np.asarray(value) for value in _values(charge)))
            for pair, charge in self._entries.items()
        }


def _values(coupling: Coupling) -> tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]:
    return coupling.vector, coupling.axial, coupling.scalar, coupling.pseudoscalar


def _pair(key: object) -> Pair:
    names = key.split() if isinstance(key, str) else key
    if not isinstance(names, list | tuple) or len(names) not in (1, 2):
        raise ModelError(f"couplings are given for a fermion or for two, got {key!r}")
    return str(names[0]), str(names[-1])


def _coupling(pair: Pair, value: object, spin: int) -> Coupling:
    if isinstance(value, Coupling):
        return value
    entries: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {"charge": value}
    names = " ".join(dict.fromkeys(pair))
    for entry in entries:
        if entry not in _ENTRIES:
            raise UnknownNameError(
                f"couplings of {names} have no entry {entry!r}; {suggestion(str(entry), _ENTRIES)}"
            )
        _check_number(f"couplings of {names}: {entry}", entries[entry])
    if len({_GROUP.get(entry, "plain") for entry in entries}) > 1:
        raise ModelError(
            f"couplings of {names}: give charge, or left and right, or "
            f"{' and '.join(_KINDS[:2] if spin == 1 else _KINDS[2:])}; got {', '.join(entries)}"
        )
    if "charge" in entries:
        return _from_charge(pair, entries["charge"], spin)
    if "left" in entries or "right" in entries:
        return _from_chiral(entries.get("left", 0.0), entries.get("right", 0.0), spin)
    return Coupling(**entries)


def _check_number(what: str, value: object) -> None:
    try:
        number = np.array(value, dtype=np.complex128)
    except (TypeError, ValueError):
        raise ModelError(f"{what} = {value!r} is not a number") from None
    if not np.all(np.isfinite(number)):
        raise ModelError(f"{what} must be finite, got {value!r}")


def _from_charge(pair: Pair, charge: Any, spin: int) -> Coupling:
    if spin == 0:
        return Coupling(scalar=charge)
    if pair[0] in NEUTRINOS:
        return _from_chiral(charge, 0.0, spin)
    return Coupling(vector=charge)


def _from_chiral(left: Any, right: Any, spin: int) -> Coupling:
    if spin == 1:
        return Coupling.chiral(left, right)
    # g_L P_L + g_R P_R = (g_L + g_R)/2 + gamma5 (g_R - g_L)/2 = S + i P gamma5
    g_left, g_right = np.asarray(left), np.asarray(right)
    return Coupling(scalar=(g_left + g_right) / 2.0, pseudoscalar=-0.5j * (g_right - g_left))
