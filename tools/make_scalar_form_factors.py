"""Write the Omnes matrix of pi pi and K K with isospin 0 that scalar decays rest on.

    pip download --no-deps --no-binary :all: hipsofcobra==0.0.8 && tar xzf hipsofcobra-0.0.8.tar.gz
    python tools/make_scalar_form_factors.py hipsofcobra-0.0.8/hipsofcobra/input

P. J. Blackstone, J. Tarrus Castella, E. Passemar, J. Zupan (arXiv:2407.13587) solved the
Muskhelishvili-Omnes equations for 100 samples of the scattering amplitude and published the
solutions with their program. Here they are averaged over the samples and multiplied from the
right by the inverse of their value at s = 0, where their numerical error leaves them 0 to 5 % off
the unit matrix; a constant matrix on the right does not touch unitarity.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np

OUTPUT = Path(__file__).parents[1] / "src/darkbeam/decays/scalar_hadrons/data/omnes_isoscalar.csv"
HIGHEST_S = 4.41  # GeV^2: up to 2.1 GeV
HEADER = """\
Omnes matrix of the coupled S waves pi pi (1) and K K (2) with isospin 0, unit matrix at s = 0.
Source: P. J. Blackstone et al., arXiv:2407.13587, ancillary solutions of hipsofcobra 0.0.8,
mean of 100 samples, normalised; made by tools/make_scalar_form_factors.py.
s in GeV^2; real and imaginary parts of Omega_ij without a unit.
s,re_11,im_11,re_21,im_21,re_12,im_12,re_22,im_22"""


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the grid in s (GeV^2) and the samples, by sample and s, of one file."""
    text = path.read_text()
    grid, samples = text[2:].split("]", 1)
    s = np.array([float(x) for x in grid.split(",")])
    pairs = re.findall(r"Complex\(([^,]+),([^)]+)\)", samples)
    values = np.array([complex(float(re_), float(im)) for re_, im in pairs])
    return s, values.reshape(-1, s.size)


def main(folder: Path) -> None:
    """Average, normalise and write."""
    columns = {name: read(folder / f"hips_{name}.txt") for name in ("c1", "c2", "d1", "d2")}
    s = columns["c1"][0]
    mean = {name: samples.mean(axis=0) for name, (_, samples) in columns.items()}
    omega = np.array([[mean["c1"], mean["d1"]], [mean["c2"], mean["d2"]]]).transpose(2, 0, 1)
    omega = omega @ np.linalg.inv(omega[0].real)
    keep = s <= HIGHEST_S + 1e-9
    flat = [omega[keep, i, j] for j in (0, 1) for i in (0, 1)]
    table = np.column_stack([s[keep], *(part for z in flat for part in (z.real, z.imag))])
    np.savetxt(OUTPUT, table, fmt=["%.2f"] + ["%.5f"] * 8, delimiter=",", header=HEADER)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
