"""Widths, branching fractions, lifetimes and decay lengths of a mediator from its couplings."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import (
    ELECTRON_MASS,
    HBARC_GEV_M,
    MUON_MASS,
    TAU_MASS,
    W_MASS,
)
from darkbeam.decays.hadrons import vector_hadron_widths
from darkbeam.decays.photons import photon_pair_width, three_photon_width
from darkbeam.decays.result import Widths, divide
from darkbeam.decays.scalar_hadrons import scalar_hadron_widths
from darkbeam.decays.two_body import (
    scalar_to_fermions,
    scalar_to_scalars,
    vector_to_fermions,
    vector_to_scalars,
)
from darkbeam.errors import DarkbeamWarning, InputError, ModelError
from darkbeam.models.base import Model
from darkbeam.models.couplings import CHARGED_LEPTONS, NEUTRINOS, CouplingTable
from darkbeam.models.dark_channels import DarkChannel, DarkFermions, DarkScalars

__all__ = ["CHANNELS", "decay_length_m", "widths"]

FloatArray = NDArray[np.float64]

CHANNELS = ("e_e", "mu_mu", "tau_tau", "e_mu", "nu_nu", "hadrons", "dark")
"""Channels that every model reports, in the order of the command line's columns."""

_LEPTON_MASSES = dict(zip(CHARGED_LEPTONS, (ELECTRON_MASS, MUON_MASS, TAU_MASS), strict=True))
_MASSES = _LEPTON_MASSES | dict.fromkeys(NEUTRINOS, 0.0)


def widths(model: Model | CouplingTable, *, warn: bool = True) -> Widths:
    r"""Return all partial widths of a mediator, every mass kept.

    Leptons, neutrinos and dark states at tree level by `darkbeam.decays.two_body`
    (arXiv:2003.07257 eqs. 8-10 for the dark photon); hadrons by `darkbeam.decays.hadrons` (vectors)
    and `darkbeam.decays.scalar_hadrons`; photons by `darkbeam.decays.photons`. Where hadronic
    decays are open but cannot be computed the channel ``hadrons`` is NaN, the total leaves it out,
    and one `DarkbeamWarning` says so; likewise ``weak_bosons`` of a share of the Higgs boson above
    the mass of the W.

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
    hadronic = _hadronic_widths(table, warn=warn)
    partial |= {"nu_nu": neutrinos, "hadrons": sum(hadronic.values(), start=np.zeros(()))}
    partial["dark"] = sum(dark.values(), start=np.zeros(()))
    partial |= _photon_widths(table, warn=warn) | _weak_boson_widths(table, warn=warn)
    shape = np.broadcast_shapes(table.shape, *(w.shape for w in partial.values()))
    return Widths(
        mass=np.broadcast_to(mass, shape),
        partial=_filled(partial, shape),
        dark_channels=_filled(dark, shape),
        hadronic_channels=_filled(hadronic, shape),
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
    return np.asarray(boost * divide(HBARC_GEV_M, found.total, empty=np.inf))


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


def _hadronic_widths(table: CouplingTable, *, warn: bool) -> dict[str, FloatArray]:
    if not table.couples_to_quarks():
        return {}
    if table.spin == 1:
        return vector_hadron_widths(table, warn=warn)
    return scalar_hadron_widths(table, warn=warn)


def _photon_widths(table: CouplingTable, *, warn: bool) -> dict[str, FloatArray]:
    """Return the width to photons, if it is open anywhere (NaN: open, not computed)."""
    if table.spin == 1:
        name, width = "gamma_gamma_gamma", three_photon_width(table)
    else:
        name, width = "gamma_gamma", photon_pair_width(table, warn=warn)
    return {name: width} if np.any(width != 0.0) else {}


def _weak_boson_widths(table: CouplingTable, *, warn: bool) -> dict[str, FloatArray]:
    """Return NaN where a share of the Higgs boson decays to W and Z, which is not computed."""
    if not np.any(table.w_boson):
        return {}
    open_ = np.asarray((np.asarray(table.mass) > W_MASS) & (np.asarray(table.w_boson) != 0.0))
    if not np.any(open_):
        return {}
    if warn:
        warnings.warn(
            f"decays to W and Z are not computed: NaN above {W_MASS:.0f} GeV",
            DarkbeamWarning,
            stacklevel=3,
        )
    return {"weak_bosons": np.where(open_, np.nan, 0.0)}


def _filled(
    widths: Mapping[str, FloatArray], shape: tuple[int, ...]
) -> MappingProxyType[str, FloatArray]:
    filled = {name: np.broadcast_to(width, shape).copy() for name, width in widths.items()}
    for width in filled.values():
        width.setflags(write=False)
    return MappingProxyType(filled)
