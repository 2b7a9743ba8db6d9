"""`python -m bench [submit drain ...]`: print one table of figures, with the state of the machine.

Each figure with a target is marked as met or missed; missed figures are repeated at the end.
"""

import importlib
import os
import pkgutil
import statistics
import sys
import tempfile
import time

import bench
from bench._figures import BOUND

SYNCS = 50


def fdatasync_ms() -> float:
    """Return the median time of an fdatasync of 4 kB, in ms: every figure of the store depends on it."""
    times = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def verdict_of(value: float, target: str) -> str:
    """Return `met` or `MISSED`; an empty string for a figure without a target."""
    bound = BOUND.search(target)
    if not bound:
        return ""
    limit = float(bound[2])
    is_met = value >= limit if bound[1] in {">=", "at least"} else value <= limit
    return "met" if is_met else "MISSED"


def main(wanted: list[str]) -> int:
    """Print the figures of the named modules, or of all."""
    known = sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))
    unknown = set(wanted) - set(known)
    if unknown:
        print(f"no such figures: {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"{'figure':<60} {'value':>9}  {'':<6}  target")
    judged: list[tuple[str, str]] = []
    for name in wanted or known:
        print(f"{name}  (load {os.getloadavg()[0]:.2f}, fdatasync {fdatasync_ms():.2f} ms)", flush=True)
        for figure, value, target in importlib.import_module(f"bench.{name}").run():
            judged.append((verdict_of(value, target), f"{name}: {figure} is {value:.2f}, {target}"))
            print(f"  {figure:<58} {value:>9.2f}  {judged[-1][0]:<6}  {target}", flush=True)
    missed = [line for verdict, line in judged if verdict == "MISSED"]
    print(f"{sum(verdict == 'met' for verdict, _ in judged)} met, {len(missed)} missed")
    for line in missed:
        print(f"  MISSED  {line}")
    return 0


sys.exit(main(sys.argv[1:]))
