"""Versions of procedures in the store: a draft, a kept form and a case go on in the version that they were begun with.

A version is kept with its first form. It leaves the catalogue when the ward changes or deletes its own file, and when
the province goes back to an earlier content; then the forms of it read it from the store.
"""

import logging

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.procedures import procedure_json
from kiosk.procedures.model import Procedure
from kiosk.records import procedure_versions

log = logging.getLogger(__name__)


def keep(db: Database, context: Context, procedure: Procedure) -> None:
    """Keep the version of a form that begins, in the caller's write."""
    if not procedure_versions.is_kept(db, procedure.code, procedure.version):
        content = procedure_json.dump(procedure)
        procedure_versions.insert(db, procedure.code, procedure.version, content, context.clock.now())


def use_former(context: Context) -> None:
    """Give the catalogue the versions that left it and still have forms."""
    catalogue = context.catalogue
    with context.store.read() as db:
        kept = procedure_versions.list_all(db)
        gone = [(code, version) for code, version in kept if catalogue.version(code, version) is None]
        contents = [procedure_versions.content(db, code, version) for code, version in gone]
    for (code, version), content in zip(gone, contents, strict=True):
        try:
            catalogue.add_former(procedure_json.load(content))
        except ValueError:
            log.exception("kept version not read", extra={"code": "FORM-02", "procedure": code, "version": version})
