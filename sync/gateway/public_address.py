"""Public addresses of a gateway: what kiosks and browsers call it, in front of the proxy that terminates TLS.

The proxy speaks plain HTTP to the gateway and may drop the port, so scheme and port of a request prove nothing. The
Origin check, the cookie and the signatures use the configured address. A request for another host is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class PublicAddress:
    """Scheme, host and port of a public address; `port` is None when it is the default of the scheme."""

    scheme: str
    host: str
    port: int | None

    @property
    def origin(self) -> str:
        """Return the address as a browser writes it into `Origin`."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Return host and port as a client writes them into `Host`."""
        return self._bare_host if self.port is None else f"{self._bare_host}:{self.port}"

    @property
    def is_secure(self) -> bool:
        """Return whether clients use TLS."""
        return self.scheme == "https"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the values of `Host` that mean this address: a proxy may drop the port."""
        return (self.authority, f"{self._bare_host}:{self.port or _DEFAULT_PORTS[self.scheme]}", self._bare_host)

    @property
    def _bare_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_address(url: str) -> PublicAddress:
    """Return the public address of a URL such as https://gateway.example; plain http only on this machine.

    Raises:
        ValueError: it is no such URL, or has more than scheme, host and port.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"{url}: a public address is https://, a host and perhaps a port")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise ValueError(f"{url}: a public address begins with https://")
    port = None if parts.port == _DEFAULT_PORTS[parts.scheme] else parts.port
    return PublicAddress(scheme=parts.scheme, host=host, port=port)


def find_address(addresses: Iterable[PublicAddress], host: str) -> PublicAddress | None:
    """Return the address that a `Host` header means, or None."""
    wanted = host.lower()
    return next((address for address in addresses if wanted in address.hosts), None)


def practice_address(host: str) -> PublicAddress | None:
    """Return the address of a `Host` header on this machine, for practice without a configured address."""
    try:
        return parse_address(f"http://{host}")
    except ValueError:
        return None
