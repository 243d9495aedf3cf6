"""Settings of all tests."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

# A loaded machine must not fail a test: no deadlines. Continuous integration always tries the
# same examples; elsewhere each run tries new ones.
settings.register_profile("darkbeam", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("darkbeam")

# A shell that runs the tests in the background lets them, and what they start, ignore interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
