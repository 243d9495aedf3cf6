"""Widths, branching fractions, lifetimes and decay lengths of a mediator from its couplings."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import (
    ELECTRON_MASS,
    HBAR_GEV_S,
    HBARC_GEV_M,
    MUON_MASS,
    PION_MASS,
    TAU_MASS,
)
from darkbeam.decays.two_body import (
    scalar_to_fermions,
    scalar_to_scalars,
    vector_to_fermions,
    vector_to_scalars,
)
from darkbeam.errors import DarkbeamWarning, InputError, ModelError, UnknownNameError, suggestion
from darkbeam.models.base import Model
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS, CouplingTable
from darkbeam.models.dark_channels import DarkChannel, DarkFermions, DarkScalars

__all__ = ["Widths", "decay_length_m", "widths"]

FloatArray = NDArray[np.float64]

CHANNELS = ("e_e", "mu_mu", "tau_tau", "e_mu", "nu_nu", "hadrons", "dark")
"""Channels that every model reports, in the order of the command line's columns."""

_LEPTON_MASSES = dict(zip(CHARGED_LEPTONS, (ELECTRON_MASS, MUON_MASS, TAU_MASS), strict=True))
_MASSES = _LEPTON_MASSES | dict.fromkeys(NEUTRINOS, 0.0)


