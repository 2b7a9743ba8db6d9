"""Board on the wall: the ticket that is called to each counter. No names, no sign-in.

The page polls once a second with the version that it shows. While nothing has changed the answer is only the time of
day, so that twenty boards cost next to nothing. Each call carries the URLs of its clips; static/voice.js plays them.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from kiosk import clock, voice
from kiosk.config import Config
from kiosk.pages.access import allow, context
from kiosk.queue import snapshot
from kiosk.queue.snapshot import Board, BoardCounter
from kiosk.records import queue_stats

board = Blueprint("board", __name__)
DIAGONAL = (1920**2 + 1080**2) ** 0.5
"""Diagonal of the drawing, in its pixels."""
SMALL = 500
"""Millimetres of diagonal. On a smaller board a number of 60 mm needs the space of the list."""
CLIP_SECONDS = 24 * 3600


@board.get("/", defaults={"counter": None})
@board.get("/<int:counter>")
@allow("anyone")
def show(counter: int | None) -> str:
    """Show the board of all counters, or of one."""
    config = context().config
    if counter is not None and config.counter(counter) is None:
        abort(404)
    return render_template(
        "board/board.html",
        ward=config.ward,
        practice=config.kiosk.practice,
        counter=counter,
        is_small=config.board.mm < SMALL,
    )


@board.get("/board.css")
@allow("anyone")
def measure() -> Response:
    """Return the number of drawing pixels in a millimetre of this ward's board, as CSS."""
    return Response(f":root{{--mm:{DIAGONAL / context().config.board.mm:.3f}}}", mimetype="text/css")


@board.get("/now", defaults={"counter": None})
@board.get("/<int:counter>/now")
@allow("anyone")
def now(counter: int | None) -> tuple[Response, int]:
    """Return the time, and the board's content unless the request names its version."""
    config = context().config
    if counter is not None and config.counter(counter) is None:
        return jsonify(), 404  # the usual 404 page would start a session every second
    local_time = clock.local(context().clock.now())
    answer: dict[str, Any] = {"time": f"{local_time.hour}:{local_time:%M}"}
    with context().store.read() as db:
        answer["version"] = f"{local_time:%Y%m%d}.{queue_stats.version(db)}"
        if answer["version"] != request.args.get("version"):
            answer |= _content(config, snapshot.board(db, config, local_time.date()), counter)
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-store"
    return response, 200


def _content(config: Config, content: Board, counter: int | None) -> dict[str, Any]:
    """Return the current calls, oldest first, and the last ones, newest first; of one counter or all."""
    shown = [row for row in content.counters if counter in {None, row.counter}]
    calls = sorted((row for row in shown if row.state == "called" and row.seq), key=lambda row: row.seq)
    last = [{"label": call.label, "counter": call.counter} for call in content.last if counter in {None, call.counter}]
    return {
        "newest": max((call.seq for call in content.last), default=0),
        "calls": [_call(config, row) for row in calls],
        "last": last,
        "here": _own_counter(shown[0]) if counter is not None else None,
        "waiting": _waiting_lines(config, content.waiting),
    }


def _call(config: Config, row: BoardCounter) -> dict[str, Any]:
    folder = voice.clips_folder(config)
    clips = voice.playable_clips(folder, voice.clips_of_call(row.label or "", row.counter))
    versions = {name: file.stat().st_mtime_ns for name in set(clips) if (file := voice.find_clip(folder, name))}
    urls = [url_for("board.clip", name=name, v=versions.get(name, 0)) for name in clips]
    return {"seq": row.seq, "label": row.label, "counter": row.counter, "clips": urls}


def _own_counter(row: BoardCounter) -> dict[str, Any]:
    idle = "Xin chờ gọi số" if row.is_open else "Quầy đang nghỉ"
    return {"label": row.label, "counter": row.counter, "idle": idle}


def _waiting_lines(config: Config, counts: Mapping[str, int]) -> list[str]:
    """Return the number of waiting tickets by series, twice: with names, and with letters if the line is too long."""
    waiting = [(series, counts[series.letter]) for series in config.series if counts.get(series.letter)]
    if not waiting:
        return [""]
    named = ", ".join(f"{series.name} {count}" for series, count in waiting)
    lettered = ", ".join(f"{series.letter} {count}" for series, count in waiting)
    return [f"Đang chờ: {named}", f"Đang chờ: {lettered}"]


@board.get("/voice/<name>.wav")
@allow("anyone")
def clip(name: str) -> Response:
    """Return a clip; its URL changes with the file."""
    file = voice.find_clip(voice.clips_folder(context().config), name)
    if file is None:
        return Response(status=404)
    response = Response(file.read_bytes(), mimetype="audio/wav")
    response.headers["Cache-Control"] = f"max-age={CLIP_SECONDS}"
    return response
