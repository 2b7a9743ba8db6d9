"""A test server: an app behind waitress in its own thread, as the kiosk serves it on loopback."""

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore

from kiosk.web import loopback_server


@contextmanager
def served(app: Callable[..., Any], **limits: Any) -> Iterator[str]:
    """Serve an app and yield its URL."""
    with _running(create_server(app, host="127.0.0.1", port=0, **limits)) as address:
        yield address


@contextmanager
def served_at(app: Callable[..., Any], port: int) -> Iterator[str]:
    """Serve an app at a port, so that a test can stop it and start it again at the same URL."""
    with _running(create_server(app, host="127.0.0.1", port=port)) as address:
        yield address


@contextmanager
def served_on_loopback(app: Flask) -> Iterator[str]:
    """Serve an app with the kiosk's own loopback listener, and yield its URL."""
    with _running(loopback_server.create_server(app, host="127.0.0.1", port=0, threads=4)) as address:
        yield address


@contextmanager
def _running(server: Any) -> Iterator[str]:
    """Run a server in a thread; the loop ends itself, so that it never waits on a closed file."""
    still_open = dict(server._map)
    thread = threading.Thread(target=server.run)
    thread.start()

    def end_loop() -> None:
        still_open.update(server._map)
        server._map.clear()

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(end_loop)
        thread.join(10)
        server.task_dispatcher.shutdown()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # a file that a page was still loading when its test ended
            wasyncore.close_all(still_open)
    assert not thread.is_alive()
