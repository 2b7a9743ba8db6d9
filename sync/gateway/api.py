"""The addresses of kiosk-sync/1, for kiosks only; docs/kiosk-sync-1.yaml says what each one means.

Every answer below the base path carries the protocol and the epoch, whatever its status: without them it would be no
answer. A request is one transaction, and its answer is written after it has been committed.
"""

import gzip
import hashlib
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Literal, TypeVar

from flask import Blueprint, Flask, Response, g, render_template, request
from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from sync import signature
from sync.encoding import timestamp
from sync.gateway import api_request, database, documents, epochs, events, feed, files, forwarding, kiosks, submissions
from sync.gateway.context import context
from sync.gateway.kiosks import Kiosk
from sync.gateway.problems import Problem, in_words
from sync.gateway.settings import Enrolment
from sync.gateway.submissions import Desk, Take
from sync.parcel import Piece
from sync.portals.kiosk_sync import BASE, PROTOCOL

Found = TypeVar("Found")

_log = logging.getLogger(__name__)

contract = Blueprint("contract", __name__, url_prefix=BASE)

_LIMIT = 100
_AWAY_SECONDS = 30
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@contract.get("/hello")
def hello() -> Response:
    """Greet: time, epoch, limits; never signed."""
    return _answer({"status": "ok", "batchLimit": api_request.BATCH_LIMIT, "bytesLimit": api_request.BYTES_LIMIT})


@contract.post("/kiosks")
def enrol() -> Response:
    """Make a key known that signs this very request."""
    public = api_request.public_key_in(request)
    now = context().settings.now()
    who = api_request.signed_by(request, lambda name: public if name == signature.key_id(public) else None, now)
    said = api_request.read(request, "Enrolment")
    _done(lambda db: kiosks.use_nonce(db, who.key_id, who.nonce, now))
    asked = Enrolment(said["code"], said["kioskId"], said["unitCode"])
    done = _done(lambda db: kiosks.enrol(db, asked, public, now))
    if isinstance(done, Problem):
        raise done
    return _answer({"keyId": who.key_id}, 201 if done == "created" else 200)


@contract.get("/catalogue")
def catalogue() -> Response:
    """Tell which form versions are taken for a unit."""
    unit = request.args.get("unitCode", "")
    if unit != _caller().unit_code:
        raise Problem("foreign-unit")
    forms = [_in_camel(asdict(form)) for form in context().settings.catalogue]
    etag = f'"{hashlib.sha256(json.dumps([unit, forms], sort_keys=True).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return Response(status=304)
    answer = _answer({"unitCode": unit, "procedures": forms})
    answer.headers["ETag"] = etag
    return answer


@contract.post("/submissions")
def send_submissions() -> Response:
    """Take 1 to 50 submissions; one result for each."""
    return _take_each("Submissions", submissions.take)


@contract.post("/events")
def send_events() -> Response:
    """Take what the desk did; one result for each."""
    return _take_each("Events", events.receive_events)


@contract.get("/submissions/<submission_id>")
def get_submission(submission_id: str) -> Response:
    """Tell what became of a submission of this kiosk."""
    row = _done(lambda db: submissions.receipt_of(db, _caller(), submission_id))
    if row is None:
        raise Problem("not-found")
    return _answer({"receipt": row})


@contract.post("/known")
def audit_known() -> Response:
    """Tell which of these are missing here or differ."""
    asked = {item["submissionId"]: item["digest"] for item in api_request.read(request, "Known")["ids"]}
    missing, different = _done(lambda db: submissions.known(db, _caller(), asked))
    return _answer({"missing": missing, "different": different})


@contract.get("/changes")
def list_changes() -> Response:
    """Give the changes since a cursor; a cursor of another store is 410."""
    limit = request.args.get("limit", _LIMIT, type=int)
    page = _done(lambda db: _page(db, limit))
    if page is None:
        raise Problem("restored")
    return _answer({"items": page.items, "cursor": page.cursor, "more": page.has_more})


@contract.route("/files/<sha256>", methods=["HEAD"])
def head_file(sha256: str) -> Response:
    """Tell how much of a file is here of this kiosk."""
    named = _file(sha256)
    held = _done(lambda db: files.find(db, named))
    if held is None:
        raise Problem("not-found")
    said = {"Upload-Offset": str(held.held), "Upload-Complete": "?1" if held.is_whole else "?0"}
    return Response(status=200, headers=said)


@contract.patch("/files/<sha256>")
def append_file(sha256: str) -> Response:
    """Take a piece of a file; with the last one its hash is checked."""
    named = _file(sha256)
    piece = api_request.piece_in(request, files.LARGEST_PIECE)
    taken = _done(lambda db: _take_piece(db, named, piece))
    if taken.word in ("too-large", "hash"):
        raise Problem(taken.word)
    if taken.word == "offset":
        answer = problem_answer(Problem("offset"))
    else:
        answer = Response(status=201 if taken.word == "whole" else 204)
    answer.headers["Upload-Offset"] = str(taken.offset)
    return answer


def _file(sha256: str) -> files.Name:
    if not _SHA256.fullmatch(sha256):
        raise Problem("upload")
    return files.Name(_caller().kiosk_id, sha256)


def _take_piece(db: Connection, named: files.Name, piece: Piece) -> files.Taken:
    now = context().settings.now()
    taken = files.append(db, named, piece, now)
    if taken.word == "whole":
        forwarding.has_come(db, named.kiosk_id, documents.receipts_with_file(db, named.kiosk_id, named.sha256), now)
    return taken


