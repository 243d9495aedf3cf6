r"""The psi and Upsilon resonances of the charm and beauty currents, as Breit-Wigner peaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkbeam.constants import ALPHA

__all__ = ["QUARKONIA", "Quarkonium", "quarkonium_ratio"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Quarkonium:
    """A vector quarkonium.

    Parameters
    ----------
    name : str
        Its name in the Review of Particle Physics.
    quark : {"c", "b"}
        What it is made of.
    mass, width : float
        Mass and total width, GeV.
    electron_width : float
        Width to an electron pair, GeV.
    hadronic_fraction : float
        Branching fraction to hadrons: one minus those to charged leptons.
    """

    name: str
    quark: str
    mass: float
    width: float
    electron_width: float
    hadronic_fraction: float = 1.0


QUARKONIA: tuple[Quarkonium, ...] = (
    Quarkonium("J/psi(1S)", "c", 3.096900, 92.6e-6, 5.53e-6, 0.877),
    Quarkonium("psi(2S)", "c", 3.686097, 293.0e-6, 2.33e-6, 0.979),
    Quarkonium("psi(3770)", "c", 3.7737, 27.2e-3, 0.262e-6),
    Quarkonium("psi(4040)", "c", 4.040, 85.0e-3, 0.86e-6),
    Quarkonium("psi(4160)", "c", 4.191, 69.0e-3, 0.48e-6),
    Quarkonium("psi(4415)", "c", 4.415, 110.0e-3, 0.58e-6),
    Quarkonium("Upsilon(1S)", "b", 9.4604, 54.0e-6, 1.340e-6, 0.925),
    Quarkonium("Upsilon(2S)", "b", 10.0234, 32.0e-6, 0.612e-6, 0.941),
    Quarkonium("Upsilon(3S)", "b", 10.3551, 20.3e-6, 0.443e-6, 0.934),
    Quarkonium("Upsilon(4S)", "b", 10.5794, 20.5e-3, 0.272e-6),
    Quarkonium("Upsilon(10860)", "b", 10.8852, 37.0e-3, 0.31e-6),
    Quarkonium("Upsilon(11020)", "b", 11.000, 24.0e-3, 0.130e-6),
)
"""Masses and widths of the RPP 2026 (as `particle` 1.1 carries them), electron widths of the
RPP listings; to 2-3 % for the narrow states, 10-50 % for the psi above 4 GeV and Upsilon(10860)."""

_CHARGE: Mapping[str, float] = {"c": 2.0 / 3.0, "b": -1.0 / 3.0}
_POLARISATION: Mapping[str, float] = {"c": 0.957, "b": 0.931}
"""(alpha / alpha(M))^2, which turns the measured electron width, a photon that runs, into the
coupling of the bare current; hep-ph/0109084 for J/psi and Upsilon(1S). To 0.5 %."""


def quarkonium_ratio(sqrt_s: ArrayLike, vector: Mapping[str, ArrayLike]) -> FloatArray:
    r"""Return the resonant width to hadrons over m/(12 pi).

    .. math::

       \frac{12\pi\,\Gamma}{m} = \sum_V \frac{g_q^2}{Q_q^2}\left(\frac{\alpha}{\alpha(M)}\right)^2
       \frac{9}{\alpha^2} \frac{m^2\,\Gamma_{ee}\Gamma_{\rm had}}{(m^2-M^2)^2 + M^2\Gamma^2}

    The sum for :math:`g_q = Q_q` is the peak in R of :math:`e^+e^-`, from
    :math:`\sigma = 12\pi\,\Gamma_{ee}\Gamma_{\rm had}/((s-M^2)^2 + M^2\Gamma^2)` over
    :math:`4\pi\alpha^2/3s` (RPP, Cross-section formulae). No interference with the continuum.

    Parameters
    ----------
    sqrt_s : array_like
        Mass of the mediator, GeV.
    vector : mapping of str to array_like
        Vector couplings of c and b.

    Returns
    -------
    ndarray
        Ratio.
    """
    energy = np.asarray(sqrt_s, dtype=np.float64)
    total = np.zeros(energy.shape)
    for state in QUARKONIA:
        strength = np.asarray(vector.get(state.quark, 0.0)) ** 2 / _CHARGE[state.quark] ** 2
        strength = strength * _POLARISATION[state.quark] * 9.0 / ALPHA**2
        partial = state.electron_width * state.hadronic_fraction * state.width
        off_shell = (energy - state.mass) * (energy + state.mass)
        total = total + strength * energy**2 * partial / (
            off_shell**2 + (state.mass * state.width) ** 2
        )
    return np.asarray(total)
