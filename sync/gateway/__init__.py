"""The provincial gateway: server of kiosk-sync/1, its operator's pages, and faults on demand for practice.

It is a separate process that knows only the contract: it imports nothing of the kiosk's side, no outbox and no engine.
"""

from sync.gateway.app import create_app
from sync.gateway.database import OldDatabase, StandbyDatabase, TrialDatabase, WeakCommits
from sync.gateway.database_address import BadAddress, BadDatabase
from sync.gateway.sealing import BadKey
from sync.gateway.server import Gateway, serve, serve_in_thread
from sync.gateway.settings import Enrolment, FormVersion, GatewaySettings

__all__ = [
    "BadAddress",
    "BadDatabase",
    "BadKey",
    "Enrolment",
    "FormVersion",
    "Gateway",
    "GatewaySettings",
    "OldDatabase",
    "StandbyDatabase",
    "TrialDatabase",
    "WeakCommits",
    "create_app",
    "serve",
    "serve_in_thread",
]
