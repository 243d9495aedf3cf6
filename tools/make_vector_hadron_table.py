"""Make src/darkbeam/decays/hadrons/data/vector_channels.npz: hadronic widths of vector mediators.

Run it in an environment that has hazma 2.2 (`pip install hazma==2.2.0 numpy scipy`), about ten
minutes on one core. darkbeam itself does not need hazma.

The table holds, for each exclusive channel f, R_ab(m) with

    Gamma(X -> f) = m / (12 pi) sum_{a <= b} c_a c_b R_ab(m),
    c = (g_u - g_d, 3 (g_u + g_d), -3 g_s),

normalised such that the photon (c = e, e, e) has sum_ab R_ab = R_f, the ratio to massless muons.
The currents are those of hazma (Coogan, Morrison, Plehn, Reimitz, "Hazma meets HERWIG4DM",
arXiv:2207.07634), that is of arXiv:1911.11147 and arXiv:2201.01788; where they are changed, a
comment that begins with CHANGED says what and why. The integrals over phase space are done here:
Gauss-Legendre quadrature for three particles, RAMBO with fixed seeds for four.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
from vector_hadron_currents import (
    ETA,
    ETAP,
    EVENTS,
    K0,
    KSTAR,
    M_MAX,
    OMEGA,
    OMEGA_TO_PI0_GAMMA,
    PHI,
    PI,
    PI0,
    K,
    four_pion_ratio,
    four_pions,
    from_hazma,
    neutral_kaon_components,
    omega_pion_pair,
    pair_of_pseudoscalars,
    phi_pion_pair,
    pion_components,
    pseudoscalar_and_vector,
    six_pions,
    three_pseudoscalars,
    two_kaons_two_pions,
    vector_pair_ratio,
)

OUTPUT = Path(__file__).parents[1] / "src/darkbeam/decays/hadrons/data/vector_channels.npz"
TOLERANCE = 1.0e-3
"""Greatest error of linear interpolation between the masses, of the channel's width."""
# ---- the table ---------------------------------------------------------------------------------


def channels(four: dict[str, np.ndarray]) -> dict[str, tuple[float, float, Callable]]:
    """Return channel -> (threshold in GeV, power of 1 - threshold^2/m^2 taken out, R_ab)."""
    ppp, pv = three_pseudoscalars, pseudoscalar_and_vector
    kaons = from_hazma("KK")
    omega_pairs = [(PI, PI, 1.0), (PI0, PI0, 0.5)]
    return {
        "pi_pi": (2 * PI, 1.5, pair_of_pseudoscalars(pion_components, 2 * PI)),
        "pi0_gamma": (PI0, 3.0, pv("Pi0Gamma", PI0, 0.0)),
        "eta_gamma": (ETA, 3.0, pv("EtaGamma", ETA, 0.0)),
        "pi_pi_pi0": (PI0 + 2 * PI, 4.0, ppp("PiPiPi0", (PI0, PI, PI))),
        "K_K": (2 * K, 1.5, pair_of_pseudoscalars(kaons, 2 * K)),
        "K0_K0": (2 * K0, 1.5, pair_of_pseudoscalars(neutral_kaon_components, 2 * K0)),
        # CHANGED: only omega -> pi0 gamma; omega -> 3 pi is part of the four-pion current.
        "pi0_pi0_gamma": (PI0 + OMEGA, 1.5, pv("Pi0Omega", PI0, OMEGA, OMEGA_TO_PI0_GAMMA)),
        "pi_pi_pi0_pi0": (2 * (PI + PI0), 4.5, four_pion_ratio(four["PiPiPi0Pi0"], 0.549095)),
        "pi_pi_pi_pi": (4 * PI, 4.5, four_pion_ratio(four["PiPiPiPi"], 4 * 0.13957061)),
        "K0_K0_pi0": (2 * K0 + PI0, 4.0, ppp("Pi0K0K0", (K0, K0, PI0))),
        "K_K_pi0": (2 * K + PI0, 4.0, ppp("Pi0KpKm", (K, K, PI0))),
        # CHANGED: times 4. hazma has one of the two charge states, and gives K* -> K pi+- the
        # coupling of K* -> K pi0, whose square is half as large (Clebsch-Gordan).
        "K_K0_pi": (K + K0 + PI, 4.0, ppp("PiKK0", (K0, K, PI), 4.0)),
        "eta_pi_pi": (ETA + 2 * PI, 4.0, ppp("PiPiEta", (ETA, PI, PI))),
        "etaprime_pi_pi": (ETAP + 2 * PI, 4.0, ppp("PiPiEtaPrime", (ETAP, PI, PI))),
        "omega_pi_pi": (OMEGA + 2 * PI0, 2.0,
                        vector_pair_ratio(omega_pion_pair, OMEGA, omega_pairs)),
        "eta_omega": (ETA + OMEGA, 1.5, pv("EtaOmega", ETA, OMEGA)),
        "phi_pi0": (PHI + PI0, 1.5, pv("Pi0Phi", PI0, PHI)),
        "eta_phi": (ETA + PHI, 1.5, pv("EtaPhi", ETA, PHI)),
        "phi_pi_pi": (PHI + 2 * PI0, 2.0, vector_pair_ratio(phi_pion_pair, PHI, omega_pairs)),
        "six_pi": (1.4, 0.0, six_pions),
        "K_K_pi_pi": (KSTAR + K + PI0, 2.0, two_kaons_two_pions),
    }  # fmt: skip


