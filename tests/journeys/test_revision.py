"""A form corrected by an officer, over real sockets: the gateway has all revisions, and the last one counts."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import correcting
from kiosk.acts.correcting import CorrectionInput
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.worker import Worker
from sync.gateway.sealing import BODY, Sealer
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.test_line import delivery, gateway, practice, printer, work, worker  # noqa: F401 - fixtures
from tests.journeys.walker import Walker


def _correct(context: Context, name: str) -> None:
    base = open_submission(context, submission_checks.only_submission(context).id)
    assert base is not None
    correcting.update_draft(context, base, actor="CB01", change=lambda draft: draft.put("con_ho_ten", name))
    assert correcting.write(
        context, base, seen=base.submission.id, correction_input=CorrectionInput("CB01", "said", read_back=True)
    )


def _held(folder: Path) -> list[dict[str, Any]]:
    sealer = Sealer(folder / "gateway.key")
    with closing(sqlite3.connect(folder / "gateway.db")) as db:
        rows = db.execute("select submission_id, body from submissions order by form_revision").fetchall()
    return [json.loads(sealer.open(BODY, submission_id, body)) for submission_id, body in rows]


@pytest.mark.parametrize("sent_first", [True, False])
def test_the_gateway_has_both_revisions(
    walker: Walker,
    worker: Worker,  # noqa: F811
    tmp_path: Path,
    sent_first: bool,
) -> None:
    submit(birth_until_check(walker))
    context = worker.context
    if sent_first:
        work(worker)
    _correct(context, "Trần Nguyễn Bảo Châu")
    _correct(context, "Trần Nguyễn Bảo Chi")
    work(worker, 20)
    assert delivery(context) == "confirmed"
    bodies = _held(tmp_path)
    assert [body["revision"] for body in bodies] == [1, 2, 3]
    assert [body["supersedes"] for body in bodies] == [None, *(body["submissionId"] for body in bodies[:2])]
    assert len({body["receiptNo"] for body in bodies}) == 1
    assert bodies[2]["form"]["answers"]["con_ho_ten"] == "Trần Nguyễn Bảo Chi"
    assert bodies[2]["assistance"]["officer"] == "CB01"
