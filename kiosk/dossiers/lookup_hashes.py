"""Keyed hashes by which a case is found without opening a body: receipt number and digits, names, telephone numbers."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import applicant
from kiosk.procedures.model import Procedure
from kiosk.vietnam import viet_text


def lookup_hash(context: Context, receipt_no: str, digits: str) -> str:
    """Return the keyed hash for the citizen's status look-up, which so needs no decrypted body."""
    return context.vault.keyed_hash("lookup", f"{receipt_no} {digits}")


def name_hash(context: Context, name: str) -> str:
    """Return the keyed hash of a whole name for the desk's look-up; diacritics, case and spaces do not matter."""
    return context.vault.keyed_hash("name", viet_text.fold(name))


def phone_hash(context: Context, phone: str) -> str:
    """Return the keyed hash of a telephone number for the desk's look-up; spaces and dots do not matter."""
    return context.vault.keyed_hash("phone", re.sub(r"\D", "", phone))


def person_hashes(context: Context, procedure: Procedure, answers: Mapping[str, Any], today: date) -> set[str]:
    """Return the hashes by which the desk finds a case: names and telephone numbers."""
    phones = [str(answers.get(item.key) or "") for item in procedure.fields if item.kind == "phone"]
    return name_hashes(context, procedure, answers=answers, today=today) | {
        phone_hash(context, phone) for phone in phones if phone
    }


def name_hashes(context: Context, procedure: Procedure, answers: Mapping[str, Any], today: date) -> set[str]:
    """Return the name hashes of the applicant and of the persons that the procedure's summary names."""
    name_keys = {item.key for item in procedure.fields if item.kind == "person_name"}
    applicant_key = applicant.answer_keys(procedure, answers, today).get("full_name", "")
    keys = name_keys & set(re.findall(r"\{(\w+)\}", procedure.summary)) | {applicant_key}
    names = [str(answers.get(key) or "") for key in keys]
    return {name_hash(context, name) for name in names if viet_text.fold(name)}
