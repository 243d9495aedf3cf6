"""Experiments: an apparatus as data, a signature as code, and what follows for a model."""

from __future__ import annotations

from darkbeam.experiments.experiment import Experiment, experiment, experiment_names

__all__ = ["Experiment", "experiment", "experiment_names"]
