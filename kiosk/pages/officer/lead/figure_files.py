"""Answers that carry figures out of the kiosk: a PDF to print, a workbook to keep."""

from flask import Response

from kiosk.papers.workbook import Table, xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf_response(document: bytes) -> Response:
    """Return a PDF that the browser shows."""
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


def workbook_response(tables: list[Table], name: str, *, is_practice: bool) -> Response:
    """Return a workbook that the browser saves; the name of one of practice says so."""
    suffix = "-tap" if is_practice else ""
    headers = {"Content-Disposition": f'attachment; filename="{name}{suffix}.xlsx"'}
    return Response(xlsx(tables, practice=is_practice), mimetype=XLSX, headers=headers)
