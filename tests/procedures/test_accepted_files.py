"""A file that `kiosk procedure check` accepts never shows a citizen "Máy trục trặc" (500)."""

import copy
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kiosk.acts import applying
from kiosk.cli.procedure import errors_in_use
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.branches import branches
from kiosk.procedures.loader import CATALOGUE, BadProcedure, Catalogue, read_procedure
from kiosk.procedures.model import Procedure
from kiosk.procedures.toml_writer import write_toml
from kiosk.procedures.trial import answered
from tests.journeys.walker import Walker

SHELF = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted(CATALOGUE.glob("*.toml"))
    if "@" not in path.stem
}
STRANGE = [None, "", "x", 0, -1, 10**9, True, [], ["x"], {}, {"key": "x"}, [{}], "2026-01-01", "{x}", "khac", 1.5]
Path_ = tuple[str | int, ...]


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the path of every value in a table."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inner:
        yield from places(item, (*path, name))


def at(table: Any, path: Path_) -> Any:
    for name in path:
        table = table[name]
    return table


class MutatedFile(dict[str, Any]):
    """The table of a shelf file with changes; its repr names them, since a whole table is 30 kB."""

    def __init__(self, name: str) -> None:
        super().__init__(copy.deepcopy(SHELF[name]))
        self.changes = [name]

    def __repr__(self) -> str:
        return " | ".join(self.changes)


@st.composite
def mutated_files(draw: st.DrawFn) -> MutatedFile:
    """Return the table of a shelf file with one to three values changed, moved, doubled or taken away."""
    table = MutatedFile(draw(st.sampled_from(sorted(SHELF))))
    for _ in range(draw(st.integers(1, 3))):
        every = list(places(table))
        path = draw(st.sampled_from(every))
        outer = at(table, path[:-1])
        same_name = [other for other in every if other[-1] == path[-1] and other != path]
        kind = draw(st.sampled_from(["like", "like", "take", "double", "strange"]))
        if kind == "like" and same_name:
            outer[path[-1]] = copy.deepcopy(at(table, draw(st.sampled_from(same_name))))
        elif kind == "double" and isinstance(outer, list):
            outer.append(copy.deepcopy(outer[path[-1]]))
        elif kind == "strange":
            value = draw(st.sampled_from(STRANGE))
            outer[path[-1]] = [] if value is None else copy.deepcopy(value)
        else:
            del outer[path[-1]]
        left = outer.get(path[-1]) if isinstance(outer, dict) else "..."
        table.changes.append(f"{kind} {path}: {str(left)[:80]}")
    return table


def accepted(text: str, folder: Path) -> Procedure | None:
    """Return the procedure of a file that the check accepts."""
    path = folder / "mutated.toml"
    path.write_text(text, "utf-8")
    try:
        procedure = read_procedure(path)
    except BadProcedure:
        return None
    return None if errors_in_use(procedure, Config()) else procedure


def see_every_page(app: Flask, procedure: Procedure, patch: pytest.MonkeyPatch) -> None:
    """Open the pages of some branches, filled in and empty, and send each of them without an answer."""
    kept: Context = app.extensions["context"]
    app.extensions["context"] = replace(kept, catalogue=Catalogue([procedure]))
    today = kept.clock.today()
    every = branches(procedure, today)
    try:
        walker = Walker(app).go("/")
        assert walker.go(f"/need/{procedure.code}").answer.status_code != 500, "need"
        walker.go(f"/choose?q={procedure.short.vi}")
        for branch in {0: every[0], len(every) // 2: every[len(every) // 2], -1: every[-1]}.values():
            draft = Draft(procedure.code, procedure.version, answers=answered(procedure, branch, today))
            pages = journey.pages(procedure, draft, today)
            for number in (len(pages), 0):
                draft.done = [page.id for page in pages[:number]]
                opened = OpenedDraft("x", draft)
                patch.setattr(applying, "current_draft", lambda *_, opened=opened: opened)
                for page in pages:
                    for lang in ("vi", "en"):
                        address = f"/form/{page.id}"
                        assert walker.go(f"{address}?lang={lang}").answer.status_code != 500, page.id
                assert walker.go("/form/missing").answer.status_code != 500, "missing"
                assert walker.go("/form/check").answer.status_code != 500, "check"
    finally:
        patch.undo()
        app.extensions["context"] = kept


@settings(max_examples=20, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(table=mutated_files())
def test_what_the_check_accepts_never_fails_for_a_citizen(app: Flask, tmp_path: Path, table: MutatedFile) -> None:
    procedure = accepted(write_toml(dict(table)), tmp_path)
    if procedure is not None and procedure.is_in_force(app.extensions["context"].clock.today()):
        with pytest.MonkeyPatch.context() as patch:
            see_every_page(app, procedure, patch)


def test_the_shelf_itself_is_walked_in_this_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    procedure = read_procedure(CATALOGUE / "1.004194.toml")
    see_every_page(app, procedure, monkeypatch)
