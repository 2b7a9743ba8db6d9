"""`python -m tests.simulation SEED [DAYS] [--whole] [--asking] [--loud]`: live through seeds (A or A-B)."""

import logging
import sys
import time

from tests.simulation.life import DAY, live
from tests.simulation.world import World


def main(words: list[str]) -> int:
    """Live through the seeds that are named (A or A-B); 1 when one of them broke a promise."""
    logging.disable()
    numbers = [word for word in words if not word.startswith("--")]
    first, _, last = numbers[0].partition("-")
    days = float(numbers[1]) if numbers[1:] else 30.0
    worst = 0
    for seed in range(int(first), int(last or first) + 1):
        world = World(seed, is_whole="--whole" in words, is_repeatable="--asking" not in words)
        world.is_loud = "--loud" in words
        begun = time.process_time()
        try:
            live(world, days)
            said = "well"
        except AssertionError as error:
            worst = 1
            said = str(error)
            if first == (last or first):
                print(*world.tail, sep="\n")
        spent = time.process_time() - begun
        speed = world.at / spent
        print(f"seed {seed}: {said} ({world.at / DAY:.1f} days, {world.requests} requests, {speed:,.0f} x, "
              f"trace {world.trace[:12]})", flush=True)  # fmt: skip
        world.close()
    return worst


sys.exit(main(sys.argv[1:]))