def _page(db: Connection, limit: int) -> feed.Page | None:
    """Read a page of the feed; None when the cursor is not of this store, after noting what that proves."""
    page = feed.read(db, _caller(), g.epoch, request.args.get("cursor", ""), limit)
    if page == "forgotten":
        epochs.renew_epoch(db, g.epoch, context().settings.now(), context().settings.token)
        _note_epoch(db)
    return page if isinstance(page, feed.Page) else None


def _done(work: Callable[[Connection], Found]) -> Found:
    """Do a piece of work of this request as one transaction."""
    return database.run_transaction(context().engine, work)


def _take_each(shape: Literal["Submissions", "Events"], take: Take) -> Response:
    said = api_request.read(request, shape)
    items = said[shape.lower()]
    aside = said.get("setAside", [])
    settings = context().settings
    mode = "practice" if settings.practice else "live"
    desk = Desk(_caller(), settings.now(), mode, refuses=context().faults.current == "invalid")
    results = _done(lambda db: take(db, desk, items, aside))
    for outcome, times in Counter(result["outcome"] for result in results).items():
        context().metrics.results.labels(shape.lower().rstrip("s"), outcome).inc(times)
    return _answer({"results": results})


@contract.before_request
def know_the_caller() -> None:
    """Let nobody in who did not sign; only the greeting and an enrolment come before that."""
    if request.endpoint in ("contract.hello", "contract.enrol"):
        return
    if context().faults.current == "401":
        raise Problem("unknown-key")
    g.kiosk = database.run_transaction(context().auth_engine, _recognised)


def _recognised(db: Connection) -> Kiosk:
    """Tell whose request this is, and use its mark up."""
    now = context().settings.now()
    rows: list[Row[Any]] = []
    troubles: list[DBAPIError] = []

    def key(name: str) -> bytes | None:
        try:
            rows.extend(filter(None, [kiosks.find(db, name)]))
        except DBAPIError as trouble:
            troubles.append(trouble)
        return rows[-1].public_key if rows else None

    try:
        who = api_request.signed_by(request, key, now)
    except Problem:
        # Whoever asks for a key takes every exception for a signature that is wrong: a kiosk would stop and give alarm.
        if troubles:
            raise troubles[0] from None
        raise
    g.epoch = context().last_epoch = rows[-1].epoch
    kiosks.use_nonce(db, who.key_id, who.nonce, now)
    return kiosks.greet(db, rows[-1], now)


def _caller() -> Kiosk:
    kiosk: Kiosk = g.kiosk
    return kiosk


def install(app: Flask) -> None:
    """Put the addresses into an app, and the marks of the protocol onto every answer below them."""
    app.register_blueprint(contract)
    app.before_request(_note_beginning)
    app.after_request(_mark)
    for error in (OperationalError, InterfaceError):
        app.register_error_handler(error, _away)


def is_ours() -> bool:
    """Tell whether this request is for the contract."""
    return request.path.startswith(BASE + "/")


def problem_answer(problem: Problem) -> Response:
    """Write a refusal as RFC 9457 has it."""
    return plain_problem(problem.status, problem.kind, problem.title, errors=in_words(problem.errors))


def plain_problem(status: int, kind: str, title: str, **more: Any) -> Response:
    """Write any refusal; the kiosk's clock is put right by ``serverTime``."""
    said = {"type": f"/problems/{kind}", "title": title, "status": status, "serverTime": _time(), **more}
    return Response(json.dumps(said, ensure_ascii=False), status, content_type="application/problem+json")


def _answer(said: dict[str, Any], status: int = 200) -> Response:
    whole = {"protocol": PROTOCOL, "epoch": _epoch(), "serverTime": _time(), **said}
    return Response(json.dumps(whole, ensure_ascii=False), status, content_type="application/json")


def _time() -> str:
    return timestamp(context().settings.now())


def _note_beginning() -> None:
    if is_ours():
        g.began = time.monotonic()


def _note_epoch(db: Connection) -> None:
    """Remember the epoch of this request's answer."""
    g.epoch = context().last_epoch = epochs.current_epoch(db)


def _epoch() -> str:
    """Give the epoch; the last one that was known while the database is away."""
    if "epoch" not in g:
        try:
            with context().engine.begin() as db:
                _note_epoch(db)
        except (OperationalError, InterfaceError):
            g.epoch = context().last_epoch
    found: str = g.epoch
    return found


def _away(error: OperationalError | InterfaceError) -> Response:
    """Answer for a database that is away or in trouble: to come back later costs a kiosk no form."""
    _log.warning("database is away", extra={"sqlstate": getattr(error.orig, "sqlstate", None)})
    g.setdefault("epoch", context().last_epoch)
    if not is_ours():
        return Response(render_template("sorry.html", status=503), 503, {"Retry-After": str(_AWAY_SECONDS)})
    answer = problem_answer(Problem("away"))
    answer.headers["Retry-After"] = str(_AWAY_SECONDS)
    return answer


def _mark(answer: Response) -> Response:
    if not is_ours():
        return answer
    answer.headers["Sync-Protocol"] = PROTOCOL
    answer.headers["Sync-Epoch"] = _epoch()
    context().metrics.requests.labels(str(request.endpoint), str(answer.status_code)).inc()
    context().metrics.seconds.observe(time.monotonic() - g.began)
    answer.headers["Cache-Control"] = "no-store"
    content = answer.get_data()
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(content) > 512:
        answer.set_data(gzip.compress(content, compresslevel=6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _in_camel(facts: dict[str, Any]) -> dict[str, Any]:
    return {_camel(name): value for name, value in facts.items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
