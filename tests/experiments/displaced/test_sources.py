"""Which sources an experiment has, and what of them it can see at all."""

import numpy as np
import pytest

from darkbeam.experiments import experiment
from darkbeam.experiments.displaced.sources import (
    largest_angle,
    least_angle,
    least_mediator_energy,
    processes_of,
    source_groups,
    source_strengths,
)
from darkbeam.models import Baryonic, BMinusL, DarkPhoton, YukawaScalar
from darkbeam.production.meson_decays import branching_ratio


def test_electrons_make_what_couples_to_electrons():
    dump = experiment("E137").description
    photon = DarkPhoton(mass=0.1, epsilon=[1e-3, 1e-2], dark_matter=None).couplings()
    strengths = source_strengths(dump, photon, processes_of(dump))
    assert set(strengths) == {"bremsstrahlung:vector", "annihilation:vector"}
    for strength in strengths.values():
        assert strength == pytest.approx([1e-6, 1e-4], rel=1e-12)
    assert set(source_strengths(dump, photon, ["annihilation"])) == {"annihilation:vector"}
    scalar = YukawaScalar(mass=0.1, g=1e-3, kind="pseudoscalar").couplings()
    assert set(source_strengths(dump, scalar, processes_of(dump))) == {
        "bremsstrahlung:pseudoscalar",
        "annihilation:pseudoscalar",
    }
    baryonic = Baryonic(mass=0.1, g=1e-3, epsilon=0.0).couplings()
    assert source_strengths(dump, baryonic, processes_of(dump)) == {}


def test_protons_make_what_couples_to_quarks():
    dump = experiment("NuCal").description
    boson = BMinusL(mass=0.1, g=1e-3).couplings()
    strengths = source_strengths(dump, boson, processes_of(dump))
    assert strengths["pi0->gamma X"] == pytest.approx(branching_ratio("pi0->gamma X", boson))
    assert "bremsstrahlung" in strengths
    assert not any(name.startswith("drell-yan") for name in strengths)  # too light
    only = source_strengths(dump, boson, ["eta"])
    assert set(only) == {"eta->gamma X"}
    assert source_strengths(dump, boson, []) == {}


def test_groups_are_calculated_as_a_whole():
    electrons = experiment("E141").description
    groups = source_groups(electrons, ["annihilation:vector", "bremsstrahlung:axial"])
    assert groups == (
        ("bremsstrahlung:axial", "annihilation:axial"),
        ("bremsstrahlung:vector", "annihilation:vector"),
    )
    (protons,) = source_groups(experiment("NuCal").description, ["pi0->gamma X"])
    assert {"pi0->gamma X", "eta->gamma X", "bremsstrahlung"} <= set(protons)


def test_what_can_be_seen_at_all():
    nucal, e141 = experiment("NuCal").description, experiment("E141").description
    assert least_mediator_energy(nucal) == 10.0
    assert least_mediator_energy(e141) == pytest.approx(4.5)
    # the corner of the box around the volume in front, from the end of the target
    volume, target = nucal.decay_volume, nucal.production_target
    across = volume.radius * np.sqrt(2.0)
    assert largest_angle(nucal) == pytest.approx(
        np.arctan2(across, volume.start - target.length), rel=1e-12
    )
    assert least_angle(nucal) == 0.0
    charm = experiment("CHARM").description
    assert 0.0 < least_angle(charm) < largest_angle(charm) < 0.02
