"""HTTP endpoints of kiosk-sync/1, for kiosks only; docs/kiosk-sync-1.yaml is their contract.

Every answer below the base path carries the protocol and the epoch, whatever its status: a kiosk ignores an answer
without them. A request is one transaction, and its answer is written after the commit.
"""

import gzip
import hashlib
import json
import logging
import math
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

from flask import Blueprint, Flask, Response, g, render_template, request
from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError

from sync import signature
from sync.encoding import timestamp
from sync.gateway import (
    allowed_releases,
    api_request,
    audit_heads,
    database,
    documents,
    enrolment_tries,
    epochs,
    events,
    feed,
    files,
    forwarding,
    kiosk_reports,
    kiosks,
    message_consents,
    message_counts,
    need_lists,
    opinions,
    queues,
    receipt_numbers,
    submissions,
    trail_reports,
)
from sync.gateway.context import context
from sync.gateway.database import ResultT
from sync.gateway.kiosks import Kiosk, Restores
from sync.gateway.message_port import OCCASIONS
from sync.gateway.message_senders import read_prices
from sync.gateway.problems import Problem, errors_json
from sync.gateway.replication import StandbyAway
from sync.gateway.settings import Enrolment
from sync.gateway.submissions import BatchContext, ReceiveBatch
from sync.parcel import FileChunk
from sync.portals.kiosk_sync import BASE, PROTOCOL
from sync.versions import is_older, version_of_agent

_log = logging.getLogger(__name__)

contract = Blueprint("contract", __name__, url_prefix=BASE)

_DEFAULT_LIMIT = 100
_RETRY_AFTER_SECONDS = 30
_MIN_GZIP_BYTES = 512
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@contract.get("/hello")
def hello() -> Response:
    """Return time, epoch and limits; this request is never signed."""
    minimum = context().settings.minimum_version
    members: dict[str, Any] = {"status": "ok", "signedRestores": True}
    members |= {"batchLimit": api_request.BATCH_LIMIT, "bytesLimit": api_request.BYTES_LIMIT}
    return _json_response(members | ({"minimumVersion": minimum} if minimum else {}))


@contract.post("/kiosks")
def enrol() -> Response:
    """Enrol the key that signed this request; a stranger's request is limited before any work is done for it."""
    public_key = api_request.find_public_key(request)
    address = enrolment_tries.network_of(request.remote_addr or "")
    now = context().settings.now()
    seconds = _transaction(lambda db: enrolment_tries.count_try(db, address, now))
    if seconds:
        raise Problem("rate", retry_after=math.ceil(seconds))
    own_key_id = signature.key_id(public_key)
    verified = api_request.verify_signature(request, lambda name: public_key if name == own_key_id else None, now)
    _transaction(lambda db: kiosks.record_nonce(db, key_id=verified.key_id, nonce=verified.nonce, now=now))
    enrolment = api_request.read_enrolment(request, public_key)
    restores = api_request.read_restores(request, verified)
    outcome = _transaction(lambda db: _enrol(db, enrolment, public_key=public_key, restores=restores, address=address))
    return _json_response({"keyId": verified.key_id}, 201 if outcome == "created" else 200)


@contract.get("/catalogue")
def catalogue() -> Response:
    """Return the form versions that are accepted for a unit."""
    unit = request.args.get("unitCode", "")
    if unit != _calling_kiosk().unit_code:
        raise Problem("foreign-unit")
    forms = [_camel_keys(asdict(form)) for form in context().settings.catalogue]
    etag = f'"{hashlib.sha256(json.dumps([unit, forms], sort_keys=True).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return Response(status=304)
    response = _json_response({"unitCode": unit, "procedures": forms})
    response.headers["ETag"] = etag
    return response


@contract.post("/submissions")
def send_submissions() -> Response:
    """Receive 1 to 50 submissions; return one result for each."""
    return _receive("Submissions", submissions.receive_submissions)


@contract.post("/events")
def send_events() -> Response:
    """Receive events of the desk; return one result for each."""
    return _receive("Events", events.receive_events)


@contract.get("/submissions/<submission_id>")
def get_submission(submission_id: str) -> Response:
    """Return the receipt of a submission of this kiosk."""
    receipt = _transaction(lambda db: submissions.find_receipt(db, _calling_kiosk(), submission_id))
    if receipt is None:
        raise Problem("not-found")
    return _json_response({"receipt": receipt})


@contract.post("/known")
def audit_known() -> Response:
    """Return which of the named submissions and events are missing here, and which submissions differ."""
    question = api_request.read_json(request, "Known", api_request.KNOWN_BYTES_LIMIT)
    missing, different = _transaction(lambda db: _compare_known(db, question))
    return _json_response({"missing": missing, "different": different})


