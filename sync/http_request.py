"""Flask request class of the kiosk and the gateway."""

import io
from typing import IO, Any

from flask import Request


class InMemoryRequest(Request):
    """Request that keeps uploaded files in memory.

    Werkzeug writes files above 500 kB to a temporary file, in the clear. The apps limit the body size, so memory is
    enough.
    """

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return io.BytesIO()
