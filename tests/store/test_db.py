import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import StoreDamaged, StoreFull, StoreUnavailable
from kiosk.store import db
from kiosk.store.db import Store, checkpoint


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Store]:
    """Open a store with one table of words."""
    with Store(tmp_path / "data" / "kiosk.db") as bare:
        with bare.write() as view:
            view.execute("create table words (word text) strict")
        yield bare


def words(store: Store) -> list[str]:
    with store.read() as view:
        return [row["word"] for row in view.query("select word from words order by rowid")]


def insert(store: Store, word: str) -> None:
    with store.write() as view:
        view.execute("insert into words values (?)", [word])


def test_a_write_is_there_for_every_thread(bare: Store) -> None:
    insert(bare, "một")
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.extend(words(bare)))
    thread.start()
    thread.join()
    assert seen == ["một"]


def test_what_fails_in_a_write_leaves_nothing(bare: Store) -> None:
    def fail() -> None:
        with bare.write() as view:
            view.execute("insert into words values ('một')")
            raise KeyError("một")

    with pytest.raises(KeyError):
        fail()
    assert words(bare) == []
    insert(bare, "hai")
    assert words(bare) == ["hai"]


def test_a_stray_write_is_refused(bare: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"), bare.read() as view:
        view.execute("insert into words values ('một')")
    with bare.read() as view, pytest.raises(sqlite3.OperationalError, match="readonly"):
        view["wrods"].insert({"word": "một"})
    assert words(bare) == []


def test_a_record_that_commits_is_found_out(bare: Store) -> None:
    with pytest.raises(RuntimeError, match="records never commit"), bare.write() as view:
        view.commit()
    insert(bare, "một")


def test_one_act_is_one_write(bare: Store) -> None:
    with bare.write(), pytest.raises(RuntimeError, match="inside a write"), bare.write():
        pass
    with bare.read(), pytest.raises(RuntimeError, match="inside a read"), bare.write():
        pass
    with bare.read(), pytest.raises(RuntimeError, match="inside a read"):
        checkpoint(bare)
    insert(bare, "một")


def test_a_read_is_a_steady_view(bare: Store) -> None:
    with bare.read() as view:
        assert view.execute("select count(*) from words").fetchone() == (0,)
        thread = threading.Thread(target=insert, args=(bare, "một"))
        thread.start()
        thread.join()
        assert view.execute("select count(*) from words").fetchone() == (0,)
        with bare.read() as again:
            assert again is view
    assert words(bare) == ["một"]


def test_a_read_inside_a_write_sees_what_was_written(bare: Store) -> None:
    with bare.write() as view:
        view.execute("insert into words values ('một')")
        assert words(bare) == ["một"]


def test_writers_that_read_first_never_meet_a_locked_store(bare: Store) -> None:
    """Use four threads in view of two stores on one file; the second shares no lock, like another process."""

    def count_up(store: Store) -> None:
        for _ in range(25):
            with store.write() as view:
                (count,) = view.execute("select count(*) from words").fetchone()
                view.execute("insert into words values (?)", [str(count)])

    with Store(bare.path) as other:
        run_all([threading.Thread(target=count_up, args=(store,)) for store in (bare, other) for _ in range(4)])
    assert words(bare) == [str(count) for count in range(200)]


def run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_pragmas_hold_on_every_connection(bare: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "query_only": 1}
    pragmas: list[dict[str, object]] = []

    def read_pragmas() -> None:
        with bare.read() as view:
            pragmas.append({name: view.execute(f"pragma {name}").fetchone()[0] for name in wanted})

    read_pragmas()
    thread = threading.Thread(target=read_pragmas)
    thread.start()
    thread.join()
    assert pragmas == [wanted, wanted]


def test_folder_and_files_are_for_the_owner_only(bare: Store) -> None:
    insert(bare, "một")
    assert stat.S_IMODE(bare.path.parent.stat().st_mode) == 0o700
    files = list(bare.path.parent.iterdir())
    assert {file.name for file in files} == {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_that_stood_open_is_closed_to_others_but_a_shared_one_is_left(tmp_path: Path) -> None:
    for mode, kept in ((0o755, 0o700), (0o1777, 0o1777)):
        folder = tmp_path / f"{mode:o}"
        folder.mkdir()
        folder.chmod(mode)
        with Store(folder / "kiosk.db"):
            assert stat.S_IMODE(folder.stat().st_mode) == kept


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should", encoding="utf-8")
    with pytest.raises(StoreUnavailable, match="its folder must exist, be writable"):
        Store(tmp_path / "data" / "kiosk.db")


def test_a_folder_that_refuses_files_is_one_clear_sentence() -> None:
    with pytest.raises(StoreUnavailable, match="không mở được nơi lưu /proc/kiosk"):
        Store(Path("/proc/kiosk.db"))


def test_a_full_disk_is_told_and_loses_nothing(bare: Store) -> None:
    insert(bare, "một")

    def fill() -> None:
        with bare.write() as view:
            view.execute("pragma max_page_count = 3")
            view.execute("insert into words values (?)", ["hai" * 100_000])

    with pytest.raises(StoreFull):
        fill()
    assert words(bare) == ["một"]


def test_a_damaged_store_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"not a database " * 400)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged):
        Store(path)
    assert path.read_bytes() == before


