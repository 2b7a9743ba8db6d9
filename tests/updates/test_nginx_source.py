"""Releases behind nginx, with the file of deploy/: ranges, large files, caches, and a line that breaks."""

import hashlib
import secrets
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from kiosk.updates import download, trust
from kiosk.updates.errors import SourceAway
from kiosk.updates.sources import PIECE_BYTES, HttpSource
from kiosk.updates.trust import Published
from tests.sync.nginx import HOST, Nginx, ProvinceGateway
from tests.sync.test_nginx import Answer, post
from tests.updates.province import NEXT, Province

pytestmark = [pytest.mark.nginx, pytest.mark.machine_date]
LENGTH = 5 * PIECE_BYTES + 12_345


@pytest.fixture
def behind_nginx(tmp_path: Path, province: Province) -> Iterator[ProvinceGateway]:
    """Return a gateway behind nginx that serves one release of more than a megabyte."""
    archive = tmp_path / "archive.tar.gz"
    archive.write_bytes(secrets.token_bytes(LENGTH))
    province.publish_program(NEXT, archive_of=archive)
    folder = tmp_path / "gateway"
    folder.mkdir()
    gateway = ProvinceGateway(folder, releases=str(province.place))
    yield gateway
    gateway.close()


@pytest.fixture
def source(behind_nginx: ProvinceGateway) -> Iterator[HttpSource]:
    url = f"{behind_nginx.nginx.url}/releases"
    with closing(HttpSource(url, "ward-kiosk/0.1.0", behind_nginx.ca)) as source:
        yield source


@pytest.fixture
def found(tmp_path: Path, province: Province, source: HttpSource) -> Published:
    """Return the release that the signed list of the source names."""
    root = tmp_path / "root.json"
    root.write_bytes(province.repository.root_file().read_bytes())
    [published] = trust.refresh(tmp_path / "metadata", root, source)
    return published


def connect(behind_nginx: ProvinceGateway) -> HTTPSConnection:
    context = ssl.create_default_context(cafile=behind_nginx.ca)
    return HTTPSConnection(HOST, behind_nginx.nginx.port, context=context, timeout=60)


def get(behind_nginx: ProvinceGateway, path: str, method: str = "GET", **headers: str) -> tuple[Answer, bytes]:
    """Return status and headers of an answer, and its bytes."""
    with closing(connect(behind_nginx)) as connection:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        answer = Answer.__new__(Answer)
        answer.status, answer.headers = response.status, response.headers
        return answer, response.read()


def target_of(province: Province) -> Path:
    [target] = (province.place / "targets").iterdir()
    return target


def test_a_download_goes_on_where_the_line_broke(
    tmp_path: Path, behind_nginx: ProvinceGateway, province: Province, source: HttpSource, found: Published
) -> None:
    folder = tmp_path / "downloads"
    assert not any(download.fetch_piece(folder, found, source) for _ in range(3))
    site = (behind_nginx.nginx.folder / "site").read_text()
    behind_nginx.nginx.close()
    with pytest.raises(SourceAway):
        download.fetch_piece(folder, found, source)
    [part] = folder.iterdir()
    assert part.stat().st_size == 3 * PIECE_BYTES, "what arrived stays"
    behind_nginx.nginx = Nginx(behind_nginx.nginx.folder, site, port=behind_nginx.nginx.port)
    pieces = 1
    while not download.fetch_piece(folder, found, source):
        pieces += 1
    assert pieces == 3, "nothing is fetched twice"
    assert download.path_of(folder, found).read_bytes() == target_of(province).read_bytes()


def test_a_reader_that_leaves_in_the_middle_disturbs_nobody(behind_nginx: ProvinceGateway, province: Province) -> None:
    path = f"/releases/targets/{target_of(province).name}"
    for _ in range(3):
        connection = connect(behind_nginx)
        connection.request("GET", path)
        assert len(connection.getresponse().read(1000)) == 1000
        connection.close()
    answer, content = get(behind_nginx, path)
    assert (answer.status, hashlib.sha256(content).hexdigest()) == (200, target_of(province).name.partition(".")[0])
    assert "temporary file" not in behind_nginx.nginx.log()


def test_ranges_pass_nginx_and_only_targets_may_be_kept_in_a_cache(
    behind_nginx: ProvinceGateway, province: Province
) -> None:
    path = f"/releases/targets/{target_of(province).name}"
    answer, content = get(behind_nginx, path, Range="bytes=1000-1999")
    assert (answer.status, answer.headers["Content-Range"]) == (206, f"bytes 1000-1999/{LENGTH}")
    assert content == target_of(province).read_bytes()[1000:2000]
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert get(behind_nginx, path, Range=f"bytes={LENGTH}-")[0].status == 416
    head, nothing = get(behind_nginx, path, "HEAD")
    assert (head.status, head.headers["Content-Length"], nothing) == (200, str(LENGTH), b"")
    listed, _ = get(behind_nginx, "/releases/metadata/timestamp.json")
    assert (listed.status, listed.headers["Cache-Control"]) == (200, "no-store")


def test_nothing_is_sent_to_releases(behind_nginx: ProvinceGateway) -> None:
    for path in ("/releases/targets/x", "/releases/metadata/timestamp.json"):
        assert post(behind_nginx, path, "x", {"Content-Type": "text/plain"}).status == 403
        large = post(behind_nginx, path, "", {"Content-Type": "text/plain", "Content-Length": "9000"})
        assert large.status in (403, 413)
    for path in (
        "/releases/staged/targets.json",
        "/releases/targets/..%2f..%2fgateway.key",
        "/releases/keys/online.pem",
    ):
        assert get(behind_nginx, path)[0].status in (400, 404), path
