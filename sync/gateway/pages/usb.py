"""USB page: the operator uploads parcels and downloads an answer for each."""

import base64
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from sync.errors import BadFile
from sync.gateway import usb
from sync.gateway.context import context
from sync.gateway.pages import access
from sync.gateway.usb import ERROR_LABELS, ImportContext, ImportedParcel


@dataclass(frozen=True)
class UploadedFile:
    """An uploaded file: the imported parcel, or why it was refused; `answer_url` contains the answer file."""

    name: str
    error: str
    parcel: ImportedParcel | None
    answer_url: str


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/stick", view_func=show_stick)
    pages.add_url_rule("/stick", view_func=import_parcels, methods=["POST"])


def show_stick() -> str:
    """Show the stick key of the gateway and the upload form."""
    return _render_page([])


def import_parcels() -> str:
    """Import each uploaded file; a refused file changes nothing."""
    uploads = [upload for upload in request.files.getlist("parcels") if upload.filename]
    return _render_page([_import_file(str(upload.filename), upload.read()) for upload in uploads])


def _import_file(name: str, content: bytes) -> UploadedFile:
    settings = context().settings
    importer = ImportContext(
        login=access.current_session().login,
        mode="practice" if settings.practice else "live",
        token=settings.token,
    )
    try:
        parcel = usb.import_parcel(context().engine, content, importer, now=settings.now())
    except BadFile as error:
        return UploadedFile(name=name, error=ERROR_LABELS.get(error.code, error.code), parcel=None, answer_url="")
    for kind, counts in zip(("submission", "event"), parcel.counts.values(), strict=True):
        for outcome, count in counts.items():
            context().metrics.results.labels(kind, outcome).inc(count)
    # The URL contains the file itself: nothing of it is stored here, and saving it needs no other request.
    answer_url = "data:application/octet-stream;base64," + base64.b64encode(parcel.answer).decode()
    return UploadedFile(name=name, error="", parcel=parcel, answer_url=answer_url)


def _render_page(files: list[UploadedFile]) -> str:
    with context().engine.begin() as db:
        key = usb.stick_public_key(db, context().settings.now())
    return render_template("stick.html", key=key, files=files)