@dataclass(frozen=True, eq=False)
class Widths:
    """Partial widths of a mediator, GeV, all arrays of one shape.

    Parameters
    ----------
    mass : ndarray
        Mass of the mediator, GeV.
    partial : mapping
        Channel -> partial width, GeV: e_e, mu_mu, tau_tau, e_mu (both charge states of a real
        mediator; e_tau, mu_tau follow if they couple), nu_nu (all flavours), hadrons, dark.
        ``hadrons`` is NaN where hadronic decays are open but not computed.
    dark_channels : mapping
        The parts of ``dark`` by the channel's own name, GeV.
    """

    mass: FloatArray
    partial: Mapping[str, FloatArray]
    dark_channels: Mapping[str, FloatArray]

    @property
    def total(self) -> FloatArray:
        """Total width, GeV: the sum of all partial widths that are known (NaN left out)."""
        return self._sum(self.partial)

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Where `total` holds every open channel, that is where ``hadrons`` is known."""
        return np.asarray(~np.isnan(self.partial["hadrons"]))

    @property
    def tau_s(self) -> FloatArray:
        """Mean lifetime at rest, seconds; infinite where nothing is open."""
        return _divide(HBAR_GEV_S, self.total, empty=np.inf)

    @property
    def invisible(self) -> FloatArray:
        """Width to dark states and neutrinos, GeV."""
        return np.asarray(self.partial["dark"] + self.partial["nu_nu"])

    @property
    def visible(self) -> FloatArray:
        """Width to charged leptons and hadrons as far as known, GeV."""
        return self._sum(c for c in self.partial if c not in ("dark", "nu_nu"))

    def _sum(self, channels: Iterable[str]) -> FloatArray:
        return np.asarray(np.nansum(np.stack([self.partial[c] for c in channels]), axis=0))

    def branching(self, channel: str) -> FloatArray:
        """Return a branching fraction.

        Parameters
        ----------
        channel : str
            A key of `partial`, or ``"invisible"`` or ``"visible"``.

        Returns
        -------
        ndarray
            Fraction of `total`; NaN where nothing is open or the channel is not known.

        Raises
        ------
        UnknownNameError
            On an unknown channel, with the near match.
        """
        if channel in ("invisible", "visible"):
            width: FloatArray = getattr(self, channel)
        elif channel in self.partial:
            width = self.partial[channel]
        else:
            known = [*self.partial, "invisible", "visible"]
            raise UnknownNameError(f"unknown channel {channel!r}; {suggestion(channel, known)}")
        return _divide(width, self.total, empty=np.nan)


def widths(model: Model | CouplingTable, *, warn: bool = True) -> Widths:
    r"""Return all partial widths of a mediator at tree level, every mass kept.

    Leptons, neutrinos and dark states by `darkbeam.decays.two_body`
    (arXiv:2003.07257 eqs. 8-10 for the dark photon). Decays to hadrons are not part of this
    release: where they are open (a mediator that couples to quarks, above two charged pions) the
    channel ``hadrons`` is NaN, the total leaves it out, and one `DarkbeamWarning` says so. Between
    the mass of the neutral pion and two charged pions the small radiative width
    (pi0 gamma) is taken as zero.

    Parameters
    ----------
    model : Model or CouplingTable
        Mass and couplings, scalars or arrays that broadcast.
    warn : bool
        False silences the warning about hadrons, for a caller that says it itself.

    Returns
    -------
    Widths
        GeV, in the broadcast shape of the model's parameters.

    Examples
    --------
    >>> from darkbeam.models import DarkPhoton
    >>> float(widths(DarkPhoton(mass=0.1, epsilon=1e-3)).partial["e_e"].round(13))
    2.432e-10
    """
    table = _table(model)
    mass = np.asarray(table.mass, dtype=np.float64)
    partial: dict[str, FloatArray] = {name: np.zeros(()) for name in CHANNELS[:4]}
    partial["nu_nu"] = np.zeros(())
    for first, second in table.pairs():
        if first not in _MASSES:
            continue
        width = _pair_width(table, mass, first, second)
        if first in NEUTRINOS:
            partial["nu_nu"] = partial["nu_nu"] + width
        else:
            name = "_".join(sorted((first, second), key=CHARGED_LEPTONS.index))
            partial[name] = partial.get(name, np.zeros(())) + width
    dark = {channel.name: _dark_width(table, mass, channel) for channel in table.dark}
    neutrinos = partial.pop("nu_nu")
    partial |= {"nu_nu": neutrinos, "hadrons": _hadrons(table, mass, warn=warn)}
    partial["dark"] = sum(dark.values(), start=np.zeros(()))
    shape = np.broadcast_shapes(table.shape, *(w.shape for w in partial.values()))
    return Widths(
        mass=np.broadcast_to(mass, shape),
        partial=MappingProxyType({k: _filled(w, shape) for k, w in partial.items()}),
        dark_channels=MappingProxyType({k: _filled(w, shape) for k, w in dark.items()}),
    )


def decay_length_m(
    model: Model | CouplingTable, energy: ArrayLike, *, warn: bool = True
) -> FloatArray:
    r"""Return the mean decay length in the laboratory, :math:`\beta\gamma c\tau`, metres.

    Parameters
    ----------
    model : Model or CouplingTable
        Mass and couplings.
    energy : array_like
        Total energy of the mediator, GeV, at least its mass; broadcasts against the model.
    warn : bool
        As for `widths`.

    Returns
    -------
    ndarray
        Metres; infinite for a stable mediator.

    Raises
    ------
    InputError
        If an energy is not finite or below the mass.
    """
    found = widths(model, warn=warn)
    total = np.asarray(energy, dtype=np.float64)
    if not np.all(np.isfinite(total) & (total >= found.mass)):
        raise InputError(
            f"energy must be finite and at least the mediator's mass (GeV), got {energy!r}"
        )
    boost = np.sqrt((total - found.mass) * (total + found.mass)) / found.mass
    return np.asarray(boost * _divide(HBARC_GEV_M, found.total, empty=np.inf))


def _table(model: Model | CouplingTable) -> CouplingTable:
    if isinstance(model, CouplingTable):
        return model
    if isinstance(model, Model):
        return model.couplings()
    raise ModelError(f"model must be a Model or a CouplingTable, got {type(model).__name__}")


def _pair_width(table: CouplingTable, mass: FloatArray, first: str, second: str) -> FloatArray:
    """Width to a lepton pair; of a real mediator to both charge states."""
    coupling = table.entry(first, second)
    masses = (mass, _MASSES[first], _MASSES[second])
    if table.spin == 1:
        width = vector_to_fermions(*masses, coupling.vector, coupling.axial)
    else:
        width = scalar_to_fermions(*masses, coupling.scalar, coupling.pseudoscalar)
    both = table.self_conjugate and first != second
    return 2.0 * width if both else width


def _dark_width(table: CouplingTable, mass: FloatArray, channel: DarkChannel) -> FloatArray:
    if isinstance(channel, DarkFermions):
        masses = (mass, *channel.masses)
        forbidden = (channel.scalar, channel.pseudoscalar)
        if table.spin == 0:
            forbidden = (channel.vector, channel.axial)
        if any(np.any(np.asarray(value)) for value in forbidden):
            raise ModelError(f"a spin-{table.spin} mediator cannot have channel {channel.name!r}")
        if table.spin == 1:
            width = vector_to_fermions(*masses, channel.vector, channel.axial)
        else:
            width = scalar_to_fermions(*masses, channel.scalar, channel.pseudoscalar)
    elif isinstance(channel, DarkScalars):
        to_scalars = vector_to_scalars if table.spin == 1 else scalar_to_scalars
        width = to_scalars(mass, *channel.masses, channel.coupling)
    else:
        return np.asarray(channel.width(mass), dtype=np.float64)
    return width * (0.5 if channel.identical else 1.0) * (2.0 if channel.conjugate else 1.0)


def _hadrons(table: CouplingTable, mass: FloatArray, *, warn: bool) -> FloatArray:
    is_open = mass > 2.0 * PION_MASS
    if not table.couples_to_quarks() or not np.any(is_open):
        return np.zeros_like(mass)
    if warn:
        warnings.warn(
            f"decays to hadrons are not computed: above {2e3 * PION_MASS:.0f} MeV their width is "
            "NaN and the total width leaves them out",
            DarkbeamWarning,
            stacklevel=3,
        )
    return np.where(is_open, np.nan, 0.0)


def _filled(width: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    filled = np.broadcast_to(width, shape).copy()
    filled.setflags(write=False)
    return filled


def _divide(numerator: ArrayLike, denominator: FloatArray, *, empty: float) -> FloatArray:
    """Divide, with `empty` where the denominator is zero."""
    open_ = denominator > 0.0
    safe = np.where(open_, denominator, 1.0)
    return np.asarray(np.where(open_, np.asarray(numerator) / safe, empty))
