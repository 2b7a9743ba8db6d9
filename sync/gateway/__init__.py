"""The provincial gateway: the other side of kiosk-sync/1, its operator's pages, and faults on demand for practice.

A process of its own. It knows the contract and nothing of a kiosk's inside: no outbox, no engine.
"""

from sync.gateway.app import create_app
from sync.gateway.database import BadDatabase
from sync.gateway.server import Gateway, serve, serve_in_thread
from sync.gateway.settings import Enrolment, Form, Settings

__all__ = ["BadDatabase", "Enrolment", "Form", "Gateway", "Settings", "create_app", "serve", "serve_in_thread"]
