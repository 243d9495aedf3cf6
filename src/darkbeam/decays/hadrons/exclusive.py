r"""Exclusive hadronic channels of a vector current below 1.85 GeV, interpolated from a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["EXCLUSIVE_CHANNELS", "TABLE_END", "exclusive_ratios"]

FloatArray = NDArray[np.float64]

TABLE_END = 1.85
"""Upper end of the table, GeV."""

EXCLUSIVE_CHANNELS = (
    "pi_pi",
    "pi0_gamma",
    "eta_gamma",
    "pi_pi_pi0",
    "K_K",
    "K0_K0",
    "pi0_pi0_gamma",
    "pi_pi_pi0_pi0",
    "pi_pi_pi_pi",
    "K0_K0_pi0",
    "K_K_pi0",
    "K_K0_pi",
    "eta_pi_pi",
    "etaprime_pi_pi",
    "omega_pi_pi",
    "eta_omega",
    "phi_pi0",
    "eta_phi",
    "phi_pi_pi",
    "six_pi",
    "K_K_pi_pi",
)
"""Channels of the table, in its order; charges are explained in `HADRON_CHANNELS`."""

_PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
_FILE = "data/vector_channels.npz"


@dataclass(frozen=True, eq=False)
class _Channel:
    """R_ab over (1 - threshold^2/m^2)^power, at the masses of the table."""

    threshold: float
    power: float
    mass: FloatArray
    components: tuple[int, ...]
    ratio: FloatArray


@lru_cache(maxsize=1)
def _table() -> dict[str, _Channel]:
    channels = {}
    source = files("darkbeam.decays.hadrons").joinpath(_FILE)
    with source.open("rb") as stream, np.load(stream) as stored:
        for name in EXCLUSIVE_CHANNELS:
            threshold, power = stored[f"{name}.threshold_power"]
            channels[name] = _Channel(
                float(threshold),
                float(power),
                stored[f"{name}.mass"],
                tuple(int(k) for k in stored[f"{name}.components"]),
                stored[f"{name}.ratio"].astype(np.float64),
            )
    return channels


def exclusive_ratios(
    mass: ArrayLike, up: ArrayLike, down: ArrayLike, strange: ArrayLike
) -> dict[str, FloatArray]:
    r"""Return the widths to the exclusive channels over m/(12 pi).

    .. math::

       \frac{12\pi\,\Gamma_f}{m} = \sum_{a\le b} c_a c_b R^f_{ab}(m),\qquad
       c = \left(g_u - g_d,\ 3(g_u + g_d),\ -3 g_s\right)

    For the charges of the photon all :math:`c` are one and the sum is R of e+e- to the channel.
    Interpolated linearly in a table whose points are so dense that this costs below 0.2 %
    (`tools/make_vector_hadron_table.py`).

    Parameters
    ----------
    mass : array_like
        Mass of the mediator, GeV; zero is returned above `TABLE_END`.
    up, down, strange : array_like
        Vector couplings of the quarks.

    Returns
    -------
    dict of str to ndarray
        Channel -> ratio, in the common shape of the arguments.
    """
    m, u, d, s = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (mass, up, down, strange))
    )
    currents = (u - d, 3.0 * (u + d), -3.0 * s)
    couplings = [currents[a] * currents[b] for a, b in _PAIRS]
    return {name: _interpolated(entry, m, couplings) for name, entry in _table().items()}


def _interpolated(entry: _Channel, mass: FloatArray, couplings: list[FloatArray]) -> FloatArray:
    result = np.zeros(mass.shape)
    is_open = (mass > entry.threshold) & (mass <= TABLE_END)
    if not np.any(is_open):
        return result
    m = mass[is_open]
    above = np.clip(np.searchsorted(entry.mass, m), 1, entry.mass.size - 1)
    low = entry.mass[above - 1]
    part = np.clip((m - low) / (entry.mass[above] - low), 0.0, 1.0)
    total = np.zeros(m.shape)
    for column, component in enumerate(entry.components):
        values = entry.ratio[:, column]
        local = values[above - 1] * (1.0 - part) + values[above] * part
        total += couplings[component][is_open] * local
    space = (1.0 - (entry.threshold / m) ** 2) ** entry.power
    # Rounding of the table may leave a tiny negative rest where amplitudes cancel.
    result[is_open] = np.clip(total * space, 0.0, None)
    return result