@contract.get("/changes")
def list_changes() -> Response:
    """Return the changes since a cursor; a cursor of another store is 410."""
    limit = request.args.get("limit", _DEFAULT_LIMIT, type=int)
    page = _transaction(lambda db: _read_page(db, limit))
    if page is None:
        raise Problem("restored")
    payments = {"payments": page.payments} if page.payments else {}
    return _json_response({"items": page.items, "cursor": page.cursor, "more": page.has_more} | payments)


@contract.get("/numbers")
def list_numbers() -> Response:
    """Return the highest receipt number of each recent day that is known of this kiosk."""
    now = context().settings.now()
    highest = _transaction(lambda db: receipt_numbers.highest_by_day(db, _calling_kiosk().kiosk_id, now))
    return _json_response({"items": [{"day": day.isoformat(), "last": last} for day, last in highest.items()]})


@contract.post("/report")
def send_report() -> Response:
    """Store the state of the kiosk; return the releases that it may take."""
    report = api_request.read_json(request, "KioskReport", api_request.REPORT_BYTES_LIMIT)
    now = context().settings.now()
    return _json_response(_transaction(lambda db: _record_report(db, report, now)))


@contract.put("/need-list")
def put_need_list() -> Response:
    """Store what the procedures of the kiosk's ward need, in place of the list before."""
    body = api_request.read_json(request, "NeedList", api_request.NEED_LIST_BYTES_LIMIT)
    now = context().settings.now()
    digest = _transaction(lambda db: need_lists.store_list(db, _calling_kiosk(), body, now))
    return _json_response({"needList": {"digest": digest}})


@contract.put("/queue")
def put_queue() -> Response:
    """Store the queue of the kiosk, for the status pages; it waits for no disk, because it is worth nothing later."""
    queue = api_request.read_json(request, "Queue", api_request.QUEUE_BYTES_LIMIT)
    kiosk = _calling_kiosk()
    now = context().settings.now()
    database.run_transaction(
        context().auth_engine,
        lambda db: queues.record_queue(db, kiosk, queue, posted_at=g.signed_at, now=now),
    )
    return _json_response({})


@contract.route("/files/<sha256>", methods=["HEAD"])
def head_file(sha256: str) -> Response:
    """Return how much of a file of this kiosk is stored here."""
    key = _file_key(sha256)
    file = _transaction(lambda db: files.find_file(db, key))
    if file is None:
        raise Problem("not-found")
    headers = {"Upload-Offset": str(file.held), "Upload-Complete": "?1" if file.is_whole else "?0"}
    return Response(status=200, headers=headers)


@contract.patch("/files/<sha256>")
def append_file(sha256: str) -> Response:
    """Append a piece to a file; the hash is checked with the last one."""
    key = _file_key(sha256)
    piece = api_request.read_piece(request, files.MAX_PIECE_BYTES)
    result = _transaction(lambda db: _append_piece(db, key, piece))
    if result.outcome in ("too-large", "hash"):
        raise Problem(result.outcome)
    if result.outcome == "offset":
        response = problem_response(Problem("offset"))
    else:
        response = Response(status=201 if result.outcome == "whole" else 204)
    response.headers["Upload-Offset"] = str(result.offset)
    return response


def _enrol(
    db: Connection, enrolment: Enrolment, *, public_key: bytes, restores: Restores, address: str
) -> Literal["created", "known"]:
    now = context().settings.now()
    outcome = kiosks.enrol(db, enrolment=enrolment, public_key=public_key, now=now, restores=restores)
    enrolment_tries.forget_tries(db, address)
    return outcome


def _compare_known(db: Connection, question: dict[str, Any]) -> tuple[list[str], list[str]]:
    digests = {item["submissionId"]: item["digest"] for item in question["ids"]}
    missing, different = submissions.compare_digests(db, _calling_kiosk(), digests)
    return missing + events.find_missing(db, _calling_kiosk().kiosk_id, question.get("events", [])), different


