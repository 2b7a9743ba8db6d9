"""Whether a change waits for a lead: what decides who can read forms is no technician's to change alone.

Without a lead, in the first run of a new machine and in practice nobody is asked.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from kiosk.base.errors import NotAllowed
from kiosk.config import reading_settings
from kiosk.config.edit import SettingsEdit
from kiosk.context import Context
from kiosk.health import first_run
from kiosk.records import staff
from kiosk.records.change_requests import ReadingChange

Kind = Literal["settings", "recovery", "standby"]


class AgreementNeeded(NotAllowed):
    """A lead must agree first; nothing was written. `content` is what will be written then."""

    vi = (
        "Đã gửi người phụ trách xem, vì việc này quyết định ai đọc được tờ khai. Máy chưa đổi gì. Người phụ trách đồng "
        "ý ở trang Nơi tờ khai đi tới thì máy đổi ngay."
    )
    en = "The lead was asked; nothing is changed until they agree, because this decides who can read forms."

    def __init__(self, kind: Kind, changes: Sequence[ReadingChange], content: bytes) -> None:
        super().__init__()
        self.kind = kind
        self.changes = tuple(changes)
        self.content = content


def require_agreement(context: Context, edit: SettingsEdit) -> None:
    """Return where an edit of kiosk.toml needs no lead.

    Raises:
        AgreementNeeded: it changes who can read forms.
    """
    root = context.config.root
    before = replace(edit.before() or context.config, root=root)
    found = reading_settings.changes(before, replace(edit.check()[0], root=root))
    if found and has_second_person(context):
        content = json.dumps({"digest": edit.digest, "text": edit.text}, ensure_ascii=False).encode()
        raise AgreementNeeded("settings", found, content)


def require_agreement_for_key(context: Context, kind: Literal["recovery", "standby"], public: str) -> None:
    """Return where a recovery paper, or a stand-by, may open the copies from now on.

    Args:
        public: the public half of its pair.

    Raises:
        AgreementNeeded: the machine has a lead.
    """
    if has_second_person(context):
        change = ReadingChange(name=kind, old="", new=reading_settings.hash_of(public))
        raise AgreementNeeded(kind, [change], public.encode())


def has_second_person(context: Context) -> bool:
    """Return whether there is a lead to ask, and the machine serves real people."""
    if context.config.kiosk.practice:
        return False
    with context.store.read() as db:
        return staff.has_lead(db) and not first_run.load(db).is_open
