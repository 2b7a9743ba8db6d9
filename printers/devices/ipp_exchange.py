"""One exchange with an IPP printer: a request over HTTP and its answer, on a connection of its own.

Every wait has a limit, and so has the length of the answer.
"""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from printers.devices import ipp_message
from printers.devices.ipp_message import IppAnswer, MalformedMessageError
from printers.devices.tcp import Resolve, connect
from printers.errors import NotSent, Unknown

PORT = 631
MAX_ANSWER = 1_000_000  # bytes
SERVER_ERROR = 500


def exchange(address: str, body: bytes, *, resolve: Resolve, connect_seconds: float, seconds: float) -> IppAnswer:
    """Send a request and return the answer.

    Args:
        address: ipp://host:port/path.
        body: the request, with its document.
        resolve: looks up the name.
        connect_seconds: limit for the look-up and for connecting.
        seconds: limit from then until the last byte of the answer.

    Raises:
        NotSent: it was not sent, or refused by the HTTP server.
        Unknown: it was sent, and there is no answer to it.
    """
    parts = urlsplit(address)
    authority = parts.netloc if ":" in parts.netloc else f"{parts.netloc}:{PORT}"
    try:
        connection = http.client.HTTPConnection(authority)
    except http.client.InvalidURL as error:
        raise NotSent("unreachable", str(error)) from error
    connection.sock = connect(authority, connect_seconds, resolve)
    try:
        with _time_limit(connection.sock, seconds):
            connection.request("POST", parts.path, body, {"Content-Type": ipp_message.CONTENT_TYPE})
            response = connection.getresponse()
            content = response.read(MAX_ANSWER)
    except TimeoutError as error:
        raise Unknown("mute", str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise Unknown("cut_off", str(error)) from error
    finally:
        connection.close()
    if response.status >= SERVER_ERROR:
        raise Unknown("refused", str(response.status))
    if response.status != http.client.OK:
        raise NotSent("no_queue" if response.status == http.client.NOT_FOUND else "refused", str(response.status))
    try:
        return ipp_message.parse(content)[0]
    except MalformedMessageError as error:
        raise Unknown("garbage", str(error)) from error


@contextmanager
def _time_limit(connected: socket.socket, seconds: float) -> Iterator[None]:
    """Limit a whole exchange: the timeout of a socket begins again at every byte that a slow printer sends.

    Raises:
        TimeoutError: the time was over, and the connection is shut down.
    """
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    connected.settimeout(seconds)
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if not is_over.is_set():
            raise
    finally:
        timer.cancel()
    if is_over.is_set():
        raise TimeoutError
