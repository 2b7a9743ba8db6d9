"""Bases of twins: state, faults, counts and the mapping for training; and the tokens of systems that give them."""

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sync.gateway.targets.twin import (
    LINE_FAULTS,
    TwinAnswer,
    TwinCounts,
    TwinFaults,
    TwinRequest,
    TwinServer,
    TwinState,
)

TOKEN_ODDITIES = ("expired", "signed-out")
"""Token expired (401); 203 in place of 401."""
PRACTICE_WORD = "mat-khau-cua-ban-tap"


class MappedTwin(ABC):
    """A system that a gateway reaches by a mapping file.

    Attributes:
        kind: the name of the adapter.
        tables: the tables of its state besides `dossiers` and `forbidden`, by name.
        dossier_columns: the columns of `dossiers`.
    """

    kind = ""
    tables: Mapping[str, str] = {}
    dossier_columns = "number text, status text"
    faults: tuple[str, ...] = LINE_FAULTS
    takes_files = True
    actions_each = 1

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.faults_ahead = TwinFaults(self.faults)
        self.folder = folder
        tables = {"dossiers": self.dossier_columns, "forbidden": "why text", **self.tables}
        self.state = TwinState(folder / f"{self.kind}-twin.db", tables)
        self.server = TwinServer(self, port)

    @abstractmethod
    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""

    @abstractmethod
    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request."""

    @abstractmethod
    def service(self) -> dict[str, Any]:
        """Return the settings of the connection, without address and secret."""

    @abstractmethod
    def rows(self) -> dict[str, Any]:
        """Return units, procedures and states of the mapping."""

    @abstractmethod
    def count(self) -> TwinCounts:
        """Return what it holds and got."""

    @property
    def url(self) -> str:
        """Return the address."""
        return self.server.url

    def mapping(self, seconds: float) -> dict[str, Any]:
        """Return a mapping for this twin; the secret is in the twin's folder."""
        secret = self.folder / f"{self.kind}-twin.password"
        secret.write_text(PRACTICE_WORD, encoding="utf-8")
        service = {"url": self.url, **self.service(), "password_file": str(secret), "seconds": seconds}
        return {"kind": self.kind, "service": service, **self.rows()}

    def mapping_file(self) -> str:
        """Return the mapping as a file, for training."""
        return toml_file(self.mapping(seconds=6.0))

    def break_next(self, request: str, fault: str) -> None:
        """Let a fault strike the next request of a kind."""
        self.faults_ahead.break_next(request, fault)

    def break_often(self, rate: float) -> None:
        """Let a fault strike this share of all requests."""
        self.faults_ahead.break_often(rate)

    def forbidden(self) -> list[str]:
        """Return what was forbidden in the requests that it got."""
        with self.state.write() as db:
            return [row[0] for row in db.execute("select why from forbidden")]

    def numbers(self) -> set[str]:
        """Return the official numbers of its dossiers."""
        with self.state.write() as db:
            return {row[0] for row in db.execute("select number from dossiers")}

    def set_status(self, number: str, status: str) -> None:
        """Let an officer of the other side set a state, for training."""
        with self.state.write() as db:
            db.execute("update dossiers set status = ? where number = ?", [status, number])

    def reset(self) -> None:
        """Delete all dossiers and counts; sessions and tokens end too."""
        self.state.clear()

    def close(self) -> None:
        """Stop answering."""
        self.server.close()


class TokenTwin(MappedTwin):
    """A system that gives tokens, reserves numbers, takes files and dossiers."""

    tables: Mapping[str, str] = {
        "numbers": "number text primary key",
        "files": "id text primary key, name text, size integer",
        "actions": "number text, at text, status text",
        "tokens": "token text",
    }
    dossier_columns = "number text, status text, files text"
    faults: tuple[str, ...] = LINE_FAULTS + TOKEN_ODDITIES
    gives_number = True
    takes_changes = False
    actions_each = 0

    def __init__(self, folder: Path, port: int = 0) -> None:
        super().__init__(folder, port)
        self.last_number = self.state.count("numbers")

    @abstractmethod
    def write(self, db: sqlite3.Connection, kind: str, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request that has a token."""

    @abstractmethod
    def has_secret(self, request: TwinRequest) -> bool:
        """Return whether a request for a token has the right secret."""

    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request."""
        kind = self.kind_of(request)
        if fault == "signed-out":
            return TwinAnswer({"message": "Non-Authoritative Information.", "code": 203}, status=203)
        with self.state.write() as db:
            if kind == "token":
                return self._give_token(db, request)
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            is_known = db.execute("select 1 from tokens where token = ?", [token]).fetchone() is not None
            if fault == "expired" or not is_known:
                return TwinAnswer({"message": "Token hết hạn", "error": "invalid_token"}, status=401)
            return self.write(db, kind, request, fault)

    def _give_token(self, db: sqlite3.Connection, request: TwinRequest) -> TwinAnswer:
        if not self.has_secret(request):
            return TwinAnswer({"error": "invalid_client", "error_description": "Sai mật khẩu"}, status=401)
        count = db.execute("select count(*) from tokens").fetchone()[0]
        token = f"token-{count + 1}"
        db.execute("insert into tokens values (?)", [token])
        return TwinAnswer({"access_token": token, "expires_in": 300, "token_type": "Bearer"})  # nosec B105 # a kind

    def reserve_number(self, db: sqlite3.Connection, pattern: str) -> str:
        """Return the next number, which no dossier had before a reset either."""
        self.last_number += 1
        number = f"{pattern}-20261124-{self.last_number:07d}"
        db.execute("insert into numbers values (?)", [number])
        return number

    def count(self) -> TwinCounts:
        """Return what it holds and got."""
        with self.state.write() as db:
            held = [json.loads(row[0]) for row in db.execute("select files from dossiers")]
        return TwinCounts(
            dossiers=self.state.count("dossiers"),
            files=sum(map(len, held)),
            actions=self.state.count("actions"),
            forbidden=self.state.count("forbidden"),
        )


def refuse(db: sqlite3.Connection, why: str, status: int = 400) -> TwinAnswer:
    """Refuse a request that no good client sends."""
    db.execute("insert into forbidden values (?)", [why])
    return TwinAnswer({"code": str(status), "message": why}, status=status)


def keep_files(db: sqlite3.Connection, request: TwinRequest, fault: str) -> list[dict[str, Any]]:
    """Store the files of a form, each under an id of its own; a swallowed one has no bytes."""
    kept = []
    for file in request.files:
        count = db.execute("select count(*) from files").fetchone()[0]
        row = {"id": f"tep-{count + 1}", "name": file.name, "size": 0 if fault == "swallowed" else len(file.content)}
        db.execute("insert into files values (?, ?, ?)", [row["id"], row["name"], row["size"]])
        kept.append({**row, "content": file.content})
    return kept


def toml_file(mapping: Mapping[str, Any]) -> str:
    """Return a mapping as TOML; a text of JSON is one of TOML."""
    lines = [f"kind = {json.dumps(mapping['kind'])}", "", "[service]"]
    lines += _lines(mapping["service"])
    for table in ("units", "procedures", "states"):
        for code, row in mapping.get(table, {}).items():
            values = {name: value for name, value in row.items() if not isinstance(value, dict)}
            lines += ["", f'[{table}."{code}"]', *_lines(values)]
            for name, inner in row.items():
                if isinstance(inner, dict):
                    lines += ["", f'[{table}."{code}".{name}]', *_lines(inner)]
    return "\n".join(lines) + "\n"


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
