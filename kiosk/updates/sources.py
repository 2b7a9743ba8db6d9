"""Sources of releases: the gateway, by pieces over HTTP, or a folder such as a USB stick."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

from kiosk.updates.errors import SourceAway
from sync.errors import SyncError
from sync.portals.http_client import HttpClient, require_https

PIECE_BYTES = 256 * 1024
_METADATA_BYTES = 4 << 20


class NotThere(Exception):  # noqa: N818 - reads well in "except NotThere"
    """The source has no such file."""


class Source(Protocol):
    """A place with `metadata/` and `targets/`."""

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Return at most `length` bytes of a file from an offset.

        Raises:
            NotThere: there is no such file.
            SourceAway: the source does not answer.
        """

    def close(self) -> None:
        """Close the connection."""


class FolderSource:
    """A folder, such as a USB stick."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Return bytes of a file of the folder."""
        if ".." in PurePosixPath(name).parts:
            raise NotThere(name)
        if not (self._folder / "metadata").is_dir():
            raise SourceAway
        try:
            with (self._folder / name).open("rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError as cause:
            raise NotThere(name) from cause
        except OSError as cause:
            raise SourceAway from cause

    def close(self) -> None:
        """Close nothing: each file is closed after its piece."""


class HttpSource:
    """The gateway, or another web server; each read is one request for a range."""

    def __init__(self, url: str, agent: str, ca: Path | None = None, seconds: float = 60.0) -> None:
        require_https(url)
        self._url = url.rstrip("/")
        self._agent = agent
        self._http = HttpClient(ca=ca, seconds=seconds, max_bytes=_METADATA_BYTES)

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Return a range of a file."""
        headers = {
            "Accept-Encoding": "identity",
            "User-Agent": self._agent,
            "Range": f"bytes={offset}-{offset + length - 1}",
        }
        request = self._http.prepare("GET", f"{self._url}/{name}", headers, None)
        try:
            response = self._http.exchange(request)
        except SyncError as cause:
            raise SourceAway from cause
        if response.status in (403, 404, 410):
            raise NotThere(name)
        if response.status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
            return response.body[:length]
        if response.status == 200:  # a server without ranges sends the whole file
            return response.body[offset : offset + length]
        if response.status == 416:
            return b""
        raise SourceAway

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


class MetadataFetcher(FetcherInterface):
    """Reads metadata of a source for TUF's client, which checks them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.away: SourceAway | None = None
        """Why the source did not answer."""

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            content = self._source.read(f"metadata/{urlsplit(url).path.rpartition('/')[2]}", 0, _METADATA_BYTES)
        except NotThere as cause:
            raise DownloadHTTPError("not there", 404) from cause
        except SourceAway as cause:
            self.away = cause
            raise DownloadError("away") from cause
        return iter([content])


def open_source(place: str, root: Path, agent: str, ca: Path | None) -> Source:
    """Open a source: an address, or a folder below `root`."""
    if urlsplit(place).scheme in ("http", "https"):
        return HttpSource(place, agent, ca)
    return FolderSource(root / place)
