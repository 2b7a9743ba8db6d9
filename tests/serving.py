"""An app behind waitress in a thread of its own, as the kiosk serves it, until a test is done with it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore


@contextmanager
def served(app: Flask, **limits: Any) -> Iterator[str]:
    """Serve an app and give its address; its loop is ended from inside, so that it never waits on a closed file."""
    server = create_server(app, host="127.0.0.1", port=0, **limits)
    still_open = dict(server._map)
    thread = threading.Thread(target=server.run)
    thread.start()

    def leave() -> None:
        still_open.update(server._map)
        server._map.clear()

    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(leave)
        thread.join(10)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(still_open)
    assert not thread.is_alive()
