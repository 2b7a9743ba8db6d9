"""Keep the versions of the forms that a store of an earlier release has; a new form keeps its own."""

from kiosk.context import Context
from kiosk.dossiers import kept_versions
from kiosk.records import marks, procedure_versions

KEPT = "procedure-versions"
"""Mark: this was done, once in each store."""


def keep_used(context: Context) -> None:
    """Keep the versions that drafts and forms with a body have, while the catalogue still has them."""
    with context.store.read() as db:
        if marks.get(db, KEPT):
            return
        used = procedure_versions.list_used(db)
    found = [context.catalogue.version(code, version) for code, version in used]
    with context.store.write() as db:
        for procedure in found:
            if procedure is not None:
                kept_versions.keep(db, context, procedure)
        marks.put(db, KEPT, "1")
