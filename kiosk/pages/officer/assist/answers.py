"""All answers of a draft at the desk, to read back: one group a step, each answer with its source and its doubt."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.acts.desk_drafts import AssistedDraft
from kiosk.pages.access import context
from kiosk.pages.officer.assist.view import AnswerSource, page_url, source_of
from kiosk.procedures import checks, journey, kinds, revision
from kiosk.procedures.answers import complete, is_empty
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Field, FormStep, distinct_labels

SIGNED_BY = "cach_ky"
"""Key of the question of civil-status forms how the citizen signs; at the desk the last page asks it of every form."""


@dataclass(frozen=True)
class ReadRow:
    """An answer as the printed form writes it."""

    label: str
    value: str
    source: AnswerSource | None
    doubt: str = ""
    is_missing: bool = False


@dataclass(frozen=True)
class ReadGroup:
    """The answers of a step, with the URL of its page."""

    title: str
    url: str
    rows: tuple[ReadRow, ...]
    is_open: bool


def answer_groups(assisted: AssistedDraft, names: Mapping[str, str]) -> tuple[ReadGroup, ...]:
    """Return the answers of all steps that are asked."""
    today = context().clock.today()
    procedure = assisted.procedure
    answers = complete(procedure, assisted.draft.answers, office=context().office, today=today)
    known = journey.answers_with_situations(procedure, assisted.draft, today)
    lacking = {step.id for step in revision.unfinished_steps(procedure, assisted.draft, today)}
    doubts = _doubts(assisted, answers)
    groups = []
    shown: set[str] = set()
    for step in procedure.steps:
        if not holds(step.when, known, today) or step.fields == (SIGNED_BY,):
            continue
        items = [item for item in _fields(assisted, step) if item.key not in shown]
        shown |= {item.key for item in items}
        labels = distinct_labels(items)
        rows = tuple(
            ReadRow(
                label=labels[item.key],
                value=_words(item, answers.get(item.key)),
                source=source_of(assisted, item.key, names),
                doubt=doubts.get(item.key, ""),
                is_missing=is_empty(answers.get(item.key)) and journey.is_required(item, known, today),
            )
            for item in items
            if holds(item.when, known, today)
        )
        url = page_url(assisted.desk.draft_id, step.id)
        groups.append(ReadGroup(title=step.title.vi, url=url, rows=rows, is_open=step.id in lacking))
    return tuple(groups)


def _words(item: Field, value: object) -> str:
    return "" if is_empty(value) else kinds.of(item).on_paper(item, value)


def _fields(assisted: AssistedDraft, step: FormStep) -> list[Field]:
    person_keys = step.person.fills.values() if step.person else ()
    keys = dict.fromkeys(str(key).partition(".")[0] for key in (*person_keys, *step.fields, step.rows) if key)
    by_key = assisted.procedure.by_key
    return [by_key[key] for key in keys if key in by_key and by_key[key].asked]


def _doubts(assisted: AssistedDraft, answers: Mapping[str, object]) -> dict[str, str]:
    """Return the failed checks by field."""
    hidden = {key: value for key, value in assisted.draft.answers.items() if key.startswith("_")}
    failed = checks.failed_checks(assisted.procedure, {**answers, **hidden}, context().check_context)
    doubts: dict[str, str] = {}
    for check in reversed(failed):
        doubts.update({key.partition(".")[0]: check.say.vi for key in check.keys})
    return doubts
