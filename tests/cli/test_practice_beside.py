"""Practice beside the kiosk in the running program: nothing is left when it stops, nor after it was killed."""

import os
import signal
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from kiosk.config import load
from kiosk.web.app import create_app
from tests.browser.kiosks import PracticeKiosk, is_answering, until

pytestmark = pytest.mark.machine_date


def _practise(kiosk: PracticeKiosk) -> Path:
    """Open the menu of tasks; return the folder of practice."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{kiosk.address}/tap/", timeout=60) as answer:
        assert "Muốn tập bài nào?" in answer.read().decode()
    folder = kiosk.data / "tap"
    assert (folder / "kiosk.db").is_file()
    return folder


def test_the_folder_of_practice_is_gone_when_the_program_has_stopped(tmp_path: Path) -> None:
    kiosk = PracticeKiosk(tmp_path)
    try:
        folder = _practise(kiosk)
    finally:
        kiosk.stop()
    assert not folder.exists()


def test_what_a_kill_leaves_is_deleted_at_the_next_start(tmp_path: Path) -> None:
    kiosk = PracticeKiosk(tmp_path)
    try:
        folder = _practise(kiosk)
        kiosk.kill_gateway()  # a killed kiosk does not end it
        os.kill(kiosk.pid, signal.SIGKILL)
        until(lambda: not is_answering(f"{kiosk.address}/alive"))
        assert folder.exists()
    finally:
        kiosk.stop()
    context = create_app(replace(load(kiosk.settings), root=kiosk.folder).practising()).extensions["context"]
    assert not folder.exists()
    context.store.close()
