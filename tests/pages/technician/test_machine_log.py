"""Page of the log: events in words, filters, nothing but codes; each event of the code has its words."""

import ast
import json
import logging
import re

import pytest
from flask import Flask

from kiosk.base.log import close_log, open_log
from kiosk.config import ROOT
from kiosk.pages.technician.machine_log import EVENTS
from tests.pages.technician.sitting import Bench

NAME = "Trần Nguyễn Bảo Ngọc"
LEVELS = {"debug", "info", "warning", "error", "exception"}
OF_OTHER_PROGRAMS = ("sync/gateway/", "kiosk/updates/owner.py")


@pytest.fixture
def bench(app: Flask) -> Bench:
    bench = Bench(app)
    handler = open_log(bench.context.config.log_path)
    try:
        logging.getLogger("kiosk.backup.schedule").warning("copy failed", extra={"code": "K-04"})
        logging.getLogger("sync.engine").info("sync sent", extra={"count": 3, "who": NAME})
        logging.getLogger("kiosk.lan_server").error("lan closed", extra={"kind": "OSError"})
        text_of_library = f"{NAME} has a payload"
        logging.getLogger("kiosk.scanner").warning("scanner disconnected")
        logging.getLogger("tuf.api").info(text_of_library)
    finally:
        close_log(handler)
    with bench.context.config.log_path.open("a") as file:
        file.write(f"{NAME}\n")
        file.write(json.dumps({"at": "x", "event": NAME}) + "\n")
    return bench


def test_events_are_shown_in_words_the_newest_first(bench: Bench) -> None:
    words = bench.go("/technician/log").words
    assert words.index("Chưa mở được ra mạng nội bộ") < words.index("Đã gửi") < words.index("Chưa sao lưu được")
    assert "code K-04" in words
    assert "count 3" in words


def test_what_a_library_logs_says_so_and_where(bench: Bench) -> None:
    words = bench.go("/technician/log").words
    assert re.search(r"Thư viện Ghi chú của thư viện tuf\.api: test_machine_log:\d+", words)


def test_nothing_but_what_the_log_may_hold_is_shown(bench: Bench) -> None:
    assert NAME not in bench.go("/technician/log").words


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("level=trouble", ["Chưa sao lưu được", "Chưa mở được ra mạng nội bộ"], ["Đã gửi"]),
        ("level=error", ["Chưa mở được ra mạng nội bộ"], ["Đã gửi", "Chưa sao lưu được"]),
        ("part=kiosk.context.scanner", ["Đầu quét đã rời"], ["Đã gửi"]),
        ("part=kiosk.backup", ["Chưa sao lưu được"], ["Đã gửi", "Chưa mở được ra mạng nội bộ"]),
        ("part=sync&level=error", ["Không có dòng nào như vậy."], ["Đã gửi"]),
        ("part=zeppelin", ["Không có dòng nào như vậy."], ["Đã gửi"]),
    ],
)
def test_a_filter_leaves_out_the_others(bench: Bench, query: str, shown: list[str], hidden: list[str]) -> None:
    words = bench.go(f"/technician/log?{query}").words
    assert [text for text in shown if text not in words] == []
    assert [text for text in hidden if text in words] == []


def test_without_a_file_the_page_says_where_the_log_is(app: Flask) -> None:
    assert "journalctl" in Bench(app).go("/technician/log").words


def _events() -> set[str]:
    events: set[str] = set()
    for package in ("kiosk", "sync", "printers"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not str(path.relative_to(ROOT)).startswith(OF_OTHER_PROGRAMS):
                events |= _events_of(ast.parse(path.read_text("utf-8")))
    return events


def _events_of(tree: ast.AST) -> set[str]:
    events: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in LEVELS:
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id in {"log", "_log"}:
            events |= {leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)}
    return events


def test_each_event_that_the_code_logs_has_words() -> None:
    events = _events()
    assert len(events) > 30
    assert events - set(EVENTS) == set(), "give the event its words in kiosk/pages/technician/machine_log.py"
