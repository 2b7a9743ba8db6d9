"""Lead's pages "Đối chiếu": the facts of each procedure beside the official text, with a tick for each.

One press ticks a fact and goes on to the next one that nobody ticked. Ticks move between wards as a file.
"""

from dataclasses import dataclass

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import comparison
from kiosk.acts import comparing
from kiosk.acts.comparing import ImportReport, ShownFact
from kiosk.base import codes
from kiosk.base.errors import BadUpload, KioskError, NotAllowed, NotFound
from kiosk.comparison import ProcedureComparison, exchange_file
from kiosk.pages.access import accept_file, allow, context
from kiosk.pages.officer.lead import compare_rows
from kiosk.pages.officer.session.blueprint import has_session, officer, render, sitting
from kiosk.records import comparisons
from kiosk.records.comparisons import MAX_NOTE_LENGTH, RESULTS
from sync.encoding import canonical_json, sha256_hex

PAPERS = "papers"
"""Picture of the list of papers, beside the numbered pages of the form."""
KEPT = {"Cache-Control": "private, max-age=86400, immutable"}
"""A picture holds nothing of a person, and its address changes with its content."""


@dataclass(frozen=True)
class ShownNote:
    """The fact whose note is open: its id, the result that it belongs to, what was typed, the error of it."""

    fact: str = ""
    result: str = ""
    typed: str = ""
    error: str = ""


@officer.get("/compare")
@allow("lead")
def compare() -> Answer:
    """Go to the first procedure that is not compared."""
    with context().store.read() as db:
        states = comparison.load_all(context(), db)
    open_ones = [state for state in states if state.done < len(state.listed)] or states
    if not open_ones:
        raise NotFound("Máy chưa có thủ tục nào.", "There is no procedure.")
    return redirect(url_for("officer.compare_procedure", code=open_ones[0].procedure.code), 303)


@officer.get("/compare/<code>")
@allow("lead")
def compare_procedure(code: str) -> str:
    """Show the facts of a procedure."""
    fact = request.args.get("fact", "")
    result = request.args.get("note", "")
    return _page(code, fact, ShownNote(fact, result) if result in RESULTS else None)


@officer.post("/compare/<code>")
@allow("lead")
def compare_fact(code: str) -> Answer | tuple[str, int]:
    """Tick a fact, say what differs, clear a tick, or answer another ward's result; then go to the next fact."""
    shown = ShownFact(code, request.form.get("fact", ""), request.form.get("digest", ""))
    result = request.form.get("result", "")
    note = request.form.get("note", "")
    if result == "differs" and "note" not in request.form:
        return _to(code, shown.fact, note="differs")
    try:
        _store(shown, result, note)
    except NotAllowed as error:
        return _page(code, shown.fact, _note_of(error, shown.fact, result, note), bad=error), 422
    if result in {"clear", "keep"}:
        return _to(code, shown.fact)
    return _to(code, _next_fact(code, shown.fact))


def _note_of(error: KioskError, fact: str, result: str, typed: str) -> ShownNote | None:
    """Return the open note with what was typed; None where no note was open, so that the page shows the error."""
    return ShownNote(fact=fact, result=result, typed=typed, error=error.vi) if "note" in request.form else None


def _store(shown: ShownFact, result: str, note: str) -> None:
    actor = sitting().person.code
    if result == "clear":
        comparing.clear(context(), shown, actor)
    elif result == "keep":
        comparing.settle(context(), shown, actor)
    elif result == "take":
        comparing.take(context(), shown, actor)
    else:
        comparing.compare(context(), shown, result, note, actor)


def _to(code: str, fact: str, note: str | None = None) -> Answer:
    return redirect(url_for("officer.compare_procedure", code=code, fact=fact, note=note), 303)


def _next_fact(code: str, fact: str) -> str:
    """Return the next fact without a result after a ticked one; "end" when all have one."""
    listed = _state(code).listed
    ids = [item.fact.id for item in listed]
    if fact not in ids:
        return fact  # a line: the focus stays, the next line is a key away
    at = ids.index(fact)
    later = [*listed[at + 1 :], *listed[:at]]
    return next((item.fact.id for item in later if not item.result), "end")


