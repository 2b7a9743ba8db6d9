"""Commands of a ward without a connection: onto the USB stick, into the gateway, and back."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from kiosk.cli import main
from kiosk.papers.workbook import read_xlsx
from kiosk.portal.signing_key import portal_key
from kiosk.procedures.answer_errors import MESSAGES
from kiosk.records import audit
from sync import signature
from sync.gateway import Enrolment, kiosks
from sync.gateway.database import open_engine
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth
from tests.journeys.walker import Walker
from tests.sync.practice_gateway import CODE, UNIT, Clock

Command = Callable[..., int]
"""Runs a command with some arguments; returns its exit status."""


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("[kiosk]\nid = 'PK03'\n", encoding="utf-8")
    return file


@pytest.fixture
def gateway(tmp_path: Path, toml: Path) -> Command:
    """Return a function that runs `kiosk gateway` on the province's own database."""
    database = str(tmp_path / "province.db")

    def run(*args: str) -> int:
        return main(["--config", str(toml), "gateway", "--practice", "--database", database, *args])

    return run


@pytest.fixture
def export(toml: Path) -> Command:
    """Return a function that runs `kiosk export` of the ward."""

    def run(*args: str) -> int:
        return main(["--config", str(toml), "export", *args, "--practice"])

    return run


@pytest.fixture
def enrolled(walker: Walker, tmp_path: Path, toml: Path, gateway: Command, capsys: pytest.CaptureFixture[str]) -> None:
    """Enrol the kiosk, and write the gateway's key for USB sticks into its settings."""
    public = signature.public_key(portal_key(walker.context.config.portal_key_path))
    engine = open_engine(str(tmp_path / "province.db"))
    with engine.begin() as db:
        kiosks.add_code(db, Enrolment(CODE, "PK03", UNIT), Clock()(), may_replace=False)
        assert kiosks.enrol(db, Enrolment(CODE, "PK03", UNIT), public, Clock()()) == "created"
    engine.dispose()
    assert gateway("stick", "key") == 0
    key = capsys.readouterr().out.strip()
    toml.write_text(f"[kiosk]\nid = 'PK03'\n[portal]\nstick_key = '{key}'\n", encoding="utf-8")


@pytest.mark.usefixtures("enrolled")
def test_a_form_goes_out_is_taken_and_comes_back_confirmed(
    app: Flask, walker: Walker, usb: Path, gateway: Command, export: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("write", str(usb)) == 0
    assert "Không có gì chờ gửi" in capsys.readouterr().out
    submit_form(walker.context)
    assert export("write", str(usb)) == 0
    assert "Đã chép 1 tờ khai và 0 việc của quầy vào 1 tệp" in capsys.readouterr().out
    assert export("read", str(usb)) == 1
    assert "Chưa có biên nhận" in capsys.readouterr().out

    assert gateway("stick", "import", str(usb)) == 0
    assert "1 tờ khai (mới 1, đã có 0, chưa đến lượt 0, không nhận 0)" in capsys.readouterr().out
    assert gateway("stick", "import", str(usb)) == 0
    assert "(mới 0, đã có 1, " in capsys.readouterr().out

    assert export("read", str(usb)) == 0
    assert "Cổng đã nhận 1 tờ khai và 0 việc của quầy." in capsys.readouterr().out
    submission = submission_checks.only_submission(walker.context)
    assert (submission.delivery, submission.portal_code) == ("confirmed", 1)
    with walker.context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, "stick")]
        assert audit.verify(db, walker.context.audit_key()) is None
    assert [(line.act, dict(line.facts)) for line in lines] == [
        ("carried_out", {"forms": 1, "acts": 0}),
        ("carried_back", {"taken": 1, "refused": 0}),
    ]


