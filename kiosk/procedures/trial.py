"""Trial of a procedure: each branch is answered page by page with made-up answers, as a citizen would.

It finds what a look at single tables cannot: a required field that no page of a branch asks, and a page or a paper
that cannot be made. Only `kiosk procedure check` tries a file; it takes about a second.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from kiosk.procedures import checks, journey, kinds
from kiosk.procedures.answers import Draft, Office, complete, is_answered
from kiosk.procedures.branches import Branch, branches
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.conditions import holds
from kiosk.procedures.file_errors import FileError, FileErrors
from kiosk.procedures.model import Field, Procedure
from kiosk.procedures.samples import people_of

FAILURES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Exceptions of code that gets an answer which does not fit."""
Compose = Callable[[Procedure, Mapping[str, Any]], object]
_MOST_ROUNDS = 6


def trial_errors(procedure: Procedure, office: Office, today: date, compose: Compose) -> FileErrors:
    """Return an error for each field that a branch leaves without an answer, and for what cannot be made.

    Args:
        procedure: the procedure, without errors of its tables.
        office: the ward.
        today: the day of the trial.
        compose: makes the declaration from complete answers.
    """
    missing: dict[str, Branch] = {}
    failed: dict[str, Branch] = {}
    tried: set[str] = set()
    for branch in branches(procedure, today):
        try:
            given = answered(procedure, branch, today)
            # Branches differ in questions that a page may not ask: then their answers are the same.
            if (texts := repr(given)) in tried:
                continue
            tried.add(texts)
            answers = complete(procedure, given=given, office=office, today=today)
            context = CheckContext(today, office)
            # A branch that an error stops asks no further.
            is_stopped = any(check.level == "error" for check in checks.failed_checks(procedure, answers, context))
            for key in () if is_stopped else _missing(procedure, answers, today):
                missing.setdefault(key, branch)
            _show(procedure, answers)
            compose(procedure, answers)
        except FAILURES as cause:
            failed.setdefault(f"{type(cause).__name__} {cause}", branch)
    errors = [
        FileError(f"field[{key}]", f"bắt buộc, mà không trang nào hỏi khi {_words(branch)}: người dân không nộp được")
        for key, branch in missing.items()
    ]
    return errors + [
        FileError("", f"máy không làm được trang hay giấy khi {_words(branch)} ({cause}); báo phòng công nghệ")
        for cause, branch in failed.items()
    ]


def _words(branch: Branch) -> str:
    return ", ".join(f"{key} = {value}" for key, value in branch.items()) or "trả lời như mẫu"


def answered(procedure: Procedure, branch: Branch, today: date) -> dict[str, Any]:
    """Return the answers that the pages of a branch ask for; an answer may open further pages."""
    situations = {item.key for item in procedure.situations}
    given = people_of(procedure, _first_options(procedure) | dict(branch), today) | dict(branch)
    draft = Draft(procedure.code, procedure.version, answers={k: v for k, v in branch.items() if k in situations})
    for _ in range(_MOST_ROUNDS):
        before = dict(draft.answers)
        for item in _asked_fields(procedure, draft, today):
            if item.key in draft.answers:
                continue
            if item.when and not holds(item.when, journey.answers_with_situations(procedure, draft, today), today):
                continue
            draft.answers[item.key] = given[item.key] if item.key in given else kinds.of(item).sample(item)
        if draft.answers == before:
            break
    return draft.answers


def _first_options(procedure: Procedure) -> dict[str, Any]:
    """Return the sample answers of the choices, which decide who is who."""
    return {item.key: item.options[0].id for item in procedure.fields if item.kind == "choice" and item.options}


def _asked_fields(procedure: Procedure, draft: Draft, today: date) -> Iterator[Field]:
    steps = [page.step for page in journey.pages(procedure, draft, today)]
    known = journey.answers_with_situations(procedure, draft, today)
    steps += [step for step in procedure.steps if step.place == "review" and holds(step.when, known, today)]
    for step in steps:
        filled = step.person.fills.values() if step.person else ()
        for key in dict.fromkeys((*filled, *step.fields, step.rows)):
            item = procedure.by_key.get(key.partition(".")[0])
            if item is not None and item.asked:
                yield item


def _missing(procedure: Procedure, answers: Mapping[str, Any], today: date) -> list[str]:
    return [
        item.key
        for item in procedure.fields
        if item.asked
        and holds(item.when, answers, today)
        and journey.is_required(item, answers, today)
        and not is_answered(procedure, item.key, answers)
    ]


def _show(procedure: Procedure, answers: Mapping[str, Any]) -> None:
    """Show every answer, as the pages do."""
    for item in procedure.fields:
        if item.asked and item.key in answers:
            kind = kinds.of(item)
            kind.on_screen(item, answers[item.key], "vi")
            kind.on_paper(item, answers[item.key])
