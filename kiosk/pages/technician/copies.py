"""Page of the copies: make one now, list them, and try one in a restore drill; both with their progress."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import backups
from kiosk.backup import create, drill_record, recovery, restore, rotation
from kiosk.backup.drill_record import DrillRecord
from kiosk.backup.recovery import parse_paper
from kiosk.backup.rotation import BackupCopy
from kiosk.base import clock, codes
from kiosk.base.errors import BackupMissing, KioskError, RecoveryPaperWrong
from kiosk.context.long_work import Report
from kiosk.health import backup_copies, minute_copies
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.vietnam.calendar import short_time

LONGEST = 400
"""Letters of the 18 words of a recovery paper, and more than them."""
COPY_IS_RUNNING = "Máy đang sao lưu nên chưa lập thêm bản nào. Đợi bản này xong rồi bấm lại."


@dataclass(frozen=True)
class CopyRow:
    """A copy as the page lists it; `whose` says of which store it is."""

    number: int
    at: str
    megabytes: str
    whose: str


@technician.get("/copies")
@allow("technician")
def copies() -> str:
    """Show the copies, the last drill, and the work that goes on."""
    return _page(refusal=COPY_IS_RUNNING if request.args.get("refused") == "running" else "")


@technician.post("/copies/now")
@allow("technician")
def copy_now() -> Answer:
    """Begin a copy, unless one is made already by this page or by the worker."""
    kiosk = context()
    who = actor()

    def make(report: Report) -> object:
        backups.record_copy(kiosk, who)
        return create.create(kiosk, report).name

    if create.is_running(kiosk.config) or not kiosk.work.begin("copy", kiosk.clock.now, make):
        return redirect(url_for("technician.copies", refused="running"), 303)
    return redirect(url_for("technician.copies"), 303)


@technician.post("/copies/drill")
@allow("technician")
def drill() -> Answer | tuple[str, int]:
    """Begin a restore drill of the newest copy, or of one by number; by the recovery paper where it was typed."""
    kiosk = context()
    who = actor()
    chosen = request.form.get("number", "")
    number = codes.parse_number(chosen) if chosen else None
    typed = request.form.get("paper", "")[:LONGEST]
    try:
        paper = parse_paper(typed) if typed.strip() else None
    except RecoveryPaperWrong as error:
        return _page(wrong=error.vi, typed=typed), 422

    def attempt(report: Report) -> object:
        tried = restore.drill(kiosk.config, number, paper, report)
        backups.record_drill(kiosk, tried, paper, who)
        return None

    kiosk.work.begin("drill", kiosk.clock.now, attempt)
    return redirect(url_for("technician.copies"), 303)


def _page(wrong: str = "", typed: str = "", refusal: str = "") -> str:
    """Show the page.

    Args:
        wrong: what is wrong with the recovery paper that was typed.
        refusal: why no copy was begun.
    """
    kiosk = context()
    copying = kiosk.work.state("copy")
    rows: list[CopyRow] = []
    renamed: list[str] = []
    missing = ""
    folder = kiosk.config.backup_folder
    if folder is not None:
        try:
            rows = [_row(copy) for copy in rotation.list_copies(folder, kiosk.config.kiosk.id)]
            renamed = [path.name for path in rotation.list_renamed(folder, kiosk.config.kiosk.id)]
        except (BackupMissing, OSError) as error:
            missing = error.vi if isinstance(error, KioskError) else BackupMissing.vi
    with kiosk.store.read() as db:
        last = drill_record.last(db)
        paper = recovery.read_state(db)
    return render(
        "technician/copies.html",
        check=backup_copies.check(kiosk),
        minute=minute_copies.check(kiosk),
        folder=folder,
        rows=rows,
        renamed=renamed,
        missing=missing,
        copying=copying,
        is_copying=(copying is not None and copying.is_running) or create.is_running(kiosk.config),
        refusal=refusal,
        drilling=kiosk.work.state("drill"),
        last=_drill_words(last) if last else "",
        is_drill_good=last is not None and not last.broken,
        has_paper=paper is not None,
        wrong=wrong,
        typed=typed,
    )


def _row(copy: BackupCopy) -> CopyRow:
    own = context().vault.store_id
    return CopyRow(
        number=copy.number,
        at=f"{clock.local(copy.made_at):%H:%M, %d/%m/%Y}",
        megabytes=f"{copy.bytes / 1e6:.1f}".replace(".", ","),
        whose="kho này" if copy.store_id == own else "bản của phiên bản cũ" if not copy.store_id else "kho khác",
    )


def _drill_words(last: DrillRecord) -> str:
    at = short_time(last.at, context().clock.today())
    by = "bằng giấy khôi phục" if last.by_paper else "bằng khóa của máy"
    outcome = f"{last.broken} tờ không mở được" if last.broken else "tờ nào cũng mở được"
    copy = f"bản {last.copy}" if last.copy else "bản từng phút"
    return f"Diễn tập lúc {at}, {copy}, {by}: {last.forms} tờ khai, {outcome}."
