"""Context of a gateway process: settings, database, faults, metrics."""

import threading
from dataclasses import dataclass, field
from functools import cached_property

from flask import current_app, g
from sqlalchemy import Engine

from sync.gateway.faults import FaultSwitch
from sync.gateway.metrics import Metrics
from sync.gateway.public_address import PublicAddress
from sync.gateway.replication import ReplicationCheck
from sync.gateway.settings import GatewaySettings


@dataclass
class GatewayContext:
    """Context of one gateway process.

    Attributes:
        settings: the settings of the start.
        engine: the database.
        auth_engine: the database for authentication (`database.open_auth_engine`).
        faults: the fault that practice asks for.
        metrics: counters of this process.
        last_epoch: the epoch in answers while the database is unavailable.
        connection_check: held while the connection of the forward target is examined.
    """

    settings: GatewaySettings
    engine: Engine
    auth_engine: Engine
    faults: FaultSwitch
    metrics: Metrics = field(default_factory=Metrics)
    last_epoch: str = ""
    connection_check: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def replication(self) -> ReplicationCheck:
        """Return the check that what is acknowledged is on two machines, where the settings need a standby."""
        return ReplicationCheck(self.engine, self.auth_engine, is_required=self.settings.needs_standby)

    def close(self) -> None:
        """Close every database connection."""
        self.auth_engine.dispose()
        self.engine.dispose()


def context() -> GatewayContext:
    """Return the context of the gateway that handles this request."""
    gateway_context: GatewayContext = current_app.extensions["gateway"]
    return gateway_context


def public_address() -> PublicAddress:
    """Return the address that the client of this request has called."""
    address: PublicAddress = g.public_address
    return address
