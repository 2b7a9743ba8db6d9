"""Expected state of the store after a Submit, and the body that must fit the published contract."""

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

import printers.spool
import sync.outbox
from kiosk.config import ROOT
from kiosk.context import Context
from kiosk.records import audit, submissions, tickets
from kiosk.records.submissions import Submission

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator


def only_submission(context: Context) -> Submission:
    """Return the only submission of today."""
    with context.store.read() as db:
        (submission,) = submissions.of_day(db, context.clock.today())
    return submission


def opened_body(context: Context, submission: Submission) -> dict[str, Any]:
    """Return the decrypted body of a submission, after a check of its digest."""
    with context.store.read() as db:
        sealed = submissions.body(db, submission.id)
    assert sealed is not None
    body = context.vault.open(submissions.BODY, submission.id, sealed)
    assert hashlib.sha256(body).hexdigest() == submission.digest
    table: dict[str, Any] = json.loads(body)
    return table


def checked_body(context: Context, letter: str) -> dict[str, Any]:
    """Check ticket, outbox row, print job and audit line of the only submission; return its decrypted body."""
    submission = only_submission(context)
    with context.store.read() as db:
        ticket = tickets.of_submission(db, submission.id)
        status = sync.outbox.status_of(db, submission.id)
        jobs = printers.spool.of_subject(db, submission.id)
        lines = [line.act for _at, line in audit.of_subject(db, submission.id)]
        assert audit.verify(db, context.audit_key()) is None
        drafts = [row["n"] for row in db.query("select count(*) as n from drafts")]
    assert ticket is not None
    assert ticket.series == letter
    assert status is not None
    assert status.state == "todo"
    assert [(job.kind, job.state) for job in jobs] == [("slip", "queued")]
    assert lines == ["submit"]
    assert drafts == [0]
    body = opened_body(context, submission)
    body_validator().validate(body)
    assert body["receiptNo"] == submission.receipt_no
    assert body["submissionId"] == submission.id
    return body


@cache
def body_validator() -> "Draft202012Validator":
    """Return the validator of a body, from docs/kiosk-sync-1.yaml.

    Its package builds grammars for 2 s, so it is imported here.
    """
    from jsonschema import Draft202012Validator, FormatChecker

    published = yaml.safe_load((ROOT / "docs" / "kiosk-sync-1.yaml").read_text("utf-8"))
    schema = {"$ref": "#/components/schemas/Submission", "components": published["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())
