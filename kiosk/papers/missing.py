"""The list "CẦN MANG THÊM": which papers a procedure wants in a citizen's situation.

It is composed from the procedure and the situation alone, and names nobody: the form may be wiped before it is printed.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.papers import letterhead
from kiosk.procedures.model import PaperToBring, Procedure
from printers.document import TITLE, Block, Document, Gap, Rule, Run, Text, Tick


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:  # noqa: ARG001 - one signature
    """Return the list for facts {code, version, situations as JSON}; None when that version is off the shelf."""
    procedure = context.catalogue.version(str(facts["code"]), str(facts["version"]))
    if procedure is None:
        return None
    return listing(context.config, procedure, json.loads(facts["situations"]), context.clock.today())


def listing(config: Config, procedure: Procedure, known: Mapping[str, Any], today: date) -> Document:
    """Return the list for what is known of a situation on a day."""
    found = checklist.papers_needed(procedure, known, today)
    return Document(
        (
            *letterhead.head(config),
            *letterhead.title("CẦN MANG THÊM"),
            Text(procedure.short.vi, align="centre"),
            Rule(),
            *_listed(found),
            Rule(),
            Text("Vẫn nộp tờ khai được; mang đủ giấy thì cán bộ nhận."),
            Gap(1),
            Text(_as_of(procedure)),
            Gap(1),
            letterhead.hotline(config),
        )
    )


def _listed(found: list[PaperToBring]) -> list[Block]:
    wanted: list[Block] = [_thing(one) for one in found if not one.optional]
    spare = [_thing(one) for one in found if one.optional]
    if not found:
        return [Text("Không phải mang thêm giấy nào.")]
    if spare:
        wanted += [Gap(1), Text("Có thì mang", size=TITLE, weight="strong"), *spare]
    return wanted


def _thing(paper: PaperToBring) -> Tick:
    return Tick((Run(f"{paper.name.vi}.", "strong"), Run(f" {paper.bring.vi}")))


def _as_of(procedure: Procedure) -> str:
    return f"Theo quy định xem ngày {procedure.checked_on:%d/%m/%Y}."
