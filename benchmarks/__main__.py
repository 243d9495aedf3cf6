"""Run benchmarks and print one table for each: ``python -m benchmarks [name ...]``."""

from __future__ import annotations

import sys

from benchmarks._harness import names, run, table


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all; return the exit status."""
    known = names()
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"unknown benchmark {unknown[0]!r}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in arguments or known:
        print(f"{name}\n{'-' * len(name)}\n{table(run(name))}\n", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
