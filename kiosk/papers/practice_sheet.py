"""Sheet to take home after a task of practice: its steps, how to type marks, which papers to bring; no name.

It is composed of the task and its procedure alone: what was typed is deleted before it is printed.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.papers import letterhead
from kiosk.practice_tasks import PracticeTask, find_task
from kiosk.procedures.model import Procedure
from printers.document import TITLE, Block, Document, Gap, Rule, Run, Step, Text, Tick

MARKS = (
    "Gõ chữ không dấu trước: nguyen.",
    "Chạm phím có hình dấu; nhìn hình trên phím.",
    "Sai dấu: chạm dấu khác. Chạm lần nữa: bỏ dấu.",
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
            *_steps(task),
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


def _steps(task: PracticeTask) -> tuple[Block, ...]:
    lines = (
        (Run("Chạm "), Run("Làm thủ tục", "strong"), Run(f", chọn {task.vi}.")),
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
