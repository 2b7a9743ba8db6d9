"""Form of a submission as the desk shows it: answers in groups, how each was entered, and doubts to ask about."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flask import url_for

from kiosk.acts import correcting
from kiosk.base import clock
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.pages.access import context
from kiosk.pages.officer.case import form_boxes
from kiosk.papers import case_papers
from kiosk.procedures import checks, journey, kinds, revision
from kiosk.procedures.answers import OFFICER, is_empty
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Field, Procedure, distinct_labels
from kiosk.records import staff

OTHER = "Khác"
SOURCES = {"card": "quét thẻ", "hand": "tự gõ", "kept": "giữ lần trước", "officer": "cán bộ ghi"}


@dataclass(frozen=True)
class AnswerRow:
    """One answer as the form writes it."""

    label: str
    value: str
    doubt: str = ""
    """Reason to ask about the answer; empty for none."""
    how: str = ""
    """The way it was entered: by card, typed, or corrected by whom and when."""
    is_corrected: bool = False
    before: str = ""
    """Of a corrected answer: the value before, and why it was corrected; empty where that is not stored any more."""
    change: str = ""
    """Address where the officer corrects it; empty where they cannot."""
    boxes: tuple[form_boxes.NationalBox, ...] = ()


@dataclass(frozen=True)
class AnswerGroup:
    """Answers under one heading: a person, a paper."""

    title: str
    rows: tuple[AnswerRow, ...]
    change: str = ""

    @property
    def lines(self) -> str:
        """All values to copy at once, one a line, in the order of the form."""
        return "\n".join(row.value for row in self.rows if row.value)


@dataclass(frozen=True)
class FormView:
    """Form of a submission; `has_declaration` is False where the procedure has no form to sign."""

    name: str
    receipt_no: str
    about: str
    groups: tuple[AnswerGroup, ...]
    doubt_count: int
    has_declaration: bool
    enclosed: str
    """" và 1 giấy kèm" where forms are enclosed with the declaration."""
    hints: tuple[str, ...] = ()
    """Sentences of the procedure for the officer."""

    @property
    def has_boxes(self) -> bool:
        """Whether any answer has the name of a box in a national form."""
        return any(row.boxes for group in self.groups for row in group.rows)


def form_view(opened: OpenedSubmission, handle: str = "") -> FormView:
    """Return the form of a submission, with links to correct it; without a handle it has none."""
    groups = _groups(opened, handle)
    submission = opened.submission
    at = clock.local(submission.completed_at)
    revised = f", bản sửa {submission.revision - 1}" if submission.revision > 1 else ""
    return FormView(
        name=opened.procedure.short.vi,
        receipt_no=submission.receipt_no,
        about=f"nộp {at:%H:%M, %d/%m} ở máy {context().config.kiosk.id}{revised}",
        groups=groups,
        doubt_count=sum(1 for group in groups for row in group.rows if row.doubt),
        has_declaration=opened.procedure.declaration is not None,
        enclosed=case_papers.enclosed_words(opened),
        hints=opened.procedure.desk,
    )


def doubts_of(opened: OpenedSubmission) -> list[str]:
    """Return what the desk would ask about, as "label: reason", one line each of a paper."""
    doubts = []
    for rows in _rows_by_title(opened).values():
        doubts += [f"{row.label}: {row.doubt[:1].lower()}{row.doubt[1:]}" for row in rows.values() if row.doubt]
    return doubts


def _groups(opened: OpenedSubmission, handle: str) -> tuple[AnswerGroup, ...]:
    with context().store.read() as db:
        names = staff.names(db)
    revisions = _revisions(opened)
    groups = []
    for title, rows in _rows_by_title(opened).items():
        complete = tuple(
            replace(
                row,
                **_origin(opened, key, names),
                before=_before(revisions, key),
                change=_correction_url(opened, handle, key),
            )
            for key, row in rows.items()
        )
        change = next((row.change for row in complete if row.change), "")
        groups.append(AnswerGroup(title, complete, change))
    return tuple(groups)


def _rows_by_title(opened: OpenedSubmission) -> dict[str, dict[str, AnswerRow]]:
    """Return the answers by heading and key, in the order of the form.

    A derived answer that belongs to no page (the office, the vow, today) is on the declaration only.
    """
    titles = _titles(opened.procedure)
    labels = _labels(opened.procedure, titles)
    doubts = _doubts(opened)
    rows: dict[str, dict[str, AnswerRow]] = {}
    for item in opened.procedure.fields:
        if item.derive and item.key not in titles:
            continue
        row = _answer_row(item, opened, label=labels[item.key], doubt=doubts.get(item.key, ""))
        if row is not None:
            rows.setdefault(titles.get(item.key, OTHER), {})[item.key] = row
    return {title: rows[title] for title in sorted(rows, key=lambda title: title == OTHER)}


def _answer_row(item: Field, opened: OpenedSubmission, label: str, doubt: str) -> AnswerRow | None:
    """Return the row of a field; None where the form does not ask for it."""
    value = opened.answers.get(item.key)
    if not item.asked:
        return None
    if not is_empty(value):
        boxes = form_boxes.boxes_of(opened, item)
        return AnswerRow(label=label, value=kinds.of(item).on_paper(item, value), doubt=doubt, boxes=boxes)
    today = opened.submission.day
    known = {**opened.answers, **revision.helpers_of_card(opened.procedure, opened.answers)}
    is_due = holds(item.when, known, today) and journey.is_required(item, known, today)
    return AnswerRow(label=label, value="", doubt=doubt or "Còn trống") if is_due and not item.derive else None


def _origin(opened: OpenedSubmission, key: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how an answer was entered, or which officer corrected it when."""
    last = next((change for change in opened.changes if change["key"] == key), None)
    if last is not None:
        at = clock.local(clock.parse_timestamp(last["at"]))
        return {"how": f"sửa: {names.get(last['officer'], last['officer'])}, {at:%H:%M}", "is_corrected": True}
    source_key = revision.source_key(opened.procedure, opened.answers, today=opened.submission.day, key=key)
    return {"how": ", ".join(_givers(opened, key, names) or _givers(opened, source_key, names))}


