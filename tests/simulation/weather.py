"""The line between a ward and the province, as a lot draws it: what becomes of one request.

A fate happens to the bytes on their way and knows nothing of what they say. ``do`` is the portal's work: a fate decides
whether it is done, when, how often, and what of the answer arrives.
"""

import random
from dataclasses import dataclass

Fates = dict[str, float]

WEATHERS: dict[str, Fates] = {
    "fair": {"ok": 1.0},
    "rough": {
        "ok": 60, "refused": 4, "name": 2, "black hole": 2, "lost": 6, "answer lost": 9, "cut": 5, "late": 4,
        "twice": 4, "shuffled": 6, "missing": 4, "foreign": 4,
    },
    "down": {"refused": 6, "name": 2, "black hole": 2},
    "captive": {"captive": 4, "captive empty": 1},
    "deaf": {"answer lost": 3, "cut": 1, "late": 1},
    "mute": {"lost": 3, "refused": 1},
    "slow": {"ok": 3, "trickle": 1},
    "untidy": {"shuffled": 2, "missing": 1, "foreign": 1},
}  # fmt: skip

NEVER_LEFT = ("refused", "name", "black hole")
NEVER_ARRIVED = ("lost", "captive", "captive empty")
UNHEARD = ("answer lost", "cut", "trickle", "late")

SECONDS: dict[str, tuple[float, float]] = {
    "ok": (0.05, 0.6),
    "refused": (0.001, 0.1),
    "name": (0.5, 10.0),
    "black hole": (10.0, 10.0),
    "lost": (0.2, 60.0),
    "answer lost": (0.3, 60.0),
    "late": (60.0, 60.0),
    "trickle": (60.0, 60.0),
}
"""How long the kiosk waits, at least and at most; ``ok`` for all that is not named."""


@dataclass
class Weather:
    """What the line is like at this moment, for all kiosks of the ward."""

    name: str = "fair"

    def fate(self, lot: random.Random) -> tuple[str, float]:
        """Draw what becomes of a request, and how many seconds that takes."""
        fates = WEATHERS[self.name]
        fate = lot.choices(list(fates), list(fates.values()))[0]
        return fate, lot.uniform(*SECONDS.get(fate, SECONDS["ok"]))
