"""Board on the wall: the ticket that is called to each counter. No names of citizens, no sign-in.

The page polls once a second with the version that it shows. While nothing has changed the answer is only the time of
day, so that twenty boards cost next to nothing. Each call carries the URLs of its clips, in full and short;
static/announcements.js chooses, static/voice.js plays them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for

from kiosk.base import clock
from kiosk.config import Config
from kiosk.pages.access import allow, context
from kiosk.queue import snapshot
from kiosk.queue.snapshot import Board, BoardCounter, DayEnd
from kiosk.records import queue_stats
from kiosk.voice import call_clips, sound

board = Blueprint("board", __name__)
DIAGONAL = (1920**2 + 1080**2) ** 0.5
"""Diagonal of the drawing, in its pixels."""
SMALL = 500
"""Millimetres of diagonal. On a smaller board a number of 60 mm needs the space of the list."""
CLIP_SECONDS = 24 * 3600
MAX_ABSENT = 8
MAX_LEFT = 6
"""Numbers that a line of the board names; the others are counted."""


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
        end = snapshot.day_end(db, config, context().calendar, now=context().clock.now())
        phase = "" if end is None else ".over" if end.is_over else ".closing"
        plan = f".p{context().plan_revision}" if context().plan_revision else ""
        answer["version"] = f"{local_time:%Y%m%d}.{queue_stats.version(db)}{phase}{plan}"
        if answer["version"] != request.args.get("version"):
            answer |= _content(config, snapshot.board(db, config, local_time.date()), counter)
            answer["ending"] = _ending(end) if end else ""
    response = jsonify(answer)
    response.headers["Cache-Control"] = "no-store"
    return response, 200


def _content(config: Config, content: Board, counter: int | None) -> dict[str, Any]:
    """Return the current calls, oldest first, and the last ones, newest first; of one counter or all."""
    shown = [row for row in content.counters if counter in {None, row.counter}]
    calls = sorted((row for row in shown if row.state == "called" and row.seq), key=lambda row: row.seq)
    last = [
        {"label": call.label, "is_here": call.state != "done", **_place(config, call.counter)}
        for call in content.last
        if counter in {None, call.counter}
    ]
    return {
        "newest": content.newest,
        "calls": [_call(config, row) for row in calls],
        "last": last,
        "here": _own_counter(config, shown[0]) if counter is not None else None,
        "waiting": _waiting_lines(config, content.waiting),
        "notices": _notices(content) if counter is None else [],
    }


def _place(config: Config, number: int) -> dict[str, Any]:
    """Return a counter: its number, and its name where that says more."""
    counter = config.counter(number)
    return {"counter": number, "name": counter.own_name if counter else ""}


def _call(config: Config, row: BoardCounter) -> dict[str, Any]:
    folder = call_clips.clips_folder(config)
    dialect = config.voice.dialect
    clips = call_clips.playable_clips(folder, call_clips.clips_of_call(row.label or "", row.counter), dialect)
    short = call_clips.short_clips_of_call(row.label or "", row.counter) if clips else []
    files = {name: call_clips.find_clip(folder, name, dialect) for name in {*clips, *short}}
    versions = {name: file.stat().st_mtime_ns for name, file in files.items() if file}
    urls = {name: url_for("board.clip", name=name, v=version) for name, version in versions.items()}
    return {
        "seq": row.seq,
        "label": row.label,
        **_place(config, row.counter),
        "clips": [urls[name] for name in clips],
        "short": [urls[name] for name in short if name in urls],
    }


def _own_counter(config: Config, row: BoardCounter) -> dict[str, Any]:
    idle = "Xin chờ gọi số" if row.is_open else "Quầy đang nghỉ"
    return {"label": row.label, **_place(config, row.counter), "idle": idle}


def _notices(content: Board) -> list[str]:
    """Return the lines about numbers that nobody came with, and about counters that are closed."""
    absent = _named(content.absent, MAX_ABSENT)
    closed = [str(row.counter) for row in content.counters if not row.is_open and row.label is None]
    is_all = len(closed) == len(content.counters)
    counters = "Các quầy đang nghỉ" if is_all else f"Quầy nghỉ: {', '.join(closed)}"
    return [*([f"Gọi chưa thấy: {absent}"] if absent else []), *([counters] if closed else [])]


def _ending(end: DayEnd) -> str:
    """Return what the people who still wait must know before they leave."""
    closes_at = f"{end.closes_at.hour}:{end.closes_at:%M}"
    when = f"Đã hết giờ lúc {closes_at}" if end.is_over else f"Quầy đóng lúc {closes_at}"
    left = _named(end.labels, MAX_LEFT)
    return f"{when}, chưa gọi hết số: {left}. Số chỉ dùng hôm nay, xin báo cán bộ trước khi về."


def _named(labels: Sequence[str], most: int) -> str:
    others = len(labels) - most
    return ", ".join(labels[:most]) + (f" và {others} số nữa" if others > 0 else "")


def _waiting_lines(config: Config, counts: Mapping[str, int]) -> list[str]:
    """Return the number of waiting tickets by series, twice: with names, and with letters if the line is too long."""
    waiting = [(series, counts[series.letter]) for series in config.series if counts.get(series.letter)]
    if not waiting:
        return [""]
    named = ", ".join(f"{series.name} {count}" for series, count in waiting)
    lettered = ", ".join(f"{series.letter} {count}" for series, count in waiting)
    return [f"Đang chờ: {named}", f"Đang chờ: {lettered}"]


@board.get("/voice/<name>")
@allow("anyone")
def clip(name: str) -> Response:
    """Return a clip; its URL changes with the file."""
    config = context().config
    file = call_clips.find_clip(call_clips.clips_folder(config), name, config.voice.dialect)
    if file is None:
        return Response(status=404)
    response = Response(file.read_bytes(), mimetype=sound.KINDS[file.suffix])
    response.headers["Cache-Control"] = f"max-age={CLIP_SECONDS}"
    return response
