import builtins
import inspect

import pytest

from darkbeam import errors


def test_every_error_can_be_caught_as_darkbeam_error():
    for name in errors.__all__:
        item = getattr(errors, name)
        if inspect.isclass(item) and not issubclass(item, Warning):
            assert issubclass(item, errors.DarkbeamError)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        ("InputError", "ValueError"),
        ("UnknownNameError", "ValueError"),
        ("UnknownNameError", "LookupError"),
        ("ModelError", "ValueError"),
        ("ExperimentError", "ValueError"),
        ("ValidityError", "ValueError"),
        ("DarkbeamWarning", "UserWarning"),
    ],
)
def test_errors_are_the_fitting_builtin_too(error, builtin):
    assert issubclass(getattr(errors, error), getattr(builtins, builtin))


def test_message_is_printed_as_it_is():
    # A KeyError would print the message in quotes.
    assert str(errors.UnknownNameError("unknown model 'x'")) == "unknown model 'x'"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dark-foton", "did you mean 'dark-photon'?"),
        ("NA64E", "did you mean 'NA64e'?"),
        ("qqqq", "known: NA64e, dark-photon"),
        ("", "known: NA64e, dark-photon"),
    ],
)
def test_suggestion_names_the_near_match_or_all(typed, expected):
    assert errors.suggestion(typed, ["dark-photon", "NA64e"]) == expected
