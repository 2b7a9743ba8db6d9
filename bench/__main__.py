"""`python -m bench [submit drain ...]`: one table of figures, with the state of the machine at the moment.

Each figure that has a target says whether it is met; what is missed is named once more at the end.
"""

import importlib
import os
import pkgutil
import re
import statistics
import sys
import tempfile
import time

import bench

SYNCS = 50
BOUND = re.compile(r"(<=|>=|<|at most|at least) *([0-9.]+)")


def fdatasync_ms() -> float:
    """The median time of an fdatasync of 4 kB, in ms: every figure of the store hangs on it."""
    times = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def is_met(value: float, target: str) -> str:
    """Say whether a figure reaches its target; nothing where none is set."""
    found = BOUND.search(target)
    if not found:
        return ""
    most = float(found[2])
    return "met" if (value >= most if found[1] in {">=", "at least"} else value <= most) else "MISSED"


def main(wanted: list[str]) -> int:
    """Print the figures of the modules that are named, or of all."""
    known = sorted(one.name for one in pkgutil.iter_modules(bench.__path__) if not one.name.startswith("_"))
    unknown = set(wanted) - set(known)
    if unknown:
        print(f"no such figures: {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"{'figure':<60} {'value':>9}  {'':<6}  target")
    judged: list[tuple[str, str]] = []
    for name in wanted or known:
        print(f"{name}  (load {os.getloadavg()[0]:.2f}, fdatasync {fdatasync_ms():.2f} ms)", flush=True)
        for figure, value, target in importlib.import_module(f"bench.{name}").run():
            judged.append((is_met(value, target), f"{name}: {figure} is {value:.2f}, {target}"))
            print(f"  {figure:<58} {value:>9.2f}  {judged[-1][0]:<6}  {target}", flush=True)
    missed = [words for verdict, words in judged if verdict == "MISSED"]
    print(f"{sum(verdict == 'met' for verdict, _ in judged)} met, {len(missed)} missed")
    for words in missed:
        print(f"  MISSED  {words}")
    return 0


sys.exit(main(sys.argv[1:]))
