"""What every page and address of a gateway stands on: settings, database, faults, figures."""

from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import Engine

from sync.gateway.faults import Faults
from sync.gateway.figures import Figures
from sync.gateway.settings import Settings


@dataclass
class House:
    """One process's gateway; ``last_epoch`` marks its answers while the database is away."""

    settings: Settings
    engine: Engine
    faults: Faults
    figures: Figures = field(default_factory=Figures)
    last_epoch: str = ""


def house() -> House:
    """Give the gateway that answers this request."""
    found: House = current_app.extensions["gateway"]
    return found