def _revisions(opened: OpenedSubmission) -> list[OpenedSubmission]:
    """Return a form and its earlier revisions that are stored, the newest first; a form without changes alone."""
    revisions = [opened]
    while opened.changes and revisions[-1].submission.supersedes:
        earlier = open_submission(context(), revisions[-1].submission.supersedes)
        if earlier is None:
            break
        revisions.append(earlier)
    return revisions


def _before(revisions: list[OpenedSubmission], key: str) -> str:
    """Return an answer's value before its last correction, and the reason; empty for one that was not corrected."""
    for later, earlier in pairwise(revisions):
        value = earlier.answers.get(key)
        if value == later.answers.get(key) or not any(change["key"] == key for change in later.changes):
            continue
        item = earlier.procedure.by_key[key]
        words = "để trống" if is_empty(value) else kinds.of(item).on_paper(item, value)
        reason = str((later.assistance or {}).get("reason") or "")
        return f"Trước: {words}." + (f" Vì sao: {reason[:1].lower()}{reason[1:]}." if reason else "")
    return ""


def _givers(opened: OpenedSubmission, key: str, names: Mapping[str, str]) -> list[str]:
    """Return who gave an answer; a list of rows may have several givers."""
    givers: dict[str, None] = {}
    for path, source in opened.sources.items():
        if path == key or path.startswith(f"{key}."):
            givers[giver_text(source, names.get(opened.givers.get(path, ""), ""))] = None
    return list(givers)


def giver_text(source: str, officer: str) -> str:
    """Return in words who gave an answer: by card, the citizen, kept, or an officer by name."""
    return f"cán bộ {officer} ghi" if source == OFFICER and officer else SOURCES.get(source, "")


def _correction_url(opened: OpenedSubmission, handle: str, key: str) -> str:
    """Return the page where an answer is corrected: the step that it follows from."""
    if not handle or not correcting.may_correct(opened.submission):
        return ""
    step = revision.step_of_key(opened.procedure, opened.answers, today=opened.submission.day, key=key)
    return url_for("officer.correct_step", ticket_id=handle, page=step.id) if step else ""


def _doubts(opened: OpenedSubmission) -> dict[str, str]:
    """Return the failed checks of the form by field, judged as on the day of Submit."""
    scene = replace(context().check_context, today=opened.submission.day)
    failed = checks.failed_checks(opened.procedure, opened.answers, scene)
    doubts = {}
    for check in reversed(failed):
        doubts.update({key.partition(".")[0]: check.say.vi for key in check.keys})
    return doubts


def _labels(procedure: Procedure, titles: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of the fields, distinct within each heading."""
    fields_by_title: dict[str, list[Field]] = {}
    for item in procedure.fields:
        fields_by_title.setdefault(titles.get(item.key, OTHER), []).append(item)
    labels = {}
    for fields in fields_by_title.values():
        labels.update(distinct_labels(fields))
    return labels


def _titles(procedure: Procedure) -> Mapping[str, str]:
    """Return the title of the first page that each field is on."""
    titles: dict[str, str] = {}
    for step in procedure.steps:
        person_keys = step.person.fills.values() if step.person else ()
        for key in (*person_keys, *step.fields, step.rows):
            titles.setdefault(str(key).partition(".")[0], step.title.vi)
    return titles
