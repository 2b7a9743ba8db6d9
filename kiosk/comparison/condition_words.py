"""Conditions of a procedure in Vietnamese words, for the staff: "Bé sinh quá 60 ngày", "Đã kết hôn: Đã đăng ký"."""

import re
from typing import Any

from kiosk.procedures.base import Condition, When
from kiosk.procedures.conditions import PLACE_CODES
from kiosk.procedures.model import AnswerOption, Field, Procedure, Situation
from kiosk.vietnam import places

_BOX = re.compile(r"\{[^{}?]+\?[^{}]*\}")
_KEY = re.compile(r"\{[^{}]+\}")
DOTS = "……"


def dotted(text: str) -> str:
    """Return a text of a form with dots for its keys, boxes for its choices, and single spaces."""
    return " ".join(_KEY.sub(DOTS, _BOX.sub("☐", text)).split())


def in_words(procedure: Procedure, when: When) -> str:
    """Return the conditions of a list, joined by semicolons; empty for a list without one."""
    return "; ".join(_condition(procedure, condition) for condition in when)


def _condition(procedure: Procedure, condition: Condition) -> str:
    if condition.any_:
        return " hoặc ".join(_condition(procedure, other) for other in condition.any_)
    situation = next((item for item in procedure.situations if item.key == condition.key), None)
    if situation and situation.ask is None:
        return _derived(procedure, situation, condition)
    question, options = _question(procedure, situation, condition.key)
    return f"{question.rstrip('?: ')}: {_value(condition, options)}"


def _question(procedure: Procedure, situation: Situation | None, key: str) -> tuple[str, tuple[AnswerOption, ...]]:
    """Return the words and options of a question; the key itself where the procedure does not have it."""
    if situation and situation.ask:
        return situation.ask.vi, situation.options
    first, _, part = key.partition(".")
    item: Field | None = procedure.by_key.get(first)
    if item and part:
        item = next((column for column in item.fields if column.key == part), item)
    return (item.official or item.label.vi, item.options) if item else (key, ())


def _value(condition: Condition, options: tuple[AnswerOption, ...]) -> str:
    if condition.age_under is not None or condition.age_at_least is not None:
        return _ages(condition)
    if condition.days_over is not None or condition.days_at_most is not None:
        return _days(condition)
    labels = {option.id: option.label.vi for option in options}
    if condition.key.rpartition(".")[2] in PLACE_CODES:
        labels = {
            str(code): _place_name(code) for code in (condition.is_, condition.not_, *condition.in_, *condition.not_in)
        }
    if condition.has is not None:
        return f"có {_label(condition.has, labels)}"
    if condition.in_:
        return " hoặc ".join(_label(value, labels) for value in condition.in_)
    refused = condition.not_in or (() if condition.not_ is None else (condition.not_,))
    if refused:
        return "không phải " + ", ".join(_label(value, labels) for value in refused)
    return "chưa trả lời" if condition.is_ is None else _label(condition.is_, labels)


def _ages(condition: Condition) -> str:
    least = f"từ đủ {condition.age_at_least} tuổi" if condition.age_at_least is not None else ""
    under = f"chưa đủ {condition.age_under} tuổi" if condition.age_under is not None else ""
    return ", ".join(filter(None, (least, under)))


def _days(condition: Condition) -> str:
    over = f"quá {condition.days_over} ngày" if condition.days_over is not None else ""
    most = f"trong {condition.days_at_most} ngày" if condition.days_at_most is not None else ""
    return ", ".join(filter(None, (over, most)))


def _place_name(value: Any) -> str:
    """Return the name of a ward or a province, by its code."""
    known = places.ward(str(value)) or places.province(str(value))
    return known.name if known else str(value)


def _label(value: Any, labels: dict[str, str]) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return labels.get(str(value), str(value))


def _derived(procedure: Procedure, situation: Situation, condition: Condition) -> str:
    """Return a condition on a situation that follows from an answer: an age, a number of days, a sex."""
    rule = situation.older_than or situation.age_under or situation.sex_of or {}
    key = str(rule.get("key", situation.key))
    item = procedure.by_key.get(key.partition(".")[0])
    name = (item.official or item.label.vi) if item else key
    if situation.older_than:
        pair = (f"quá {rule['days']} ngày", f"trong {rule['days']} ngày")
    elif situation.age_under:
        pair = (f"chưa đủ {rule['years']} tuổi", f"từ đủ {rule['years']} tuổi")
    else:
        pair = ("có trên giấy tờ", "không có trên giấy tờ")
    yes = rule.get("yes")
    is_yes = condition.is_ == yes or yes in condition.in_ or (condition.not_ is not None and condition.not_ != yes)
    return f"{name}: {pair[0] if is_yes else pair[1]}"