@officer.get("/compare/<code>/form.pdf")
@allow("lead")
def compare_form(code: str) -> Response:
    """Show the blank form of a procedure, to read and to print."""
    from kiosk.papers import form_picture  # imports the A4 layout, which would slow down the start

    picture = form_picture.form_picture(_state(code), context().clock.now())
    if picture is None:
        raise NotFound("Thủ tục này không có tờ khai in ra.", "This procedure has no printed form.")
    return Response(picture.pdf, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.get("/compare/<code>/picture/<page>.png")
@allow("lead")
def compare_picture(code: str, page: str) -> Response:
    """Return the picture of a page of the form, or of the list of papers."""
    from kiosk.papers import form_picture  # imports the A4 layout, which would slow down the start

    state = _state(code)
    if page == PAPERS:
        return Response(form_picture.papers_picture(context().config, state), mimetype="image/png", headers=KEPT)
    picture = form_picture.form_picture(state, context().clock.now())
    pages = picture.pages if picture else ()
    if not 1 <= codes.parse_number(page) <= len(pages):
        raise NotFound("Thủ tục này không có trang đó.", "There is no such page.")
    return Response(pages[int(page) - 1], mimetype="image/png", headers=KEPT)


@officer.get("/compare-file")
@allow("lead")
def compare_export() -> Response:
    """Return the file of this ward's ticks for other wards."""
    content = comparing.export(context(), sitting().person.code)
    name = f"doi-chieu-{context().config.ward.unit_code}-{context().clock.today()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="application/json", headers=headers)


@officer.post("/compare-file")
@allow("lead")
@accept_file(exchange_file.MAX_BYTES, has_session, exchange_file.too_large_error)
def compare_import() -> Answer:
    """Import the ticks of another ward; show the reason on the same page where the file is refused."""
    code = request.form.get("code", "")
    file = request.files.get("file")
    try:
        report = comparing.import_file(context(), file.read() if file else b"", sitting().person.code)
    except (BadUpload, NotAllowed) as error:
        return make_response(_page(code, bad=error), error.status)
    return make_response(_page(code, message=_report_words(report)))


@officer.post("/compare-file/drop")
@allow("lead")
def compare_drop() -> str:
    """Delete the ticks that were imported from a ward."""
    count = comparing.drop_import(context(), request.form.get("ward", "")[:40], sitting().person.code)
    return _page(request.form.get("code", ""), message=f"Đã bỏ {count} ý đã nhập. Dấu của phường mình giữ nguyên.")


def _report_words(report: ImportReport) -> str:
    """Return what a file brought, in words."""
    words = [f"Đã nhập tệp của {report.ward_name}: {report.used} ý dùng được ở máy này."]
    if report.kept:
        words.append(f"{report.kept} ý phường đã tự đối chiếu nên giữ nguyên.")
    if report.questions:
        words.append(f"{report.questions} ý hai phường ghi khác nhau: xem ô vàng của từng thủ tục.")
    if report.other:
        words.append(f"{report.other} ý là của bản khác, máy giữ lại cho lúc cần.")
    return " ".join(words)


def _state(code: str) -> ProcedureComparison:
    procedure = context().catalogue.in_force(code, context().clock.today())
    if procedure is None:
        raise NotFound("Máy không có thủ tục này.", "There is no such procedure here.")
    return comparison.load(context(), procedure)


def _papers_key(state: ProcedureComparison) -> str:
    """Return what the picture of the list of papers depends on, for its address."""
    content = [comparison.papers_sentence(state)]
    content += [item.fact.digest for item in state.listed if item.fact.kind == "paper"]
    return sha256_hex(canonical_json(content))[:12]


def _page(
    code: str, fact: str = "", note: ShownNote | None = None, *, message: str = "", bad: KioskError | None = None
) -> str:
    from kiosk.papers import form_picture  # imports the A4 layout, which would slow down the start

    with context().store.read() as db:
        states = comparison.load_all(context(), db)
        wards = comparisons.imported_wards(db)
    at = next((at for at, state in enumerate(states) if state.procedure.code == code), None)
    if at is None:
        raise NotFound("Máy không có thủ tục này.", "There is no such procedure here.")
    state = states[at]
    later = [*states[at + 1 :], *states[:at]]
    following = next((other for other in later if other.done < len(other.listed)), None)
    today = context().clock.today()
    documents = context().catalogue.documents
    rows = [compare_rows.fact_row(state, item, documents, today) for item in state.facts]
    lines = [row for row in rows if row.kind == "line"]
    return render(
        "officer/compare.html",
        procedure=state.procedure,
        procedures=[compare_rows.procedure_row(other, documents, today) for other in states],
        finished=sum(comparison.is_compared(other) for other in states),
        rows=[row for row in rows if row.kind != "line"],
        lines=lines,
        are_lines_open=fact.startswith("line") or any(row.result == "differs" or row.is_changed for row in lines),
        fact=fact or compare_rows.first_open(state),
        note=note or ShownNote(),
        max_note=MAX_NOTE_LENGTH,
        picture=form_picture.form_picture(state, context().clock.now()),
        printed=comparison.form_sentence(state) or comparison.papers_sentence(state),
        papers_key=_papers_key(state),
        following=following.procedure if following else None,
        message=message,
        wards=wards,
        is_import=request.endpoint == "officer.compare_import" and bad is not None,
        bad=bad.vi if bad and not note else "",
    )
