"""What wards bring on a stick: the operator hands the files in here and gets an answer for each to carry back."""

import base64
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from sync.errors import BadFile
from sync.gateway import usb
from sync.gateway.context import context
from sync.gateway.pages import access
from sync.gateway.usb import BAD, Brought, Clerk


@dataclass(frozen=True)
class Line:
    """A file that was handed in: what became of it, or why it was not taken; the answer as an address of itself."""

    name: str
    fault: str
    brought: Brought | None
    answer: str


def add_to(pages: Blueprint) -> None:
    """Give these pages their addresses."""
    pages.add_url_rule("/stick", view_func=show_stick)
    pages.add_url_rule("/stick", view_func=take_stick, methods=["POST"])


def show_stick() -> str:
    """Show the key that wards need, and ask for their files."""
    return _page([])


def take_stick() -> str:
    """Take every file by itself; nothing of a bad one is taken."""
    files = [one for one in request.files.getlist("parcels") if one.filename]
    return _page([_line(str(one.filename), one.read()) for one in files])


def _line(name: str, content: bytes) -> Line:
    settings = context().settings
    clerk = Clerk(access.session().login, "practice" if settings.practice else "live", settings.token)
    try:
        brought = usb.take(context().engine, content, clerk, settings.now())
    except BadFile as fault:
        return Line(name=name, fault=BAD.get(fault.code, fault.code), brought=None, answer="")
    for kind, counts in zip(("submission", "event"), brought.counts.values(), strict=True):
        for outcome, count in counts.items():
            context().metrics.results.labels(kind, outcome).inc(count)
    # A link that holds the file itself: nothing of it is kept here, and it can be saved without another request.
    link = "data:application/octet-stream;base64," + base64.b64encode(brought.answer).decode()
    return Line(name=name, fault="", brought=brought, answer=link)


def _page(lines: list[Line]) -> str:
    with context().engine.begin() as db:
        key = usb.public_key(db, context().settings.now())
    return render_template("stick.html", key=key, lines=lines)
