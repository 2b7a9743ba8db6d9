"""The matter of a form: keyed hashes of procedure and subject, by which the same matter filed twice is found.

A hint only: nothing is refused for it. Twins of one birth day have one matter, which is why an officer may say so.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

import kiosk.procedures
from kiosk.context import Context
from kiosk.dossiers import applicant
from kiosk.procedures.answers import is_empty
from kiosk.procedures.model import Procedure
from kiosk.records import matters, submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam import viet_text
from sync.encoding import canonical_json

REMEMBERED = timedelta(days=60)
"""How far apart two forms of one matter are looked for."""
MOST = 3
"""Most forms of one matter that are shown, the newest ones."""
_NUMBER = "_number"
_NAME = "_name"
_PERSON = {_NUMBER, _NAME}
"""In the place of a key: the applicant's id number; name and birth date, for a form in which it lacks."""


@dataclass(frozen=True)
class MatterSubject:
    """Values that say what a form is about, by key, from one list of `procedures/matters.toml`."""

    values: Mapping[str, str]

    @property
    def text(self) -> str:
        """The values as one text, the same for the same subject."""
        return canonical_json(dict(self.values)).decode()


@cache
def _keys_by_code() -> Mapping[str, Sequence[Sequence[str]]]:
    path = Path(kiosk.procedures.__file__).with_name("matters.toml")
    return tomllib.loads(path.read_text("utf-8"))


def subject_keys(procedure: Procedure) -> Sequence[Sequence[str]]:
    """Return the lists of keys that say what a form is about; the applicant and the summary's where none is given."""
    summary = re.findall(r"\{([\w.]+)\}", procedure.summary)
    return _keys_by_code().get(procedure.code, [[_NUMBER, *summary], [_NAME, *summary]])


def subjects(procedure: Procedure, answers: Mapping[str, Any], day: date) -> list[MatterSubject]:
    """Return what a form is about, in each way whose answers are all there; none where one lacks in each.

    Where the table has no keys, only the applicant must be there: the summary names answers that not every form has.
    """
    found = []
    for keys in subject_keys(procedure):
        values = {key: _value(procedure, answers, key=key, day=day) for key in keys}
        needed = _PERSON & values.keys() or values.keys()
        if all(values[key] for key in needed):
            found.append(MatterSubject(values=values))
    return found


def matter_hashes(context: Context, procedure: Procedure, answers: Mapping[str, Any], day: date) -> set[str]:
    """Return the keyed hashes of the matter of a form, one for each way to know it."""
    hashes = set()
    for subject in subjects(procedure, answers, day):
        hashes.add(context.vault.keyed_hash("matter", f"{procedure.code} {subject.text}"))
    return hashes


def same_matter(db: Database, submission: Submission) -> list[Submission]:
    """Return the other open forms that look like a submission's matter, newest first, at most 3.

    Left out: closed and withdrawn ones, those more than 60 days apart, and those that an officer told apart.
    """
    told_apart = matters.answered_with(db, submission.receipt_no) | {submission.receipt_no}
    others = submissions.last_revisions(db, matters.of_same_matter(db, submission.id))
    found = [
        other
        for other in others
        if other.receipt_no not in told_apart
        and other.closed_at is None
        and other.delivery != "withdrawn"
        and abs(other.day - submission.day) <= REMEMBERED
    ]
    return found[:MOST]


def _value(procedure: Procedure, answers: Mapping[str, Any], *, key: str, day: date) -> str:
    """Return an answer as it is compared: letters without diacritics and case, an identity paper by its number."""
    if key == _NUMBER:
        return applicant.id_number(procedure, answers, day)
    if key == _NAME:
        return _name_and_birth(procedure, answers, day)
    value: Any = answers
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if is_empty(value):
        return ""
    if isinstance(value, Mapping) and "so" in value:
        return str(value["so"] or "")
    if isinstance(value, str):
        return viet_text.fold(value)
    return viet_text.fold(canonical_json(value).decode())


def _name_and_birth(procedure: Procedure, answers: Mapping[str, Any], day: date) -> str:
    """Return the applicant's name and birth date; empty where one of them lacks."""
    keys = applicant.answer_keys(procedure, answers, day)
    facts = [str(answers.get(keys.get(name, "")) or "") for name in ("full_name", "date_of_birth")]
    return viet_text.fold(" ".join(facts)) if all(facts) else ""