@pytest.mark.usefixtures("enrolled")
def test_a_file_that_was_changed_is_said_and_the_others_are_taken(
    walker: Walker, usb: Path, gateway: Command, export: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    submit_form(walker.context)
    export("write", str(usb))
    (whole,) = usb.glob("*.parcel")
    (usb / "PK03-A.parcel").write_bytes(whole.read_bytes()[:-1])
    (usb / "photo.parcel").write_bytes(b"\xff\xd8")
    assert gateway("stick", "import", str(usb)) == 1
    printed = capsys.readouterr()
    assert "PK03-A.parcel: tệp bị hỏng hoặc bị sửa" in printed.err
    assert "photo.parcel: không phải tệp của máy nào" in printed.err
    assert "Đã đọc 1 trong 3 tệp" in printed.out
    (answer,) = usb.glob("*.answer")
    (usb / "PK03-B.answer").write_bytes(answer.read_bytes()[:-1])
    assert export("read", str(usb)) == 1
    assert "PK03-B.answer: tệp bị hỏng" in capsys.readouterr().err
    assert submission_checks.only_submission(walker.context).delivery == "confirmed"


@pytest.mark.usefixtures("walker")
def test_what_is_missing_is_said_in_one_sentence(
    usb: Path, gateway: Command, export: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("write", str(usb)) == 2
    assert "stick1-" in capsys.readouterr().err
    assert export("write", str(usb / "nowhere")) == 2
    assert "Cắm USB" in capsys.readouterr().err
    assert gateway("stick", "import", str(usb / "nowhere")) == 2
    assert gateway("stick", "import", str(usb)) == 1
    assert "Không có tệp nào" in capsys.readouterr().out


@pytest.mark.usefixtures("enrolled")
def test_a_stick_that_cannot_be_written_loses_nothing(
    walker: Walker, usb: Path, export: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_form(walker.context)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fadvise", full)
    assert export("write", str(usb)) == 2
    assert "USB hết chỗ" in capsys.readouterr().err
    assert submission_checks.only_submission(walker.context).delivery == "queued"
    assert list(usb.iterdir()) == []


@pytest.mark.usefixtures("enrolled")
def test_a_slip_in_the_stick_key_starts_nothing(toml: Path, usb: Path, export: Command) -> None:
    text = toml.read_text(encoding="utf-8")
    key = re.findall(r"stick1-[\w-]+", text)[0]
    toml.write_text(text.replace(key, key[:-1] + ("0" if key[-1] != "0" else "1")), encoding="utf-8")
    assert export("write", str(usb)) == 2


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_figures_of_pages_are_written_in_each_format_and_leave_a_line(
    walker: Walker, export: Command, tmp_path: Path, ending: str
) -> None:
    begin_birth(walker).scan("me")
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905", "nyc_noi_cu_tru.stay": "19753"})
    path = tmp_path / f"trang.{ending}"
    assert export("pages", str(path), "--days", "7") == 0
    assert CHECK[ending] in READ[ending](path)
    assert "0905" not in str(READ[ending](path))
    with walker.context.store.read() as db:
        (subject,) = db.execute("select subject from audit where act = 'take_along'").fetchone()
    assert subject == f"pages {ending}"


CHECK: dict[str, object] = {
    "xlsx": MESSAGES["phone"].vi,
    "csv": "check,nyc_dien_thoai phone,1",
    "json": {"kind": "check", "detail": "nyc_dien_thoai phone", "count": 1},
}
READ: dict[str, Callable[[Path], list[object]]] = {
    "xlsx": lambda path: [cell for row in read_xlsx(path)["Chỗ kiểm tra giữ lại"] for cell in row],
    "csv": lambda path: [line.split(",", 3)[3] for line in path.read_text("utf-8-sig").splitlines()],
    "json": lambda path: [
        {key: row[key] for key in ("kind", "detail", "count")} for row in json.loads(path.read_text("utf-8"))["counts"]
    ],
}


@pytest.mark.parametrize(("name", "days"), [("trang.pdf", "7"), ("trang", "7"), ("trang.csv", "0")])
def test_a_format_that_is_none_says_which_there_are(
    export: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, days: str
) -> None:
    assert export("pages", str(tmp_path / name), "--days", days) != 0
    assert ".xlsx, .csv" in capsys.readouterr().err
    assert list(tmp_path.glob("trang*")) == []


def test_a_folder_that_is_missing_is_said_in_words(
    export: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("pages", str(tmp_path / "khong-co" / "trang.csv")) != 0
    assert "Chọn thư mục khác" in capsys.readouterr().err
