"""What every page and address of a gateway stands on: settings, database, faults, figures."""

from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import Engine

from sync.gateway.faults import Faults
from sync.gateway.metrics import Metrics
from sync.gateway.settings import Settings


@dataclass
class GatewayContext:
    """One process's gateway.

    ``gate`` is the database as callers are recognised by it (``database.open_gate``); ``last_epoch`` marks the answers
    of this process while the database is away.
    """

    settings: Settings
    engine: Engine
    auth_engine: Engine
    faults: Faults
    metrics: Metrics = field(default_factory=Metrics)
    last_epoch: str = ""

    def close(self) -> None:
        """Let go of every connection."""
        self.auth_engine.dispose()
        self.engine.dispose()


def context() -> GatewayContext:
    """Give the gateway that answers this request."""
    found: GatewayContext = current_app.extensions["gateway"]
    return found
