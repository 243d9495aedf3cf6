"""Parameters of models: ranges, units, choices, and what a person is told of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from darkbeam.errors import ModelError
from darkbeam.models.parameters import Choice, Parameter, Parameterised


@dataclass(frozen=True, eq=False)
class Sample(Parameterised):
    size: Parameter = Parameter("size", unit="GeV", minimum=0.0)
    shape: Choice = Choice("shape", options=("round", "flat"), default="flat")
    share: Parameter = Parameter("share", minimum=0.0, inclusive=True, maximum=1.0, default=0.5)


def test_a_choice_is_a_word_in_any_case() -> None:
    assert Sample(1.0).shape == "flat"
    assert Sample(1.0, " Round ").shape == "round"
    assert Sample(1.0).replace(shape="round") == Sample(1.0, "round")


@pytest.mark.parametrize("word", ["rond", 3, None, ""])
def test_another_word_is_refused(word: object) -> None:
    with pytest.raises(ModelError, match="shape must be round or flat, got"):
        Sample(1.0, word)


def test_the_near_match_is_named() -> None:
    with pytest.raises(ModelError, match="did you mean 'round'"):
        Sample(1.0, "rond")


def test_both_ends_of_a_range_are_checked() -> None:
    assert Sample(1.0, share=1.0).share == 1.0
    for bad in (1.0001, -0.1, np.nan, np.inf):
        with pytest.raises(ModelError, match="share must be finite and >= 0 and <= 1, got"):
            Sample(1.0, share=bad)


def test_what_a_person_is_told() -> None:
    told = {p.name: (p.allowed, p.default, p.required) for p in Sample.parameters()}
    assert told["size"] == ("> 0 GeV", None, True)
    assert told["shape"] == ("round or flat", "flat", False)
    assert told["share"] == (">= 0 and <= 1", 0.5, False)
