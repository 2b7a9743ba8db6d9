"""List "CẦN MANG THÊM": the papers that a procedure needs in a citizen's situation.

It is composed only of the procedure and the situation, and has no name: the form may be wiped before it is printed.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kiosk import comparison
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.dossiers.checklist import CardScan
from kiosk.papers import letterhead
from kiosk.procedures.model import PaperToBring, Procedure
from printers.document import TITLE, Block, Document, Gap, Rule, Run, Text, Tick


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the list for facts {code, version, situations as JSON}; None when that version is not in the catalogue."""
    procedure = context.catalogue.version(str(facts["code"]), str(facts["version"]))
    if procedure is None:
        return None
    situations = json.loads(facts["situations"])
    needed = checklist.papers_needed(procedure, situations, context.clock.today())
    scans = json.loads(facts.get("scans", "{}"))
    compared = comparison.papers_sentence(comparison.load(context, procedure))
    return papers_list(context.config, procedure, needed, compared, scans)


def papers_list(
    config: Config,
    procedure: Procedure,
    needed: list[PaperToBring],
    compared: str,
    scans: Mapping[str, CardScan] = MappingProxyType({}),
) -> Document:
    """Return the list of some papers.

    Args:
        compared: whether the ward has compared the list, at its foot.
        scans: paper -> which of its cards were scanned when the list was asked for.
    """
    return Document(
        (
            *letterhead.head(config),
            *letterhead.title("CẦN MANG THÊM"),
            Text(procedure.short.vi, align="centre"),
            Rule(),
            *_check_boxes(needed, scans),
            Rule(),
            Text("Vẫn gửi tờ khai được; mang đủ giấy thì cán bộ nhận hồ sơ."),
            Gap(1),
            Text(compared),
            Gap(1),
            letterhead.hotline(config),
        )
    )


def _check_boxes(needed: list[PaperToBring], scans: Mapping[str, CardScan]) -> list[Block]:
    if not needed:
        return [Text("Không phải mang thêm giấy nào.")]
    boxes: list[Block] = [_check_box(paper, scans) for paper in needed if not paper.optional]
    optional = [_check_box(paper, scans) for paper in needed if paper.optional]
    if optional:
        boxes += [Gap(1), Text("Có thì mang", size=TITLE, weight="strong"), *optional]
    return boxes


def _check_box(paper: PaperToBring, scans: Mapping[str, CardScan]) -> Tick:
    words = checklist.SCANNED.get(scans.get(paper.id, ""), paper.bring)
    return Tick((Run(f"{paper.name.vi}.", "strong"), Run(f" {words.vi}")))
