"""Page of the recovery paper: make one, shown and printed once, and read it back; the machine keeps no word of it.

Between the two requests only the public half is known, which the form carries: it is no secret.
"""

from flask import current_app, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from kiosk.acts import agreeing, backups
from kiosk.backup import recovery as recovery_pair
from kiosk.backup.recovery import SEED_BYTES, RecoveryPaper, parse_paper
from kiosk.base import clock, codes
from kiosk.base.errors import NotAllowed, RecoveryPaperWrong
from kiosk.health.second_person import AgreementNeeded
from kiosk.pages import access
from kiosk.pages.access import allow, context
from kiosk.pages.qr_code import qr_svg
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.papers import recovery_paper
from printers.errors import PrinterError

LONGEST = 400
NOT_PRINTED = "Máy in chưa in được, hoặc chưa rõ. Xem giấy ra chưa; chưa ra thì chép tay."


@technician.get("/recovery")
@allow("technician")
def recovery() -> str:
    """Show whether there is a paper, and offer a new one."""
    with context().store.read() as db:
        state = recovery_pair.read_state(db)
    return render(
        "technician/recovery.html",
        made=_day(state.made_at) if state else "",
        tried=_day(state.tried_at) if state and state.tried_at else "",
        is_saved=request.args.get("said") == "saved",
        asked=AgreementNeeded.vi if request.args.get("said") == "asked" else "",
        is_here=not access.is_lan(),
    )


@technician.post("/recovery/new")
@allow("technician")
def new_recovery() -> str:
    """Make a paper, show it once, and print it where that was asked."""
    _require_machine()
    config = context().config
    paper = RecoveryPaper(codes.random_bytes(SEED_BYTES))
    printed = ""
    if request.form.get("printer"):
        try:
            document = recovery_paper.compose(config, words=paper.words, code=paper.code)
            current_app.extensions["print_now"](config, document)
            printed = "Giấy đã gửi máy in. Giấy nhiệt phai sau vài năm, nên chép tay thêm một tờ."
        except NotAllowed as error:
            printed = error.vi
        except PrinterError:
            printed = NOT_PRINTED
    return render(
        "technician/recovery_new.html",
        lines=list(recovery_paper.numbered_lines(paper.words)),
        code=Markup(qr_svg(paper.code)),  # noqa: S704  # nosec B704 # our own SVG
        public=paper.public,
        printed=printed,
        wrong="",
        typed="",
    )


@technician.post("/recovery/save")
@allow("technician")
def save_recovery() -> Answer | tuple[str, int]:
    """Save the public half of the paper that was read back from paper."""
    _require_machine()
    typed = request.form.get("paper", "")[:LONGEST]
    public = request.form.get("public", "")[:LONGEST]
    try:
        paper = parse_paper(typed)
        if paper.public != public:
            raise RecoveryPaperWrong
    except RecoveryPaperWrong as error:
        page = render(
            "technician/recovery_new.html", lines=[], code="", public=public, printed="", wrong=error.vi, typed=typed
        )
        return page, 422
    try:
        backups.save_paper(context(), paper, actor())
    except AgreementNeeded as error:
        agreeing.ask(context(), error, actor())
        return redirect(url_for("technician.recovery", said="asked"), 303)
    return redirect(url_for("technician.recovery", said="saved"), 303)


def _require_machine() -> None:
    """Require that the technician stands at the machine: who makes a paper can read the copies.

    Raises:
        NotAllowed: the request came through the LAN.
    """
    if access.is_lan():
        raise NotAllowed("Lập giấy khôi phục ngay trên máy đặt ở phường.", "Make the paper at the machine itself.")


def _day(stamp: str) -> str:
    return f"{clock.local(clock.parse_timestamp(stamp)):%H:%M, %d/%m/%Y}"
