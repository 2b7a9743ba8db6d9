"""`python -m tests.simulation SEED [DAYS] [--http] [--verify] [--verbose]`: run random days of a ward (SEED or A-B).

`--http`: with signatures and HTTP; `--verify`: a portal that is asked before anything is sent again.
"""

import logging
import sys
import time

from tests.simulation.scenario import DAY, run_days
from tests.simulation.world import World


def main(args: list[str]) -> int:
    """Run the named seeds; return 1 when one of them broke an invariant."""
    logging.disable()
    numbers = [arg for arg in args if not arg.startswith("--")]
    first, _, last = numbers[0].partition("-")
    days = float(numbers[1]) if numbers[1:] else 30.0
    exit_code = 0
    for seed in range(int(first), int(last or first) + 1):
        world = World(seed, uses_http="--http" in args, is_repeatable="--verify" not in args)
        world.is_verbose = "--verbose" in args
        begun = time.process_time()
        try:
            run_days(world, days)
            result = "ok"
        except AssertionError as error:
            exit_code = 1
            result = str(error)
            if first == (last or first):
                print(*world.last_lines, sep="\n")
        speed = world.at / (time.process_time() - begun)
        print(
            f"seed {seed}: {result} ({world.at / DAY:.1f} days, {world.requests} requests, {speed:,.0f} x, "
            f"trace {world.trace[:12]})",
            flush=True,
        )
        world.close()
    return exit_code


sys.exit(main(sys.argv[1:]))
