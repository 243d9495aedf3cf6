"""Make the tables of src/darkbeam/production/data: light mesons from protons, by event generators.

    pip install "darkbeam[hadrons]"
    python tools/make_meson_spectra.py                # all tables, about 20 minutes on one core
    python tools/make_meson_spectra.py Sibyll23e 400GeV-p   # one of them

chromo 0.11 (arXiv:2210.11797) holds the generators; those named here need no file beside the
package. Each table is made in a process of its own, because a generator can be started only once.

A table holds the mean number of each meson per inelastic interaction, in cells of log10(p/GeV) and
log10(theta): in the rest frame of the target for fixed targets, in the centre of mass for colliders
(there for one hemisphere, the mean of both). Mesons count whether they decay afterwards or not, so
pi0 include those of eta, omega, K_S, hyperons; UrQMD lists pi0 and eta alone and leaves eta, K_S
and hyperons undecayed. All events are inelastic interactions.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "src/darkbeam/production/data"
MESONS = {"pi0": 111, "eta": 221, "eta'": 331, "rho": 113, "omega": 223, "phi": 333}
STABLE = (211, 130, 321, 11, 13, 2212, 2112, 12, 14, 16, 22, 111)
SEED = 20260
EVENTS = {"p": 100_000, "pp": 20_000, "Be": 20_000, "Fe": 4_000, "Mo": 2_000}
"""Number of events by the target."""
BEAMS = {
    "19.2GeV-Be": (19.2, (9, 4)),
    "70GeV-p": (70.0, (1, 1)),
    "70GeV-Fe": (70.0, (56, 26)),
    "120GeV-p": (120.0, (1, 1)),
    "400GeV-p": (400.0, (1, 1)),
    "450GeV-p": (450.0, (1, 1)),
    "800GeV-p": (800.0, (1, 1)),
    "13.6TeV-pp": (13600.0, None),
    "120GeV-Fe": (120.0, (56, 26)),
    "400GeV-Mo": (400.0, (96, 42)),
}
"""Label -> total energy, GeV (of the beam, or in the centre of mass), and target (A, Z)."""
TABLES = [(g, b) for b in BEAMS if BEAMS[b][1] in ((1, 1), None) for g in ("Sibyll23e", "Pythia6")]
TABLES += [("UrQMD34", b) for b in BEAMS if b.split("-")[1] in ("Be", "Fe", "Mo")]


def make(generator: str, beam: str) -> None:
    """Run a generator and write its table."""
    import chromo
    from chromo.kinematics import CenterOfMass, FixedTarget, GeV

    energy, target = BEAMS[beam]
    events = EVENTS[beam.split("-")[1]]
    if target is None:
        kinematics = CenterOfMass(energy * GeV, "p", "p")
    else:
        kinematics = FixedTarget(energy * GeV, "p", "p" if target == (1, 1) else target)
    run = getattr(chromo.models, generator)(kinematics, seed=SEED)
    if generator != "UrQMD34":
        run.final_state_particles = [s * p for p in STABLE for s in (1, -1)]
    top = energy if target is not None else 0.5 * energy
    log_p = np.linspace(-1.5, np.log10(top), 81)
    log_theta = np.linspace(-6.0 if target is None else -4.5, np.log10(np.pi), 61)
    if target is None:
        log_theta = np.linspace(-6.0, np.log10(np.pi / 2.0), 61)
    counts = {name: np.zeros((80, 60)) for name in MESONS}
    totals = dict.fromkeys(MESONS, 0)
    energies = dict.fromkeys(MESONS, 0.0)
    for event in run(events):
        momentum = np.sqrt(event.px**2 + event.py**2 + event.pz**2)
        along = event.pz if target is not None else np.abs(event.pz)
        angle = np.arctan2(np.hypot(event.px, event.py), along)
        for name, number in MESONS.items():
            chosen = (event.pid == number) & (momentum > 0.0)
            totals[name] += int(chosen.sum())
            energies[name] += float(event.en[chosen].sum())
            p = np.clip(np.log10(momentum[chosen]), log_p[0], log_p[-1])
            theta = np.log10(np.maximum(angle[chosen], 10.0 ** log_theta[0]))
            counts[name] += np.histogram2d(p, theta, bins=(log_p, log_theta))[0]
    share = 1.0 / events if target is not None else 0.5 / events
    made = [name for name in MESONS if totals[name]]
    arrays = {f"{k}.density": (counts[k] * share).astype(np.float32) for k in made}
    arrays |= {f"{k}.mean_energy": energies[k] / totals[k] for k in made}
    arrays |= {f"{k}.entries": totals[k] for k in made}
    np.savez_compressed(
        FOLDER / f"meson_spectra_{generator}_{beam}.npz",
        log10_momentum=log_p,
        log10_angle=log_theta,
        sigma_inelastic_mb=float(run.cross_section().inelastic),
        energy=energy,
        target=np.array([0, 0] if target is None else target),
        events=events,
        source=f"chromo {chromo.__version__}, {run.label}, seed {SEED}",
        unit="mesons per inelastic interaction and cell; momentum in GeV, angle in rad",
        hemisphere="one of two, the mean" if target is None else "all angles",
        **arrays,
    )


def main(arguments: list[str]) -> None:
    """Make one table, or each in a process of its own."""
    if len(arguments) == 2:
        warnings.simplefilter("ignore")
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)  # UrQMD writes a file where it runs
            make(*arguments)
            os.chdir(FOLDER)
        return
    for generator, beam in TABLES:
        subprocess.run([sys.executable, __file__, generator, beam], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
