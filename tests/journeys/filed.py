"""What must stand in the store after a Submit, and a body that fits the published contract."""

import hashlib
import json
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

import printers.spool
import sync.outbox
from kiosk.config import ROOT
from kiosk.context import Context
from kiosk.records import audit, submissions, tickets
from kiosk.records.submissions import Submission


def only(context: Context) -> Submission:
    """The one submission of today."""
    with context.store.read() as db:
        found = submissions.of_day(db, context.clock.today())
    assert len(found) == 1
    return found[0]


def opened(context: Context, found: Submission) -> dict[str, Any]:
    """A submission's body, opened; its bytes are those of the digest."""
    with context.store.read() as db:
        sealed = submissions.body(db, found.id)
    assert sealed is not None
    body = context.vault.open(submissions.BODY, found.id, sealed)
    assert hashlib.sha256(body).hexdigest() == found.digest
    table: dict[str, Any] = json.loads(body)
    return table


def whole(context: Context, letter: str) -> dict[str, Any]:
    """Everything that hangs on the one submission is there; return its opened body."""
    found = only(context)
    with context.store.read() as db:
        ticket = tickets.of_submission(db, found.id)
        standing = sync.outbox.standing(db, found.id)
        jobs = printers.spool.of_subject(db, found.id)
        lines = [line.act for _at, line in audit.of_subject(db, found.id)]
        assert audit.verify(db, context.audit_key()) is None
        left = [row["n"] for row in db.query("select count(*) as n from drafts")]
    assert ticket is not None
    assert ticket.series == letter
    assert standing is not None
    assert standing.state == "todo"
    assert [(job.kind, job.state) for job in jobs] == [("slip", "queued")]
    assert lines == ["submit"]
    assert left == [0]
    body = opened(context, found)
    contract().validate(body)
    assert body["receiptNo"] == found.receipt_no
    assert body["submissionId"] == found.id
    return body


@cache
def contract() -> Draft202012Validator:
    """The schema of a body in docs/kiosk-sync-1.yaml."""
    published = yaml.safe_load((ROOT / "docs" / "kiosk-sync-1.yaml").read_text("utf-8"))
    schema = {"$ref": "#/components/schemas/Submission", "components": published["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())
