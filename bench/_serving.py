"""Server for an app: waitress in a thread of this process, as the kiosk runs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress
from flask import Flask


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app and yield its address; the loop is ended from inside, so that it never waits on a closed socket."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(server._map.clear)
        thread.join(10)
        server.task_dispatcher.shutdown()
