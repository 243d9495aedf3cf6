from __future__ import annotations

import numpy as np
import pytest

from darkbeam.results import read_dataset


@pytest.mark.usefixtures("known_signal")
def test_the_demonstration_answers_its_question(run, tmp_path):
    folder = tmp_path / "new" / "out"
    outcome = run("demo", "--output", folder)
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[0].startswith("Which dark photons has NA64 excluded")
    assert "2.84e11 EOT (excluded)" in lines[2]
    assert "5e12 EOT (projected)" in lines[2]
    rows = [line.split() for line in lines[4:16]]
    assert len(rows) == 12
    assert (rows[0][:2], rows[-1][:2]) == (["1", "MeV"], ["1", "GeV"])
    assert {p.name for p in folder.iterdir()} == {f"na64e.{e}" for e in ("csv", "nc", "pdf", "png")}
    result = read_dataset(folder / "na64e.nc")
    assert result.identical(read_dataset(folder / "na64e.csv"))
    assert result["run"].values.tolist() == ["2016-2018", "5e12", "1e13"]
    mass = result["mass_GeV"].values
    assert (mass.size, mass[0], mass[-1]) == (40, pytest.approx(1e-3), pytest.approx(1.0))
    # Without background the reach goes as one over the root of the exposure.
    ratio = result["coupling_lo"].sel(run="5e12") / result["coupling_lo"].sel(run="1e13")
    assert np.allclose(ratio, np.sqrt(2.0), rtol=1e-3)