def _record_report(db: Connection, report: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Store a report; return the releases that the kiosk may take, its need list here, and a line of the trail."""
    kiosk = _calling_kiosk()
    stored = kiosk_reports.record_report(db, kiosk, report, now)
    release = allowed_releases.handle_report(db, kiosk.kiosk_id, stored, now)
    held = need_lists.confirm(db, kiosk, report.get("needList", {}).get("digest", ""), now)
    kept_line = report.get("trailHeld")
    trail = {"trail": trail_reports.show_line(db, kiosk, kept_line["line"])} if kept_line else {}
    return {"release": release, "needList": {"digest": held} if held else {}} | trail | _message_offer(db, now)


def _message_offer(db: Connection, now: datetime) -> dict[str, Any]:
    """Return that messages are sent, this month's counts and ended consents; nothing where none are sent."""
    settings = context().settings
    if not settings.sends_messages:
        return {}
    kiosk = _calling_kiosk()
    month = message_counts.month_of_unit(db, kiosk.unit_code, read_prices(settings.send_messages), now)
    ended = message_consents.list_ended(db, kiosk.kiosk_id, now)
    return {"messages": {"occasions": list(OCCASIONS), "month": month} | ({"ended": ended} if ended else {})}


def _file_key(sha256: str) -> files.FileKey:
    if not _SHA256.fullmatch(sha256):
        raise Problem("upload")
    return files.FileKey(_calling_kiosk().kiosk_id, sha256)


def _append_piece(db: Connection, key: files.FileKey, piece: FileChunk) -> files.AppendResult:
    now = context().settings.now()
    result = files.append_piece(db, key=key, piece=piece, now=now)
    if result.outcome == "whole":
        receipts = documents.receipts_with_file(db, key.kiosk_id, key.sha256)
        forwarding.on_files_complete(db, kiosk_id=key.kiosk_id, receipts=receipts, now=now)
    return result


def _read_page(db: Connection, limit: int) -> feed.ChangesPage | None:
    """Read a page of the feed; None when the cursor is not of this store, which may begin a new epoch."""
    page = feed.read_changes(
        db,
        kiosk=_calling_kiosk(),
        epoch=g.epoch,
        cursor=request.args.get("cursor", ""),
        limit=limit,
        reads_payments=request.args.get("payments") == "true",
    )
    if page == "restored":
        epochs.renew_epoch(db, known_epoch=g.epoch, now=context().settings.now(), token=context().settings.token)
        _note_epoch(db)
    return page if isinstance(page, feed.ChangesPage) else None


def _transaction(work: Callable[[Connection], ResultT]) -> ResultT:
    """Run `work` in one transaction; where a standby is needed, the answer to it is on two machines."""
    return context().replication.run_transaction(work)


def _receive(schema: Literal["Submissions", "Events"], receive_batch: ReceiveBatch) -> Response:
    if is_older(version_of_agent(request.headers.get("User-Agent", "")), context().settings.minimum_version):
        raise Problem("old-release")
    content = api_request.read_json(request, schema)
    items = content[schema.lower()]
    settings = context().settings
    batch = BatchContext(
        kiosk=_calling_kiosk(),
        now=settings.now(),
        mode="practice" if settings.practice else "live",
        refuses_all=context().faults.current == "invalid",
    )
    results, members = _transaction(lambda db: _receive_batch(db, batch, content, receive_batch, items=items))
    for outcome, count in Counter(result["outcome"] for result in results).items():
        context().metrics.results.labels(schema.lower().rstrip("s"), outcome).inc(count)
    return _json_response({"results": results} | members)


def _receive_batch(
    db: Connection,
    batch: BatchContext,
    content: dict[str, Any],
    receive_batch: ReceiveBatch,
    items: list[dict[str, Any]],
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Receive a batch; return its results, and what is stored now of the audit trail and of the opinions."""
    results = receive_batch(db, batch, items, content.get("setAside", []))
    held = audit_heads.record_head(db, batch.kiosk, content.get("auditHead"), g.signed_at, batch.now)
    month = opinions.record_report(db, batch.kiosk, content.get("opinions"), batch.now)
    audit_member = {} if held is None else {"auditHead": {"count": held}}
    return results, audit_member | {"opinions": {"month": month}}


@contract.before_request
def authenticate() -> None:
    """Require a valid request signature, except for the greeting and an enrolment."""
    if request.endpoint in ("contract.hello", "contract.enrol"):
        return
    if context().faults.current == "401":
        raise Problem("unknown-key")
    g.kiosk = database.run_transaction(context().auth_engine, _authenticate)


def _authenticate(db: Connection) -> Kiosk:
    """Return the kiosk that signed this request, and record its nonce."""
    now = context().settings.now()
    rows: list[Row[Any]] = []
    database_errors: list[DBAPIError] = []

    def find_key(key_id: str) -> bytes | None:
        try:
            rows.extend(filter(None, [kiosks.find_by_key(db, key_id)]))
        except DBAPIError as error:
            database_errors.append(error)
        return rows[-1].public_key if rows else None

    try:
        verified = api_request.verify_signature(request, find_key, now)
    except Problem:
        # The verifier reports any exception of `find_key` as a wrong signature: a kiosk would stop and raise an alarm.
        if database_errors:
            raise database_errors[0] from None
        raise
    g.epoch = context().last_epoch = rows[-1].epoch
    g.key_id = verified.key_id
    g.signed_at = datetime.fromtimestamp(verified.created, UTC)
    kiosks.record_nonce(db, key_id=verified.key_id, nonce=verified.nonce, now=now)
    return kiosks.admit(db, rows[-1], api_request.read_restores(request, verified), now)


def _calling_kiosk() -> Kiosk:
    kiosk: Kiosk = g.kiosk
    return kiosk


def install(app: Flask) -> None:
    """Add the endpoints to an app, and the headers of the protocol to every answer below the base path."""
    app.register_blueprint(contract)
    app.before_request(_start_timer)
    app.after_request(_finish_response)
    for error in (OperationalError, InterfaceError):
        app.register_error_handler(error, _database_unavailable)
    app.register_error_handler(InternalError, _internal_error)
    app.register_error_handler(StandbyAway, _standby_away)


def is_api_request() -> bool:
    """Return whether the current request is for the contract, not for a page."""
    return request.path.startswith(BASE + "/")


def problem_response(problem: Problem) -> Response:
    """Return a problem as a response in the format of RFC 9457."""
    response = custom_problem_response(problem.status, problem.kind, problem.title, errors=errors_json(problem.errors))
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def custom_problem_response(status: int, kind: str, title: str, **members: Any) -> Response:
    """Return any problem as a response; the kiosk corrects its clock by `serverTime`."""
    content = {"type": f"/problems/{kind}", "title": title, "status": status, "serverTime": _server_time(), **members}
    return Response(json.dumps(content, ensure_ascii=False), status, content_type="application/problem+json")


def _json_response(members: dict[str, Any], status: int = 200) -> Response:
    content = {"protocol": PROTOCOL, "epoch": _current_epoch(), "serverTime": _server_time(), **members}
    return Response(json.dumps(content, ensure_ascii=False), status, content_type="application/json")


def _server_time() -> str:
    return timestamp(context().settings.now())


def _start_timer() -> None:
    if is_api_request():
        g.began = time.monotonic()


def _note_epoch(db: Connection) -> None:
    """Read the epoch for the answer to this request."""
    g.epoch = context().last_epoch = epochs.current_epoch(db)


def _current_epoch() -> str:
    """Return the epoch; the last known one while the database is unavailable."""
    if "epoch" not in g:
        try:
            with context().engine.begin() as db:
                _note_epoch(db)
        except (OperationalError, InterfaceError):
            g.epoch = context().last_epoch
    epoch: str = g.epoch
    return epoch


def _database_unavailable(error: DBAPIError) -> Response:
    """Answer 503 with Retry-After while the database is unavailable: it costs a kiosk no submission an attempt."""
    _log.warning("database unavailable", extra={"sqlstate": getattr(error.orig, "sqlstate", None)})
    return _away_response()


def _internal_error(error: InternalError) -> Response:
    """Answer 503 while a connection leads to a standby; the next request looks for the primary again."""
    if not database.is_standby_error(error):
        raise error
    for engine in (context().engine, context().auth_engine):
        engine.dispose()
    return _database_unavailable(error)


def _standby_away(_error: StandbyAway) -> Response:
    """Answer 503 with Retry-After while no standby would have the answer too: kiosks keep everything."""
    _log.warning("standby away")
    return _away_response()


def _away_response() -> Response:
    g.setdefault("epoch", context().last_epoch)
    if is_api_request():
        response = problem_response(Problem("away"))
    else:
        page = render_template("sorry.html", status=503, database_state=context().replication.read_state())
        response = Response(page, 503)
    response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return response


def _finish_response(response: Response) -> Response:
    """Add the headers of the protocol, count the answer, and compress it when the kiosk accepts gzip."""
    if not is_api_request():
        return response
    response.headers["Sync-Protocol"] = PROTOCOL
    response.headers["Sync-Epoch"] = _current_epoch()
    if "key_id" in g:
        response.headers["Sync-Key-Id"] = g.key_id
    context().metrics.requests.labels(str(request.endpoint), str(response.status_code)).inc()
    context().metrics.seconds.observe(time.monotonic() - g.began)
    response.headers["Cache-Control"] = "no-store"
    content = response.get_data()
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(content) > _MIN_GZIP_BYTES:
        response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _camel_keys(values: dict[str, Any]) -> dict[str, Any]:
    return {_camel_case(name): value for name, value in values.items()}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
