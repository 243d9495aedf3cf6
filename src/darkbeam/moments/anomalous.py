"""The anomalous magnetic moment that a mediator gives to a charged lepton."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from darkbeam.constants import ELECTRON_MASS, MUON_MASS, TAU_MASS
from darkbeam.errors import ModelError, UnknownNameError, suggestion
from darkbeam.models.base import Model
from darkbeam.models.couplings import CHARGED_LEPTONS, Coupling, CouplingTable
from darkbeam.moments.loops import (
    axial_contribution,
    pseudoscalar_contribution,
    scalar_contribution,
    vector_contribution,
)

__all__ = ["FORMULA_REFERENCES", "LEPTON_MASSES", "check_lepton", "delta_a"]

FloatArray = NDArray[np.float64]

LEPTON_MASSES = dict(zip(CHARGED_LEPTONS, (ELECTRON_MASS, MUON_MASS, TAU_MASS), strict=True))

FORMULA_REFERENCES = ("Leveille:1977rc", "Lindner:2016bgg")
"""Keys of the bibliography for what results of this package rest on."""

_CONTRIBUTIONS: dict[str, Callable[..., FloatArray]] = {
    "vector": vector_contribution,
    "axial": axial_contribution,
    "scalar": scalar_contribution,
    "pseudoscalar": pseudoscalar_contribution,
}


def delta_a(model: Model | CouplingTable, lepton: str = "mu") -> FloatArray:
    r"""Return what a mediator adds to the anomalous magnetic moment :math:`a = (g-2)/2`.

    One loop, every coupling of the table to the lepton, every lepton in the loop with its mass: see
    `darkbeam.moments.loops`. A complex scalar contributes by both of its entries for a pair of
    leptons, :math:`\bar f_i f_j` and :math:`\bar f_j f_i`: one by the scalar, the other by its
    antiparticle. The couplings are those on the mass shell of the mediator.

    Parameters
    ----------
    model : Model or CouplingTable
        Mass and couplings, scalars or arrays that broadcast.
    lepton : {"mu", "e", "tau"}
        Whose moment.

    Returns
    -------
    ndarray
        :math:`\Delta a`, without a unit, in the broadcast shape of the model's parameters.

    Raises
    ------
    UnknownNameError
        On another lepton.

    Examples
    --------
    A light vector that couples to muons by 4.5e-4 (arXiv:2108.05147 eq. 2.13):

    >>> from darkbeam.models import Coupling, CouplingTable
    >>> muonic = CouplingTable(mass=1e-3, fermions={"mu": Coupling(vector=4.5e-4)})
    >>> f"{float(delta_a(muonic)):.2e}"
    '2.49e-09'
    """
    check_lepton(lepton)
    if isinstance(model, CouplingTable):
        table = model
    elif isinstance(model, Model):
        table = model.couplings()
    else:
        raise ModelError(f"model must be a Model or a CouplingTable, got {type(model).__name__}")
    total = np.zeros(table.shape)
    for internal in CHARGED_LEPTONS:
        for entry in _entries(table, lepton, internal):
            for kind, contribution in _CONTRIBUTIONS.items():
                squared = np.abs(getattr(entry, kind)) ** 2
                if np.any(squared):
                    masses = (table.mass, LEPTON_MASSES[lepton], LEPTON_MASSES[internal])
                    total = total + squared * contribution(*masses)
    return np.asarray(total)


def check_lepton(lepton: str) -> None:
    """Raise `UnknownNameError` unless this is a charged lepton."""
    if lepton not in CHARGED_LEPTONS:
        raise UnknownNameError(
            f"lepton must be e, mu or tau, got {lepton!r}; "
            f"{suggestion(str(lepton), CHARGED_LEPTONS)}"
        )


def _entries(table: CouplingTable, lepton: str, internal: str) -> list[Coupling]:
    """Return the vertices of the diagrams; a real mediator's entries are conjugates, one vertex."""
    entries = [table.entry(lepton, internal)]
    return entries if table.self_conjugate else [*entries, table.entry(internal, lepton)]
