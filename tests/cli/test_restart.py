"""Restart by the page, with real processes: `kiosk run` comes back, units of systemd end to be started again."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from kiosk.acts import restarting
from kiosk.config import ROOT, load
from kiosk.records import submissions
from kiosk.startup.context_factory import open_context
from kiosk.startup.process_restart import OF_SYSTEMD, STATUS
from tests.browser.kiosks import START_PATIENCE, PracticeKiosk, is_answering, until
from tests.faults.machine import Kiosk
from tests.ports import free_port

pytestmark = pytest.mark.machine_date


class Browser:
    """A technician's browser without a window."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self.page = ""

    def go(self, path: str, **fields: str) -> str:
        if fields:
            token = re.search(r'name="csrf" value="([^"]+)"', self.page)
            fields |= {"csrf": token[1]} if token else {}
        body = urlencode(fields).encode() if fields else None
        with self._opener.open(f"{self.address}{path}", body, timeout=60) as answer:
            self.page = answer.read().decode()
        return self.page


@pytest.fixture
def practice_kiosk(tmp_path: Path) -> Iterator[PracticeKiosk]:
    kiosk = PracticeKiosk(tmp_path)
    yield kiosk
    kiosk.stop()


def _people_started(kiosk: PracticeKiosk) -> int:
    return kiosk.output.read_text("utf-8").count("Practice kiosk, ")


def test_a_kiosk_in_a_terminal_comes_back_by_itself_in_the_same_process(practice_kiosk: PracticeKiosk) -> None:
    browser = Browser(practice_kiosk.address)
    browser.go("/technician/signin")
    browser.go("/technician/signin", password=practice_kiosk.passwords["technician"])
    browser.go("/technician/restart")
    assert "Máy đang khởi động lại" in browser.go("/technician/restart", sure="yes")
    until(lambda: _people_started(practice_kiosk) == 2, START_PATIENCE)
    until(lambda: is_answering(f"{practice_kiosk.address}/alive"), START_PATIENCE)
    assert Path(f"/proc/{practice_kiosk.pid}").exists()
    browser.go("/technician/signin")  # practice makes new passwords at each start
    browser.go("/technician/signin", password=practice_kiosk.passwords["technician"])
    assert "Khởi động lại" in browser.go("/technician/journal")


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_unit_of_systemd_ends_with_the_status_that_starts_it_again(tmp_path: Path, command: str) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    port = str(free_port(4))
    arguments = [sys.executable, "-m", "kiosk", "--config", str(settings), command, "--practice", "--port", port]
    process = subprocess.Popen(arguments, cwd=ROOT, env=os.environ | {OF_SYSTEMD: "of-a-test"})
    try:
        config = load(settings).practising()
        log = config.log_path
        until(config.key_path.exists, START_PATIENCE)
        context = open_context(config)

        def is_over() -> bool:
            restarting.request_restart(context, "KT01")
            return process.poll() is not None

        until(is_over, START_PATIENCE, every=3.0)
        context.store.close()
        assert process.returncode == STATUS
        assert "restart requested" in log.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def machine(tmp_path: Path) -> Kiosk:
    """Return a kiosk of a ward, off."""
    return Kiosk(tmp_path / "kiosk", "http://127.0.0.1:9")


def status(kiosk: Kiosk) -> int:
    """Return the status of a page of citizens; 0 while nothing listens."""
    connection = HTTPConnection("127.0.0.1", kiosk.port, timeout=60)
    with closing(connection), suppress(OSError):
        connection.request("GET", "/")
        return connection.getresponse().status
    return 0


@pytest.mark.parametrize("gone", ["key", "store"])
def test_a_kiosk_whose_key_or_store_is_put_back_serves_again_by_itself(machine: Kiosk, gone: str) -> None:
    config = machine.context.config
    number = machine.submit(1)
    machine.context.store.close()
    path = config.key_path if gone == "key" else config.store_path
    away = config.root / "away"
    path.rename(away)
    if gone == "store":
        config.key_path.rename(config.root / "kiosk.key")  # the whole folder is not mounted
    try:
        machine.web.start()
        until(lambda: status(machine) == 503, START_PATIENCE)
        away.rename(path)
        if gone == "store":
            (config.root / "kiosk.key").rename(config.key_path)
        until(lambda: status(machine) == 200, START_PATIENCE)
        assert machine.web.is_alive, "the same process, by its own command"
        with open_context(config).store as store, store.read() as db:
            assert submissions.find(db, number[0]) is not None
    finally:
        machine.web.stop()


def test_a_unit_of_systemd_ends_when_the_key_is_put_back(machine: Kiosk) -> None:
    machine.context.store.close()
    config = machine.context.config
    config.key_path.rename(config.root / "away")
    command = [sys.executable, "-m", "kiosk", "--config", str(machine.settings), "web"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {OF_SYSTEMD: "of-a-test"})
    try:
        until(lambda: status(machine) == 503, START_PATIENCE)
        (config.root / "away").rename(config.key_path)
        until(lambda: process.poll() is not None, START_PATIENCE)
        assert process.returncode == STATUS
        assert "key or store changed" in config.log_path.read_text("utf-8")
    finally:
        process.kill()
        process.wait()
