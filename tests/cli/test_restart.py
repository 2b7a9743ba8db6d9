"""Restart by the page, with real processes: `kiosk run` comes back, units of systemd end to be started again."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from kiosk.acts import restarting
from kiosk.config import ROOT, load
from kiosk.context_factory import open_context
from kiosk.process_restart import OF_SYSTEMD, STATUS
from tests.browser.kiosks import START_PATIENCE, PracticeKiosk, is_answering, until
from tests.ports import free_port


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
