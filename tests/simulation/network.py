"""Simulated network between a ward and the gateway: draws the fault of each request.

A fault happens to the bytes of a request and knows nothing of their content. It decides whether the portal does its
work, when, how often, and which part of the answer arrives.
"""

import random
from dataclasses import dataclass

FaultWeights = dict[str, float]

CONDITIONS: dict[str, FaultWeights] = {
    "good": {"ok": 1.0},
    "poor": {
        "ok": 60, "connection refused": 4, "dns failure": 2, "connect timeout": 2, "request lost": 6, "answer lost": 9,
        "answer cut": 5, "request late": 4, "request twice": 4, "results shuffled": 6, "result missing": 4,
        "foreign result": 4,
    },
    "down": {"connection refused": 6, "dns failure": 2, "connect timeout": 2},
    "captive": {"captive portal": 4, "captive portal json": 1},
    "answers lost": {"answer lost": 3, "answer cut": 1, "request late": 1},
    "requests lost": {"request lost": 3, "connection refused": 1},
    "slow": {"ok": 3, "answer too slow": 1},
    "wrong results": {"results shuffled": 2, "result missing": 1, "foreign result": 1},
}  # fmt: skip
"""Weights of the faults in each condition of the network."""

NOT_SENT = ("connection refused", "dns failure", "connect timeout")
NOT_RECEIVED = ("request lost", "captive portal", "captive portal json")
NO_ANSWER = ("answer lost", "answer cut", "answer too slow", "request late")

SECONDS: dict[str, tuple[float, float]] = {
    "ok": (0.05, 0.6),
    "connection refused": (0.001, 0.1),
    "dns failure": (0.5, 10.0),
    "connect timeout": (10.0, 10.0),
    "request lost": (0.2, 60.0),
    "answer lost": (0.3, 60.0),
    "request late": (60.0, 60.0),
    "answer too slow": (60.0, 60.0),
}
"""How long the kiosk waits, at least and at most; `ok` for all other faults."""


@dataclass
class Network:
    """The current condition of the network, for all kiosks of the ward."""

    condition: str = "good"

    def draw_fault(self, rng: random.Random) -> tuple[str, float]:
        """Return the fault of a request, and its duration in seconds."""
        weights = CONDITIONS[self.condition]
        fault = rng.choices(list(weights), list(weights.values()))[0]
        return fault, rng.uniform(*SECONDS.get(fault, SECONDS["ok"]))
