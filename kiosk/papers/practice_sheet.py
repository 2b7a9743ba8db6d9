"""Sheet to take home after a task of practice: its steps, how to type marks, which papers to bring; no name.

It is composed of the task and its procedure alone: what was typed is deleted before it is printed.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.papers import letterhead
from kiosk.procedures.model import Procedure
from kiosk.procedures.practice_tasks import PracticeTask, find_task
from printers.document import TITLE, Block, Document, Gap, Rule, Run, Step, Text, Tick

EXAMPLE = "Nguyễn"
KEYS_OF_EXAMPLE = ("n", "g", "u", "y", "ê", "n", "ngã")
"""Keys of the touchscreen's keyboard that type the example, in their order."""
MARKS = (
    f"{EXAMPLE}: chạm {', '.join(KEYS_OF_EXAMPLE)}.",
    "ă â đ ê ô ơ ư có phím riêng, ở trên hàng chữ.",
    "Gõ xong chữ rồi chạm dấu: sắc, huyền, hỏi, ngã, nặng.",
    "Sai dấu: chạm dấu khác. Chạm lần nữa: xóa dấu.",
)


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the sheet for facts {task}; None when the task or its procedure is gone."""
    task = find_task(str(facts.get("task", subject)))
    procedure = context.catalogue.in_force(task.procedure, context.clock.today()) if task else None
    if task is None or procedure is None:
        return None
    return Document(
        (
            *letterhead.head(context.config),
            *letterhead.title("TỜ HƯỚNG DẪN", task.vi),
            Rule(),
            Text("Làm ở máy", size=TITLE, weight="strong"),
            *_steps(_tiles(context, procedure)),
            Rule(dashed=True),
            Text("Gõ tên có dấu", size=TITLE, weight="strong"),
            *(Text(line, size=TITLE) for line in MARKS),
            Rule(dashed=True),
            Text("Giấy cần mang", size=TITLE, weight="strong"),
            *_papers(context, task, procedure),
            Rule(),
            Text("Chưa rõ chỗ nào, chạm “Gọi cán bộ giúp”."),
            Gap(1),
            letterhead.hotline(context.config),
        ),
        practice=True,
    )


def _tiles(context: Context, procedure: Procedure) -> list[str]:
    """Return the names of the tiles to touch behind "Làm thủ tục"; an event with one procedure leads to it."""
    procedures = context.catalogue.all(context.clock.today())
    siblings = [other for other in procedures if other.event == procedure.event]
    event = next(event.name.vi for event in context.catalogue.events if event.id == procedure.event)
    return [event] if len(siblings) == 1 else [event, procedure.plain.vi]


def _steps(tiles: list[str]) -> tuple[Block, ...]:
    way = [run for tile in tiles for run in (Run(", rồi "), Run(tile, "strong"))]
    lines = (
        (Run("Chạm "), Run("Làm thủ tục", "strong"), *way, Run(".")),
        (Run("Chọn trường hợp của mình, chạm "), Run("Khai ngay", "strong"), Run(".")),
        (Run("Đưa "), Run("thẻ căn cước", "strong"), Run(" vào ô sáng, chờ tiếng bíp.")),
        (Run("Trả lời từng trang. Sai thì "), Run("Quay lại", "strong"), Run(" sửa.")),
        (Run("Xem lại hết rồi chạm "), Run("Gửi tờ khai", "strong"), Run(".")),
        (Run("Cầm "), Run("phiếu số", "strong"), Run(", chờ gọi tới quầy.")),
    )
    return tuple(Step(number, line) for number, line in enumerate(lines, 1))


def _papers(context: Context, task: PracticeTask, procedure: Procedure) -> tuple[Block, ...]:
    needed = checklist.papers_needed(procedure, dict(task.situation), context.clock.today())
    names = [paper.name.vi for paper in needed if not paper.optional]
    return tuple(Tick(f"{name}.") for name in names) or (Text("Không phải mang thêm giấy nào."),)
