r"""The current of a dark state that turns into a lighter one by emitting a mediator."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkbeam.errors import ModelError
from darkbeam.models.base import Model
from darkbeam.models.couplings import CouplingTable
from darkbeam.models.dark_channels import DarkFermions, DarkScalars
from darkbeam.models.dark_matter import FermionPair, PseudoDirac, ScalarPair

__all__ = ["Transition", "find_transition"]

FloatArray = NDArray[np.float64]
TwoStateChannel = DarkFermions | DarkScalars


@dataclass(frozen=True, eq=False)
class Transition:
    r"""Heavier dark state -> lighter dark state + mediator of any mass.

    The couplings are those of the decay of the mediator to the two states, by crossing. With
    :math:`\Delta = m_2 - m_1`, :math:`S = m_1 + m_2`, summed over the final and averaged over the
    initial spins:

    ==========  ===================  ====================================================
    states      coupling             squared current
    ==========  ===================  ====================================================
    fermions    vector, transverse   :math:`2|g_V|^2(\Delta^2 - s)(1 + S^2/2s)`
    fermions    axial, transverse    :math:`2|g_A|^2(S^2 - s)(1 + \Delta^2/2s)`
    fermions    vector, divergence   :math:`|g_V|^2\Delta^2(S^2 - s)`
    fermions    axial, divergence    :math:`|g_A|^2 S^2(\Delta^2 - s)`
    fermions    scalar               :math:`|g_S|^2(S^2 - s) + |g_P|^2(\Delta^2 - s)`
    scalars     vector, transverse   :math:`|g|^2(\Delta^2 - s)(S^2 - s)/s`
    scalars     vector, divergence   :math:`|g|^2\Delta^2 S^2`
    scalars     scalar               :math:`|g|^2`
    ==========  ===================  ====================================================

    Parameters
    ----------
    light, heavy, mediator : ndarray
        Masses, GeV.
    spin : {1, 0}
        Spin of the mediator.
    channel : DarkFermions or DarkScalars
        The couplings, see `darkbeam.models.dark_channels`.
    """

    light: FloatArray
    heavy: FloatArray
    mediator: FloatArray
    spin: int
    channel: TwoStateChannel

    @property
    def splitting(self) -> FloatArray:
        """Difference of the masses, GeV."""
        return np.asarray(self.heavy - self.light)

    @property
    def shape(self) -> tuple[int, ...]:
        """Common shape of the masses and couplings."""
        names: tuple[str, ...] = ("vector", "axial", "scalar", "pseudoscalar")
        if isinstance(self.channel, DarkScalars):
            names = ("coupling",)
        couplings = [np.shape(getattr(self.channel, name)) for name in names]
        return np.broadcast_shapes(
            self.light.shape, self.heavy.shape, self.mediator.shape, *couplings
        )

    def broadcast_to(self, shape: tuple[int, ...]) -> Transition:
        """Return the transition with all masses in one shape."""
        light, heavy, mediator = (
            np.broadcast_to(mass, shape) for mass in (self.light, self.heavy, self.mediator)
        )
        return dataclasses.replace(self, light=light, heavy=heavy, mediator=mediator)

    def phase_space(self, energy: FloatArray, gap: FloatArray) -> FloatArray:
        r"""Return :math:`p / 8\pi m_2^2`, 1/GeV, for a mediator of some mass.

        Parameters
        ----------
        energy : ndarray
            Mass of the mediator, GeV.
        gap : ndarray
            :math:`\Delta` - `energy`, GeV; below 0 the decay is closed and the result 0.
        """
        total = self.heavy + self.light
        product = gap * (self.splitting + energy) * (total - energy) * (total + energy)
        return np.asarray(np.sqrt(np.maximum(product, 0.0)) / (16.0 * np.pi * self.heavy**3))

    def current(self, energy: FloatArray, gap: FloatArray) -> FloatArray:
        """Return the squared current: transverse to the momentum of a vector, or scalar.

        Parameters
        ----------
        energy, gap : ndarray
            As of `phase_space`.

        Returns
        -------
        ndarray
            GeV^2.
        """
        s, below, above = self._invariants(energy, gap)
        if isinstance(self.channel, DarkScalars):
            strength = _squared(self.channel.coupling)
            shape = below * above / s if self.spin == 1 else np.ones_like(s)
            return np.asarray(strength * shape)
        channel = self.channel
        if self.spin == 0:
            by_scalar = _squared(channel.scalar) * above
            return np.asarray(by_scalar + _squared(channel.pseudoscalar) * below)
        sum2, difference2 = (self.heavy + self.light) ** 2, self.splitting**2
        by_vector = _squared(channel.vector) * below * (1.0 + sum2 / (2.0 * s))
        by_axial = _squared(channel.axial) * above * (1.0 + difference2 / (2.0 * s))
        return np.asarray(2.0 * (by_vector + by_axial))

    def divergence(self, energy: FloatArray, gap: FloatArray) -> FloatArray:
        """Return the squared current of a vector contracted with its momentum, GeV^4."""
        _, below, above = self._invariants(energy, gap)
        sum2, difference2 = (self.heavy + self.light) ** 2, self.splitting**2
        if isinstance(self.channel, DarkScalars):
            strength = _squared(self.channel.coupling)
            return np.asarray(strength * sum2 * difference2 * np.ones_like(below))
        by_vector = _squared(self.channel.vector) * difference2 * above
        return np.asarray(by_vector + _squared(self.channel.axial) * sum2 * below)

    def _invariants(
        self, energy: FloatArray, gap: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        r"""Return s, :math:`\Delta^2 - s` and :math:`S^2 - s`."""
        total = self.heavy + self.light
        below = gap * (self.splitting + energy)
        return energy**2, np.asarray(below), np.asarray((total - energy) * (total + energy))


def _squared(coupling: object) -> FloatArray:
    value = np.asarray(coupling)
    return np.asarray(value.real**2 + value.imag**2, dtype=np.float64)


def find_transition(model: Model | CouplingTable) -> tuple[CouplingTable, Transition]:
    """Return the couplings of a mediator, and the transition between its two dark states.

    Parameters
    ----------
    model : Model or CouplingTable
        A model whose dark matter is a pair of states, or a table with a dark channel of two
        different particles.

    Raises
    ------
    ModelError
        If there is no such pair, or (in a table) more than one.
    """
    if isinstance(model, Model):
        dark_matter = getattr(model, "dark_matter", None)
        if not isinstance(dark_matter, PseudoDirac | ScalarPair | FermionPair):
            name = "none" if dark_matter is None else getattr(dark_matter, "name", dark_matter)
            raise ModelError(
                "dark_matter must be of two states (pseudo-dirac, scalar-pair or fermion-pair), "
                f"got {name}"
            )
        table = model.couplings()
        channels = [c for c in table.dark if isinstance(c, TwoStateChannel)]
    elif isinstance(model, CouplingTable):
        table = model
        channels = [c for c in table.dark if isinstance(c, TwoStateChannel) and _is_pair(c)]
    else:
        raise ModelError(f"model must be a Model or a CouplingTable, got {type(model).__name__}")
    if len(channels) != 1:
        raise ModelError(f"one dark channel of two different states is needed, got {len(channels)}")
    first, second = (np.asarray(mass, dtype=np.float64) for mass in channels[0].masses)
    mediator = np.asarray(table.mass, dtype=np.float64)
    light, heavy = np.minimum(first, second), np.maximum(first, second)
    return table, Transition(light, heavy, mediator, table.spin, channels[0])


def _is_pair(channel: TwoStateChannel) -> bool:
    first, second = (np.asarray(mass) for mass in channel.masses)
    return not channel.identical and bool(np.any(first != second))
