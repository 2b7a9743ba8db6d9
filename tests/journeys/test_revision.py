"""A form that an officer corrects, over real sockets: the gateway holds both revisions, the last one stands."""

import json
from typing import Any

import pytest
from flask import Flask

from kiosk.acts import correcting
from kiosk.acts.correcting import Helped
from kiosk.papers.opened import open_submission
from kiosk.room import Room
from kiosk.worker import Worker
from sync.gateway import Gateway
from tests.journeys import filed
from tests.journeys.people import birth_until_check, hand_in
from tests.journeys.test_line import delivery, fault, gateway, practice, printer, work, worker  # noqa: F401 - fixtures
from tests.journeys.walker import Walker


def _correct(room: Room, name: str) -> None:
    base = open_submission(room, filed.only(room).id)
    assert base is not None
    correcting.answer(room, base, "CB01", lambda draft: draft.put("con_ho_ten", name))
    assert correcting.write(room, base, base.submission.id, Helped("CB01", "said", read_back=True))


def _held(gateway: Gateway) -> list[dict[str, Any]]:  # noqa: F811
    with gateway.engine.connect() as db:
        rows = db.exec_driver_sql("select body from submissions order by form_revision").fetchall()
    return [json.loads(body) for (body,) in rows]


@pytest.mark.parametrize("sent_first", [True, False])
def test_the_gateway_holds_both_revisions(
    app: Flask,
    walker: Walker,
    worker: Worker,  # noqa: F811
    gateway: Gateway,  # noqa: F811
    sent_first: bool,
) -> None:
    hand_in(birth_until_check(walker))
    room = worker.room
    if sent_first:
        work(worker)
    _correct(room, "Trần Nguyễn Bảo Châu")
    _correct(room, "Trần Nguyễn Bảo Chi")
    work(worker, 20)
    assert delivery(room) == "confirmed"
    bodies = _held(gateway)
    assert [one["revision"] for one in bodies] == [1, 2, 3]
    assert [one["supersedes"] for one in bodies] == [None, *(one["submissionId"] for one in bodies[:2])]
    assert len({one["receiptNo"] for one in bodies}) == 1
    assert bodies[2]["form"]["answers"]["con_ho_ten"] == "Trần Nguyễn Bảo Chi"
    assert bodies[2]["assistance"]["officer"] == "CB01"