def test_a_page_that_rots_is_told(bare: Store) -> None:
    with bare.write() as view:
        view.execute(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) "
            "insert into words select 'chữ ' || i from n"
        )
    bare.close()
    rotten = bytearray(bare.path.read_bytes())
    rotten[4096 : 4096 + 8] = b"\xff" * 8
    bare.path.write_bytes(rotten)
    with Store(bare.path) as again, pytest.raises(StoreDamaged):
        words(again)


def test_a_mistake_in_sql_keeps_its_own_words(bare: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), bare.read() as view:
        view.execute("select * from wrods")


def test_deleted_words_are_on_no_page_after_a_checkpoint(bare: Store) -> None:
    insert(bare, "Hồ Thị Mắc-ca")
    with bare.write() as view:
        view.execute("delete from words")
    wal = bare.path.with_name("kiosk.db-wal")
    needle = "Mắc-ca".encode()
    assert needle in wal.read_bytes()
    assert checkpoint(bare)
    assert needle not in wal.read_bytes() + bare.path.read_bytes()


def test_a_checkpoint_says_when_a_reader_was_in_the_way(bare: Store) -> None:
    inside = threading.Event()
    done = threading.Event()

    def stay() -> None:
        with bare.read() as view:
            view.execute("select * from words").fetchall()
            inside.set()
            done.wait(30)

    thread = threading.Thread(target=stay)
    thread.start()
    inside.wait(30)
    insert(bare, "một")
    with bare.read() as view:
        view.execute("pragma busy_timeout = 50")
    assert not checkpoint(bare)
    done.set()
    thread.join()
    assert checkpoint(bare)


def test_connections_of_threads_that_ended_are_closed(bare: Store) -> None:
    for _ in range(5):
        thread = threading.Thread(target=words, args=(bare,))
        thread.start()
        thread.join()
    assert len(bare._connections) <= 2


def test_a_closed_store_answers_no_more(bare: Store) -> None:
    bare.close()
    with pytest.raises(StoreUnavailable):
        words(bare)
    assert [file.name for file in bare.path.parent.iterdir()] == ["kiosk.db"]


def test_a_write_waits_for_another_stores_write(bare: Store) -> None:
    begun = threading.Event()

    def hold() -> None:
        with Store(bare.path) as other, other.write() as view:
            view.execute("insert into words values ('một')")
            begun.set()
            time.sleep(0.2)

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(30)
    insert(bare, "hai")
    thread.join()
    assert words(bare) == ["một", "hai"]
    assert db.BUSY_SECONDS > 1
