"""Joint reach of experiments whose signals are known in closed form."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from darkbeam.errors import InputError, UnknownNameError
from darkbeam.experiments import experiment
from darkbeam.experiments.combination import combine
from darkbeam.experiments.experiment import Experiment
from darkbeam.models import DarkPhoton
from darkbeam.statistics import Channel, combined_upper_limit, upper_limit

MASSES = np.array([0.01, 0.1, 0.3])


@dataclass(frozen=True)
class Known(Experiment):
    """Events: yield (epsilon / 1e-4)^2 exp(-(epsilon / cut)^2) (0.1 GeV / m)^2 per 1e10 EOT."""

    yield_: float = 1.0
    cut: float = np.inf

    def prepare(self, model, masses, progress=None):
        if progress is not None:
            progress(masses.size, masses.size)
        return tuple(masses)

    def _events(self, model, spectra):
        assert np.all(np.asarray(spectra) == model.mass)
        return self.expected_events(model)

    def expected_events(self, model, progress=None):
        g = np.asarray(model.epsilon)
        shape = (g / 1e-4) ** 2 * np.exp(-((g / self.cut) ** 2))
        scale = self.yield_ * self.eot / 1e10 * self.efficiency
        return scale * shape * (0.1 / np.asarray(model.mass)) ** 2


def known(run: str, observed=0, background=0.0, background_error=0.0, **changes) -> Known:
    like = experiment("NA64e")
    exposure = like.exposure.model_copy(
        update={
            "name": run,
            "eot": changes.pop("eot", 1e10),
            "observed": observed,
            "background": background,
            "background_error": background_error,
            "efficiency": changes.pop("efficiency", {}),
        }
    )
    return Known(like.description, exposure, **changes)


def test_one_experiment_alone_has_the_reach_of_its_own():
    one = known("a", 2, 1.3, 0.4, cut=3e-3)
    own = one.reach(DarkPhoton(mass=0.1), MASSES)
    joint = combine([one]).reach(DarkPhoton(mass=0.1), MASSES)
    np.testing.assert_allclose(joint.coupling_lo, own.coupling_lo, rtol=1e-6)
    np.testing.assert_allclose(joint.coupling_hi, own.coupling_hi, rtol=1e-6)
    assert np.all(np.isfinite(joint.coupling_hi))


def test_runs_without_events_add_their_signals():
    """No event in either: 2.303 events in all, each with its own efficiency."""
    runs = [
        known("2016", 0, 0.12, 0.04, eot=4e10),
        known("2018", 0, 0.4, 0.1, eot=2e11, efficiency={"new": 0.5}),
    ]
    assert runs[1].efficiency == pytest.approx(0.5 * runs[0].efficiency)
    reach = combine(runs).reach(DarkPhoton(mass=0.1), MASSES)
    per_unit = runs[0].efficiency * (4 + 20 * 0.5) * (0.1 / MASSES) ** 2
    np.testing.assert_allclose(reach.coupling_lo, 1e-4 * np.sqrt(np.log(10) / per_unit), rtol=1e-7)
    assert np.all(np.isinf(reach.coupling_hi))


def test_edges_lie_where_the_joint_limit_says():
    """Two signals of different shape in the coupling: the strength allowed at each edge is 1."""
    joint = combine(
        [known("a", 3, 1.2, 0.3, cut=2e-3, yield_=2.0), known("b", 1, 2.5, cut=3e-2, yield_=0.1)]
    )
    reach = joint.reach(DarkPhoton(mass=0.1), MASSES, confidence=0.95)
    for edge in (reach.coupling_lo, reach.coupling_hi):
        at_edge = DarkPhoton(mass=MASSES, epsilon=edge.values)
        np.testing.assert_allclose(joint.limit(at_edge, confidence=0.95), 1.0, rtol=1e-5)
    inside = DarkPhoton(mass=MASSES, epsilon=reach.coupling_lo.values * 1.01)
    assert np.all(joint.limit(inside, confidence=0.95) < 1.0)
    alone = combine(joint.experiments[:1]).reach(DarkPhoton(mass=0.1), MASSES, confidence=0.95)
    assert np.all(reach.coupling_hi > 5 * alone.coupling_hi)


def test_where_nothing_is_excluded():
    reach = combine([known("a", 0, 0.5, yield_=1e-30)]).reach(DarkPhoton(mass=0.1), MASSES)
    assert np.all(np.isinf(reach.coupling_lo))
    assert np.all(np.isinf(reach.coupling_hi))


def test_expected_events_and_limits_of_channels():
    runs = [known("a", 2, 1.0, eot=1e10), known("b", 0, 0.3, yield_=3.0), known("c", 1, 0.1)]
    joint = combine(runs)
    model = DarkPhoton(mass=MASSES, epsilon=2e-4)
    events = joint.expected_events(model)
    assert events.shape == (3, 3)
    for i, run in enumerate(runs):
        np.testing.assert_allclose(events[:, i], run.expected_events(model))
    channels = [Channel("a", 2, 1.0), Channel("b", 0, 0.3), Channel("c", 1, 0.1)]
    np.testing.assert_allclose(
        joint.limit(model), combined_upper_limit(channels, events), rtol=1e-9
    )
    assert joint.channel_names == ("NA64e:a", "NA64e:b", "NA64e:c")
    # without observation: the median of each outcome of the backgrounds
    assert np.all(joint.expected_limit(model) < joint.limit(model))


def test_uncertain_signals_weaken_the_limit():
    runs = [known("a", 1, 0.5), known("b", 0, 0.5)]
    model = DarkPhoton(mass=0.1, epsilon=2e-4)

    def limit(**options):
        return float(combine(runs, **options).limit(model))

    assert limit() < limit(signal_error=[0.3, 0.2]) < limit(signal_error=0.3)
    assert limit(signal_error=0.3) < limit(signal_error=0.3, correlated=True)


def test_the_result_says_what_was_combined():
    joint = combine([known("a"), replace(known("b"), yield_=2.0)], signal_error=0.1)
    attrs = joint.reach(DarkPhoton(mass=0.1), method="bayesian").attrs
    assert attrs["channels"] == "NA64e:a,NA64e:b"
    assert attrs["exposures"] == "1e+10,1e+10"
    assert attrs["signal_errors"] == "0.1,0.1"
    assert attrs["method"] == "bayesian"
    assert attrs["coupling"] == "epsilon"
    assert {"NA64:2019imj", "Holdom:1985ag"} <= set(attrs["references"].split(","))


def test_workspace_of_a_point():
    joint = combine([known("a", 1, 0.5, 0.1), known("b")])
    model = DarkPhoton(mass=0.1, epsilon=2e-4)
    workspace = joint.workspace(model)
    assert [channel["name"] for channel in workspace["channels"]] == ["NA64e:a", "NA64e:b"]
    signal = [channel["samples"][0]["data"][0] for channel in workspace["channels"]]
    np.testing.assert_allclose(signal, joint.expected_events(model))
    with pytest.raises(InputError, match="one point"):
        joint.workspace(DarkPhoton(mass=MASSES))


def test_shared_data_are_refused():
    pairs = [("2016", "2016-2018"), ("2016-2018", "2018-2022"), ("a", "a"), ("2016", "2016")]
    for one, other in pairs:
        with pytest.raises(InputError, match=r"twice"):
            combine([known(one), known(other)])
    assert len(combine([known("2016-2018"), known("2021-2022"), known("5e12")]).channels) == 3


def test_bad_combinations_are_refused():
    with pytest.raises(InputError, match="at least one"):
        combine([])
    with pytest.raises(InputError, match="2 values for 1"):
        combine([known("a")], signal_error=[0.1, 0.1])
    with pytest.raises(InputError, match="signal_error"):
        combine([known("a")], signal_error=-0.1)
    with pytest.raises(UnknownNameError, match="cls"):
        combine([known("a")]).reach(DarkPhoton(mass=0.1), method="clss")


def test_real_runs_of_na64e():
    """No event in either: couplings as of the sum of the exposures."""
    runs = [experiment("NA64e", run="2016-2018"), experiment("NA64e", run="5e12")]
    model = DarkPhoton(mass=0.02)
    found = float(combine(runs).reach(model).coupling_lo[0])
    own = float(runs[0].reach(model).coupling_lo[0])
    share = runs[0].eot / (runs[0].eot + runs[1].eot)
    # the exposures are independent of the coupling's power as long as decays are invisible
    assert found == pytest.approx(own * np.sqrt(share), rel=1e-4)
    assert upper_limit(0) == pytest.approx(runs[0].signal_limit())
