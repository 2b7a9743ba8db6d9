"""The board on the wall: which number is called to which counter. Numbers only, never a name, and nobody signs in.

The page asks once a second with the version it shows; while nothing has changed the answer is the time of day, so that
twenty boards cost next to nothing. Each call carries the addresses of its clips; the page says them (static/voice.js).
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from kiosk import clock, voice
from kiosk.config import Config
from kiosk.pages.access import context, for_
from kiosk.queue import snapshot
from kiosk.queue.snapshot import Board, BoardCounter
from kiosk.records import queue_stats

display = Blueprint("display", __name__)
DIAGONAL = (1920**2 + 1080**2) ** 0.5  # of the drawing, in its pixels
SMALL = 500  # millimetres of diagonal: below it a number of 60 mm needs the room of the list
CLIP_SECONDS = 24 * 3600


@display.get("/", defaults={"counter": None})
@display.get("/<int:counter>")
@for_("anyone")
def board(counter: int | None) -> str:
    """Show the board of all counters, or of one."""
    config = context().config
    if counter is not None and config.counter(counter) is None:
        abort(404)
    return render_template(
        "display/board.html", ward=config.ward, practice=config.kiosk.practice, counter=counter,
        is_small=config.board.mm < SMALL,
    )  # fmt: skip


@display.get("/board.css")
@for_("anyone")
def measure() -> Response:
    """Return how many of the drawing's pixels a millimetre has on this ward's board."""
    return Response(f":root{{--mm:{DIAGONAL / context().config.board.mm:.3f}}}", mimetype="text/css")


@display.get("/now", defaults={"counter": None})
@display.get("/<int:counter>/now")
@for_("anyone")
def now(counter: int | None) -> tuple[Response, int]:
    """Return the time, and the picture when it is not the one of the version that was asked with."""
    here = context()
    if counter is not None and here.config.counter(counter) is None:
        return jsonify(), 404  # not the page of a lost citizen: it would begin a visit every second
    at = clock.local(here.clock.now())
    told: dict[str, Any] = {"time": f"{at.hour}:{at:%M}"}
    with here.store.read() as db:
        told["version"] = f"{at:%Y%m%d}.{queue_stats.version(db)}"
        if told["version"] != request.args.get("version"):
            told |= _picture(here.config, snapshot.board(db, here.config, at.date()), counter)
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200


def _picture(config: Config, found: Board, counter: int | None) -> dict[str, Any]:
    """Return what a board shows and says: calls that stand, oldest first; the last ones, newest first."""
    of_board = [one for one in found.counters if counter in {None, one.counter}]
    standing = sorted((one for one in of_board if one.state == "called" and one.seq), key=lambda one: one.seq)
    last = [{"label": one.label, "counter": one.counter} for one in found.last if counter in {None, one.counter}]
    return {
        "newest": max((one.seq for one in found.last), default=0),
        "calls": [_call(config, one) for one in standing],
        "last": last,
        "here": _here(of_board[0]) if counter is not None else None,
        "waiting": _waiting(config, found.waiting),
    }


def _call(config: Config, shown: BoardCounter) -> dict[str, Any]:
    within = voice.folder(config)
    clips = voice.sayable(within, voice.clips_of_call(shown.label or "", shown.counter))
    changed = {clip: file.stat().st_mtime_ns for clip in set(clips) if (file := voice.find(within, clip))}
    addresses = [url_for("display.clip", name=clip, v=changed.get(clip, 0)) for clip in clips]
    return {"seq": shown.seq, "label": shown.label, "counter": shown.counter, "clips": addresses}


def _here(shown: BoardCounter) -> dict[str, Any]:
    idle = "Xin chờ gọi số" if shown.is_open else "Quầy đang nghỉ"
    return {"label": shown.label, "counter": shown.counter, "idle": idle}


def _waiting(config: Config, counts: Mapping[str, int]) -> list[str]:
    """Return how many wait for what: by name and, should that not fit into one line, by the letter on the ticket."""
    there = [(one, counts[one.letter]) for one in config.series if counts.get(one.letter)]
    if not there:
        return [""]
    named = ", ".join(f"{one.name} {count}" for one, count in there)
    lettered = ", ".join(f"{one.letter} {count}" for one, count in there)
    return [f"Đang chờ: {named}", f"Đang chờ: {lettered}"]


@display.get("/voice/<name>.wav")
@for_("anyone")
def clip(name: str) -> Response:
    """Return a clip; its address changes with the file."""
    file = voice.find(voice.folder(context().config), name)
    if file is None:
        return Response(status=404)
    answer = Response(file.read_bytes(), mimetype="audio/wav")
    answer.headers["Cache-Control"] = f"max-age={CLIP_SECONDS}"
    return answer