def reduced(entry: tuple[float, float, Callable], mass: np.ndarray) -> np.ndarray:
    """Return R_ab over the power of phase space that the run-time multiplies in again."""
    threshold, power, ratio = entry
    space = np.clip(1.0 - threshold**2 / mass**2, 0.0, None)
    is_open = space > 1e-9
    values = np.zeros((mass.size, 6))
    if np.any(is_open):
        values[is_open] = ratio(mass[is_open]) / space[is_open, None] ** power
    return values


def worst(left: np.ndarray, middle: np.ndarray, right: np.ndarray, size: np.ndarray) -> float:
    """Return the greatest deviation from a straight line, relative to the channel's width."""
    return float(np.max(np.abs(0.5 * (left + right) - middle) / size))


def adaptive_grid(entry: tuple[float, float, Callable]) -> tuple[np.ndarray, np.ndarray]:
    """Halve intervals until linear interpolation is good to `TOLERANCE` of the channel's width."""
    threshold = entry[0]
    edges = threshold + (M_MAX - threshold) * np.linspace(0.0, 1.0, 33) ** 2
    edges[0] = threshold * (1.0 + 1e-8)
    nodes = dict(zip(edges, reduced(entry, edges), strict=True))
    pending = list(itertools.pairwise(edges))
    while pending:
        middles = np.array([0.5 * (a + b) for a, b in pending])
        values = reduced(entry, middles)
        following = []
        for (a, b), m, value in zip(pending, middles, values, strict=True):
            nodes[m] = value
            size = np.abs(np.stack([nodes[a], nodes[b], value])[:, :3]).sum(1).max() + 1e-30
            if worst(nodes[a], value, nodes[b], size) > TOLERANCE and b - a > 2e-5:
                following += [(a, m), (m, b)]
        pending = following
    mass = np.array(sorted(nodes))
    return mass, np.stack([nodes[m] for m in mass])


def check_quadrature(table: dict[str, tuple[float, float, Callable]]) -> None:
    """Print how well the three-body integrals have converged."""
    masses = {"PiPiPi0": (PI0, PI, PI), "Pi0KpKm": (K, K, PI0), "PiKK0": (K0, K, PI),
              "PiPiEta": (ETA, PI, PI)}  # fmt: skip
    for name, particles in masses.items():
        for mass in (0.7826, 1.0195, 1.3, 1.8):
            if mass > sum(particles):
                coarse = three_pseudoscalars(name, particles, n=96)(np.array([mass]))
                fine = three_pseudoscalars(name, particles, n=160)(np.array([mass]))
                error = np.abs(coarse - fine).max() / np.abs(fine).max()
                print(f"quadrature {name} at {mass} GeV: relative change {error:.1e}")


def main() -> None:
    """Compute the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--four-pions", type=Path, help="cache of the four-pion integrals")
    cache = parser.parse_args().four_pions
    if cache is not None and cache.exists():
        with np.load(cache) as stored:
            four = {name: stored[name] for name in EVENTS}
    else:
        four = {name: four_pions(name)[0] for name in EVENTS}
        if cache is not None:
            np.savez(cache, **four)
    table = channels(four)
    check_quadrature(table)
    arrays: dict[str, np.ndarray] = {}
    for name, entry in table.items():
        mass, values = adaptive_grid(entry)
        used = np.flatnonzero(np.any(values != 0.0, axis=0))
        arrays[f"{name}.mass"] = mass
        arrays[f"{name}.ratio"] = values[:, used].astype(np.float32)
        arrays[f"{name}.components"] = used.astype(np.int8)
        arrays[f"{name}.threshold_power"] = np.array(entry[:2])
        print(f"{name}: {mass.size} masses, components {used.tolist()}")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        OUTPUT,
        channels=np.array(list(table)),
        source=np.array(__doc__),
        unit=np.array("mass and threshold in GeV, ratio without a unit"),
        **arrays,
    )
    print(f"{OUTPUT.name}: {OUTPUT.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
