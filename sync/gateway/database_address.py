"""Address of the gateway's PostgreSQL: one server, or several of which one takes writes.

The address is parsed here and given to libpq as parameters, because SQLAlchemy 2.1 drops the server before `?host=`
and fails on lists with IPv6 addresses or with one port.
"""

import ipaddress
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_WRITABLE = ("read-write", "primary")
_LARGEST_PORT = 65535
_SEVERAL: dict[str, Any] = {
    # libpq asks the servers one after another: a machine that is off must not hold up the next one for minutes.
    "connect_timeout": "5",
    # A connection to a machine that was cut off ends after 25 s instead of two hours.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""Parameters of libpq for several servers, unless the address sets them."""
_WORDS = {
    "attrs": (
        "Địa chỉ kho có nhiều máy chủ: thêm target_session_attrs=read-write, để cổng dùng máy đang nhận ghi.",
        "the address names several servers: add target_session_attrs=read-write, so that the one that takes writes "
        "is used",
    ),
    "brackets": (
        "Địa chỉ IPv6 trong địa chỉ kho phải ở trong ngoặc vuông, ví dụ [2001:db8::1]:5432.",
        "write an IPv6 address in brackets, such as [2001:db8::1]:5432",
    ),
    "name": (
        "Địa chỉ kho có một máy chủ chưa ghi tên: xem lại dấu phẩy.",
        "a server of the list has no name: look at the commas",
    ),
    "option": (
        "Địa chỉ kho ghi một tùy chọn hai lần: chỉ giữ một.",
        "the address sets an option twice: keep one of them",
    ),
    "places": (
        "Địa chỉ kho ghi máy chủ ở hai chỗ: ghi mọi máy sau dấu hỏi, ví dụ ?host=db1&host=db2.",
        "the address names servers before and after the question mark: name all of them after it, such as "
        "?host=db1&host=db2",
    ),
    "port": (
        "Cổng của máy chủ trong địa chỉ kho phải là số từ 1 đến 65535.",
        "the port of a server is a number from 1 to 65535",
    ),
    "ports": (
        "Địa chỉ kho: số cổng khác số máy chủ. Ghi một cổng chung, hoặc mỗi máy một cổng, ví dụ "
        "?host=db1:5432&host=db2:5433.",
        "the address has another number of ports than of servers: name one port for all, or one for each, such as "
        "?host=db1:5432&host=db2:5433",
    ),
    "twice": (
        "Địa chỉ kho ghi một máy chủ hai lần: ghi mỗi máy một lần.",
        "the address names a server twice: name each once",
    ),
}
"""What to do about a wrong address, in Vietnamese and in English."""


class BadDatabase(Exception):  # noqa: N818 - read as "raise BadDatabase"
    """A database that cannot be opened as a gateway's; the message contains no URL and no password."""


class BadAddress(BadDatabase):
    """An address of servers that contradicts itself; `vietnamese` and the message say what to do."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.vietnamese, english = _WORDS[kind]
        super().__init__(english)


@dataclass(frozen=True)
class DatabaseServer:
    """One server of an address: host name, IP address, or folder of a socket ("": libpq's default); "": its port."""

    host: str
    port: str = ""


@dataclass(frozen=True)
class DatabaseAddress:
    """Servers of an address, and libpq's other parameters, which may include a password."""

    servers: tuple[DatabaseServer, ...]
    options: dict[str, Any] = field(repr=False)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the parameters of libpq for a connection to the server that takes writes."""
        return self.options | _places(self.servers)

    def parameters_of(self, server: DatabaseServer) -> dict[str, Any]:
        """Return the parameters of libpq for a connection to one server, whatever its role."""
        return self.options | _places((server,)) | {"target_session_attrs": "any"}


def parse_address(url: str) -> DatabaseAddress:
    """Parse the URL of one or several PostgreSQL servers.

    Servers are named before the path as libpq does (`postgresql://db1:5432,db2:5433/gateway`), or after the question
    mark (`?host=db1:5432&host=db2:5433`, `?host=db1,db2&port=5432,5433`). One port is for all.

    Raises:
        BadAddress: servers, ports and options contradict each other.
        ValueError: it is no URL.
    """
    parts = urlsplit(url)
    user, has_user, places = parts.netloc.rpartition("@")
    named = defaultdict[str, list[str]](list)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        named[name].append(value)
    hosts = [host for value in named.pop("host", []) for host in value.split(",")]
    ports = [port for value in named.pop("port", []) for port in value.split(",")]
    if places and hosts:
        raise BadAddress("places")
    if any(len(values) > 1 for values in named.values()):
        raise BadAddress("option")
    options: dict[str, Any] = {name: value for name, (value,) in named.items()}
    if has_user:
        login, has_password, password = user.partition(":")
        options |= {"user": unquote(login)} if login else {}
        options |= {"password": unquote(password)} if has_password else {}
    if parts.path[1:]:
        options["dbname"] = unquote(parts.path[1:])
    servers = _pair([_parse_server(place) for place in hosts or unquote(places).split(",")], ports)
    if len(servers) > 1:
        if options.get("target_session_attrs") not in _WRITABLE:
            raise BadAddress("attrs")
        options = _SEVERAL | options
    return DatabaseAddress(servers=servers, options=options)


def _parse_server(text: str) -> DatabaseServer:
    """Parse `host`, `host:port`, `[IPv6]`, `[IPv6]:port`, an IPv6 address alone, or the folder of a socket."""
    if text.startswith("/"):
        folder, _, port = text.partition(":")
        return DatabaseServer(folder, port)
    if text.startswith("["):
        host, has_end, rest = text[1:].partition("]")
        if not has_end or not _is_ipv6(host) or (rest and not rest.startswith(":")):
            raise BadAddress("brackets")
        return DatabaseServer(host, rest[1:])
    if text.count(":") > 1:
        raise BadAddress("brackets")
    host, _, port = text.partition(":")
    return DatabaseServer(host, port)


def _pair(servers: list[DatabaseServer], ports: list[str]) -> tuple[DatabaseServer, ...]:
    """Give each server its port, and check the list.

    Raises:
        BadAddress: the numbers differ, a port is wrong, or a server has no name or is named twice.
    """
    has_own_ports = any(server.port for server in servers)
    if ports and (has_own_ports or len(ports) not in (1, len(servers))):
        raise BadAddress("ports")
    if ports:
        of_each = ports * len(servers) if len(ports) == 1 else ports
        servers = [DatabaseServer(server.host, port) for server, port in zip(servers, of_each, strict=True)]
    if any(server.port and not _is_port(server.port) for server in servers):
        raise BadAddress("port")
    if len(servers) > 1:
        if not all(server.host for server in servers):
            raise BadAddress("name")
        if len(set(servers)) < len(servers):
            raise BadAddress("twice")
    return tuple(servers)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) <= _LARGEST_PORT


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _places(servers: tuple[DatabaseServer, ...]) -> dict[str, str]:
    """Return host and port as libpq takes them: lists with commas; an empty port is its default."""
    places = {}
    if any(server.host for server in servers):
        places["host"] = ",".join(server.host for server in servers)
    if any(server.port for server in servers):
        places["port"] = ",".join(server.port for server in servers)
    return places
