"""The chain of the gateway's trail: a line that was changed, deleted, inserted or cut off is found."""

from pathlib import Path
from threading import Thread

import pytest

from sync.gateway import accounts, trail_chain
from sync.gateway.pages import trail
from sync.gateway.trail_chain import TrailCheck, TrailHead
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_commands import run_command
from tests.sync.test_operator import add_account, sign_in


def act(practice: PracticeGateway, n: int = 3) -> None:
    """Record acts, each in a transaction of its own."""
    for number in range(n):
        with practice.engine.begin() as db:
            accounts.record(db, "hoaian", "looked", f"id-{number}", practice.clock(), "Đối chiếu")


def check(practice: PracticeGateway, known: TrailHead | None = None) -> TrailCheck:
    with practice.engine.begin() as db:
        return trail_chain.verify(db, known)


def test_an_untouched_trail_verifies_and_shows_its_head(practice: PracticeGateway) -> None:
    assert check(practice) == TrailCheck(lines=0, head=TrailHead(0, "0" * 64), changed_no=None)
    act(practice)
    first = check(practice)
    assert (first.lines, first.head.no, first.changed_no) == (3, 3, None)
    act(practice)
    assert check(practice, first.head).changed_no is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("update trail set reason = 'Khác' where no = 2", 2),
        ("update trail set login = 'nguoikhac' where no = 1", 1),
        ("update trail set mac = '' where no = 3", 3),
        ("delete from trail where no = 2", 3),
        ("delete from trail where no = 1", 2),
    ],
)
def test_a_changed_or_deleted_line_is_found(practice: PracticeGateway, change: str, found: int) -> None:
    act(practice)
    practice.sql(change)
    assert check(practice).changed_no == found
    act(practice)
    assert check(practice).changed_no == found, "later lines do not hide it"


def test_an_inserted_line_is_found(practice: PracticeGateway) -> None:
    act(practice)
    practice.sql("insert into trail select 9, at, login, act, 'id-9', reason, mac from trail where no = 3")
    assert check(practice).changed_no == 9


def test_a_trail_that_was_cut_at_its_end_is_found_by_a_head_that_was_kept(practice: PracticeGateway) -> None:
    act(practice)
    kept = check(practice).head
    practice.sql("delete from trail where no = 3")
    assert check(practice).changed_no is None
    assert check(practice, kept).changed_no == 3
    act(practice, 1)
    assert check(practice, kept).changed_no is not None, "also when it has grown again"


def test_lines_of_before_the_chain_are_sealed_with_the_next_line(practice: PracticeGateway) -> None:
    act(practice)
    practice.sql("update trail set mac = ''")
    act(practice, 1)
    assert check(practice).changed_no is None
    practice.sql("update trail set reason = 'Khác' where no = 1")
    assert check(practice).changed_no == 1


def test_processes_that_write_at_once_make_one_chain(practice: PracticeGateway) -> None:
    writers = [Thread(target=act, args=(practice, 5)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = check(practice)
    assert (found.lines, found.changed_no) == (20, None)


def test_lines_of_before_the_chain_are_verified_before_another_one_is_written(practice: PracticeGateway) -> None:
    act(practice)
    practice.sql("update trail set mac = ''")
    found = check(practice)
    assert (found.lines, found.changed_no) == (3, None)


def test_the_page_marks_a_changed_line(practice: PracticeGateway) -> None:
    add_account(practice, "kiemtra", "viewer")
    mark = "Dòng này bị sửa, hoặc dòng trước nó bị xóa"
    act(practice, trail.PAGE_SIZE + 5)
    with practice.gateway.app.test_client() as viewer:
        sign_in(viewer, login="kiemtra")
        pages = ["/trail", f"/trail?before={check(practice).head.no - trail.PAGE_SIZE + 1}"]
        assert [viewer.get(page).text.count(mark) for page in pages] == [0, 0]
        practice.sql("update trail set reason = 'Khác' where no = 3")
        practice.sql("delete from trail where no = 20")
        assert [viewer.get(page).text.count(mark) for page in pages] == [1, 1]
        practice.sql("update trail set mac = ''")
        assert viewer.get("/trail").text.count(mark) == 0, "only a head that was kept elsewhere shows it"


def test_the_command_verifies_and_names_the_changed_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("[kiosk]\nid = 'PK03'\n")
    database = str(tmp_path / "gateway.db")
    assert run_command(settings, database, "trail", "verify") == 0
    shown = capsys.readouterr().out
    assert "Sổ việc nguyên vẹn: 0 dòng." in shown
    assert run_command(settings, database, "trail", "verify", "--known", f"7:{'a' * 64}") == 1
    assert "từ dòng 1" in capsys.readouterr().out
    assert run_command(settings, database, "trail", "verify", "--known", "7") == 2
    assert "an earlier run printed" in capsys.readouterr().err
