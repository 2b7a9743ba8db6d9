"""A form that an officer corrects, over real sockets: the gateway holds both revisions, the last one stands."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import correcting
from kiosk.acts.correcting import Helped
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.worker import Worker
from tests.journeys import filed
from tests.journeys.people import birth_until_check, hand_in
from tests.journeys.test_line import delivery, gateway, practice, printer, work, worker  # noqa: F401 - fixtures
from tests.journeys.walker import Walker


def _correct(context: Context, name: str) -> None:
    base = open_submission(context, filed.only(context).id)
    assert base is not None
    correcting.answer(context, base, "CB01", lambda draft: draft.put("con_ho_ten", name))
    assert correcting.write(context, base, base.submission.id, Helped("CB01", "said", read_back=True))


def _held(folder: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(folder / "gateway.db")) as db:
        rows = db.execute("select body from submissions order by form_revision").fetchall()
    return [json.loads(body) for (body,) in rows]


@pytest.mark.parametrize("sent_first", [True, False])
def test_the_gateway_holds_both_revisions(
    walker: Walker,
    worker: Worker,  # noqa: F811
    tmp_path: Path,
    sent_first: bool,
) -> None:
    hand_in(birth_until_check(walker))
    context = worker.context
    if sent_first:
        work(worker)
    _correct(context, "Trần Nguyễn Bảo Châu")
    _correct(context, "Trần Nguyễn Bảo Chi")
    work(worker, 20)
    assert delivery(context) == "confirmed"
    bodies = _held(tmp_path)
    assert [one["revision"] for one in bodies] == [1, 2, 3]
    assert [one["supersedes"] for one in bodies] == [None, *(one["submissionId"] for one in bodies[:2])]
    assert len({one["receiptNo"] for one in bodies}) == 1
    assert bodies[2]["form"]["answers"]["con_ho_ten"] == "Trần Nguyễn Bảo Chi"
    assert bodies[2]["assistance"]["officer"] == "CB01"
