"""A gateway as a province runs it: one or more processes of ``kiosk gateway`` on SQLite or PostgreSQL."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from kiosk import codes
from kiosk.clock import SYSTEM
from sync.gateway import Enrolment, database, kiosks
from tests.faults.processes import Process, free_port, listens, until

UNIT = "H57.99.01"
_GAPS = """
    with told as (select kiosk_id, seq from changes
                  union all select kiosk_id, taken_seq from submissions where taken_seq is not null)
    select k.kiosk_id, k.last_seq, count(seq), count(distinct seq), max(seq)
    from kiosks k left join told on told.kiosk_id = k.kiosk_id
    group by k.kiosk_id, k.last_seq
    having k.last_seq <> count(seq) or k.last_seq <> count(distinct seq) or k.last_seq <> coalesce(max(seq), 0)
"""


class Portal:
    """The gateway's processes and its database; ``url`` is a path of SQLite or ``postgresql://...``."""

    def __init__(self, folder: Path, url: str = "", processes: int = 1) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kiosk.toml").write_text("")
        self.url = url or str(folder / "gateway.db")
        self.ports = [free_port() for _ in range(processes)]
        env = {"KIOSK_CONFIG": str(folder / "kiosk.toml"), "KIOSK_GATEWAY_DATABASE": self.url}
        self.processes = [
            Process(["gateway", "--listen", str(port)], folder / f"gateway-{port}.log", env) for port in self.ports
        ]
        self.engine = database.open_engine(self.url, connections=2)

    @property
    def port(self) -> int:
        return self.ports[0]

    def start(self) -> None:
        """Start every process that does not run, and wait until it takes calls."""
        for process in self.processes:
            if not process.is_alive:
                process.start()
        for process, port in zip(self.processes, self.ports, strict=True):
            until(lambda port=port: listens(port), what=f"{process.words}\n{process.said()}")  # type: ignore[misc]

    def kill(self) -> None:
        for process in self.processes:
            process.kill()

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def close(self) -> None:
        self.kill()
        self.engine.dispose()

    def gaps(self) -> list[Any]:
        """List the kiosks whose feed is not numbered from 1 to its last change without a gap or a repetition."""
        return self.rows(_GAPS)

    def code(self, kiosk_id: str, unit: str = UNIT) -> str:
        """Make a one-time code that enrols a kiosk, as the operator does."""
        code = kiosks.make_code(codes.token())
        with self.engine.begin() as db:
            kiosks.add_code(db, Enrolment(code, kiosk_id, unit), SYSTEM.now(), may_replace=False)
        return code

    def revoke(self, kiosk_id: str) -> None:
        with self.engine.begin() as db:
            assert kiosks.revoke(db, kiosk_id, SYSTEM.now())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into the database, or meddle with it."""
        with self.engine.begin() as db:
            found = db.exec_driver_sql(statement)
            return [tuple(row) for row in found] if found.returns_rows else []

    def held(self) -> dict[str, str]:
        """Give the SHA-256 of the very bytes that are held, by submission."""
        rows = self.rows("select submission_id, body from submissions order by received_at")
        return {subject: hashlib.sha256(bytes(body)).hexdigest() for subject, body in rows}

    def takings(self) -> int:
        """Count every taking and change that the portal numbered for its kiosks: one taken twice would count twice."""
        return int(self.rows("select coalesce(sum(last_seq), 0) from kiosks")[0][0])

    def read_to(self, kiosk_id: str) -> int:
        """Tell up to which change a kiosk has read the feed."""
        return int(self.rows(f"select read_seq from kiosks where kiosk_id = '{kiosk_id}'")[0][0])

    def body(self, form: str) -> str:
        """Give the text that is held of a form."""
        return bytes(self.rows(f"select body from submissions where submission_id = '{form}'")[0][0]).decode()

    def copy(self) -> Path:
        """Make a copy of the database, as a backup of last night (SQLite only)."""
        path = self.folder / "copy.db"
        path.unlink(missing_ok=True)
        with sqlite3.connect(self.url) as db, sqlite3.connect(path) as copy:
            db.backup(copy)
        db.close()
        copy.close()
        return path

    def put_back(self, copy: Path) -> None:
        """Put a copy in the database's place, while no process runs."""
        self.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(self.url + ending).unlink(missing_ok=True)
        Path(self.url).write_bytes(copy.read_bytes())
