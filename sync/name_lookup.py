"""Look-up of host names that ends at a deadline.

`getaddrinfo` cannot be interrupted: with a name server that does not answer it takes minutes. So it runs in a thread of
its own, which is left alone when the time is over. A later look-up of the same name waits for that thread instead of
starting another one.
"""

import socket
import threading
from concurrent.futures import Future


class NameLookup:
    """Look-ups of host names; one is under way for each name."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, int], Future[list[str]]] = {}
        self._lock = threading.Lock()

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """Return the addresses of a host, in the order of preference.

        Raises:
            OSError: there is none; `socket.gaierror` also when it is not known within some seconds.
        """
        future = self._begin(host, port)
        try:
            found = future.result(timeout=seconds)
        except TimeoutError:
            if future.done():
                raise
            raise socket.gaierror(socket.EAI_AGAIN, "no answer to the name look-up") from None
        return found

    def _begin(self, host: str, port: int) -> Future[list[str]]:
        key = (host, port)
        with self._lock:
            future = self._under_way.get(key)
            if future is None:
                future = self._under_way[key] = Future()
                threading.Thread(target=self._look_up, args=[key, future], name="name look-up", daemon=True).start()
        return future

    def _look_up(self, key: tuple[str, int], future: Future[list[str]]) -> None:
        host, port = key
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        except (OSError, UnicodeError) as error:
            self._forget(key)
            future.set_exception(error)
        else:
            self._forget(key)
            future.set_result(addresses)

    def _forget(self, key: tuple[str, int]) -> None:
        with self._lock:
            self._under_way.pop(key, None)
