"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# A loaded machine must not fail a test: no deadlines. Continuous integration always tries the
# same examples; elsewhere each run tries new ones.
settings.register_profile("darkbeam", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("darkbeam")
