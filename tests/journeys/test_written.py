"""A form written as one file: the example of docs/procedures.md, filled in, printed and submitted."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, Config
from kiosk.config.ward_sections import ProceduresSettings
from kiosk.papers import declaration
from kiosk.papers.declaration import FormHeader
from kiosk.procedures import kinds
from kiosk.procedures.checks import RULES
from kiosk.procedures.loader import CATALOGUE, read_catalogue, read_procedure
from kiosk.procedures.model import Procedure
from kiosk.procedures.samples import sample_answers
from kiosk.web.app import create_app
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.procedures.form_walk import OFFICE, branches, walked

GUIDE = (ROOT / "docs" / "procedures.md").read_text("utf-8")
LATER = datetime(2026, 12, 2, 1, 30, tzinfo=UTC)
EXAMPLE = max(re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL), key=len)


@pytest.fixture
def written(tmp_path: Path) -> Procedure:
    path = tmp_path / "hoc-nghe.toml"
    path.write_text(EXAMPLE, "utf-8")
    return read_procedure(path)


def table_words(name: str) -> set[str]:
    """Return the words in the table of a closed list in the guide."""
    table = GUIDE.partition(f"<!-- {name} -->")[2].partition("<!-- end -->")[0]
    return {word for line in table.splitlines()[3:] for word in re.findall(r"`([a-z_]+)`", line.split("|")[1])}


def test_the_guide_names_every_kind_and_every_rule() -> None:
    assert table_words("kinds") == set(kinds.NAMES)
    assert table_words("rules") == set(RULES)


def test_the_example_is_walked_and_printed(written: Procedure) -> None:
    for branch in branches(written):
        assert walked(written, branch).draft.done[:1] == (["nguoi_hoc.name"] if branch.by_hand else ["nguoi_hoc"])
    assert written.declaration is not None
    answers = sample_answers(written, OFFICE, date(2026, 12, 2))
    header = FormHeader(ward="phường Phú Xuân", machine="máy PK03", receipt_no="PK03-TAP", at=LATER, practice=True)
    sheet = declaration.sheet(written, written.declaration, answers=answers, header=header)
    assert "ĐƠN XIN XÁC NHẬN ĐÃ HỌC NGHỀ" in repr(sheet)
    assert "046" in repr(sheet)


def test_the_example_is_in_the_catalogue_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "hoc-nghe.toml").write_text(EXAMPLE, "utf-8")
    catalogue = read_catalogue(CATALOGUE, tmp_path)
    assert catalogue.in_force("H57.000001", date(2026, 11, 30)) is None
    assert catalogue.in_force("H57.000001", date(2026, 12, 1)) is not None


def test_the_example_is_filed_at_the_screen_and_waits_for_the_line(practice: Config) -> None:
    own = practice.root / "thu-tuc"
    own.mkdir()
    (own / "hoc-nghe.toml").write_text(EXAMPLE, "utf-8")
    app = create_app(replace(practice, procedures=ProceduresSettings(own="thu-tuc")), FixedClock(LATER))
    walker = Walker(app).go("/")
    try:
        walker.follow("/choose").follow("/choose?event=all").follow("/need/H57.000001").fill()
        walker.scan("me").fill()
        walker.fill({"nghe": "moc", "ngay_xong.d": "30", "ngay_xong.m": "11", "ngay_xong.y": "2026"})
        reach_check_page(walker)
        submit(walker)
        answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
        assert answers["nghe"] == "moc"
        assert answers["kinh_gui"] == "Ủy ban nhân dân phường Phú Xuân"
    finally:
        walker.context.store.close()
