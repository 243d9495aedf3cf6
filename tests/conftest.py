"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

# A loaded machine must not fail a test: no deadlines.
settings.register_profile("darkbeam", deadline=None)
settings.load_profile("darkbeam")
