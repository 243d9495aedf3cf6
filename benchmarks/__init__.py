"""Speed and accuracy beside alternatives; run with ``python -m benchmarks [name ...]``."""
