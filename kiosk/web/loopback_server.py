"""The loopback listener: waitress, without TLS, for the touchscreen at the machine itself."""

import waitress
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from kiosk import uploads
from kiosk.base.errors import TooMuchSent
from kiosk.config import Config

LARGEST_BODY = uploads.MAX_POST_BYTES + 256 * 1024
LIMITS = {
    "max_request_body_size": LARGEST_BODY,
    "inbuf_overflow": LARGEST_BODY * 2,
    "outbuf_overflow": LARGEST_BODY * 2,
}
"""Bodies and answers stay in memory: an overflow file in /tmp could hold personal data."""


def serve(app: Flask, config: Config) -> None:
    """Serve until SystemExit is raised in this thread."""
    create_server(app, host=config.web.host, port=config.web.port, threads=config.web.threads).run()


def create_server(app: Flask, host: str, port: int, threads: int) -> waitress.server.BaseWSGIServer:
    """Return a server with the kiosk's limits that is not running yet."""
    server = waitress.create_server(app, host=host, port=port, threads=threads, ident=None, **LIMITS)
    server.channel_class = _Channel
    return server


class _ErrorTask(ErrorTask):  # type: ignore[misc]
    """Answer to a request that waitress refuses before the app sees it: a page in Vietnamese, not English text."""

    def execute(self) -> None:
        """Write the page of a body over the limit; waitress's own text for a request that no browser sends."""
        if self.request.error.code != TooMuchSent.status:
            super().execute()
            return
        page = (
            "<!doctype html><html lang=vi><meta charset=utf-8><title>Máy chưa nhận</title>"
            f"<h1>Máy chưa nhận</h1><p>{TooMuchSent.vi}</p><p lang=en>{TooMuchSent.en}</p><p>{TooMuchSent.code}</p>"
        ).encode()
        self.status = f"{TooMuchSent.status} Content Too Large"
        self.response_headers.append(("Content-Type", "text/html; charset=utf-8"))
        self.response_headers.append(("Cache-Control", "no-store"))
        self.set_close_on_finish()
        self.content_length = len(page)
        self.write(page)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _ErrorTask
