"""View model of a counted list: every choice with its copies; on the last page the pages of each, and the sum."""

from collections.abc import Mapping
from typing import Any

from kiosk.base.i18n import translator
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.view_models import CountedList, CountRow
from kiosk.procedures import fees, journey, kinds
from kiosk.procedures.answers import Draft
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.kinds.choices import OTHER
from kiosk.procedures.model import Field, FormStep
from kiosk.vietnam.money import format_money


def counted_list(form: FormContext, draft: Draft) -> CountedList | None:
    """Return the counted list of a page, or its sum on the page whose card files the form; None elsewhere."""
    step = form.page.step
    if form.page.part:
        return None
    if step.counts:
        return _list(form, draft, step=step, is_sum=False)
    if form.procedure.by_card and step.person is not None:
        counted = next((other for other in form.procedure.steps if other.counts), None)
        return _list(form, draft, step=counted, is_sum=True) if counted else None
    return None


def _list(form: FormContext, draft: Draft, *, step: FormStep, is_sum: bool) -> CountedList:
    _ = translator(form.lang)
    field = form.procedure.by_key[step.rows]
    answers = form.complete_answers(draft)
    due = fees.due(form.procedure, answers, form.today)
    fee = next((fee for fee in due if fee.pages and fee.per == field.key), None)
    rows = list(draft.answers.get(field.key) or ())
    copies = sum(int(row.get(_columns(fee)[1]) or 0) for row in rows) if fee else len(rows)
    total = sum(fees.total(one, answers) or 0 for one in due)
    shown = _chosen(form, field, rows, fee) if is_sum else _all_choices(form, field, rows, fee)
    return CountedList(
        rows=tuple(shown),
        post=form.urls.url_of("step", page=step.id),
        words=_("%(papers)s giấy, %(copies)s bản", papers=len(rows), copies=copies) if rows else "",
        total=format_money(total, form.lang) if rows else "",
        rule=_rule(fee, form.lang) if fee else "",
        notes=tuple(note.say.of(form.lang) for note in form.procedure.notes if not note.when),
        is_full=len(rows) >= journey.most_rows(form.procedure, step),
    )


def _rule(fee: AppliedFee, lang: str) -> str:
    each = fee.each.of(lang) if fee.each else ""
    return f"{format_money(fee.amount or 0, lang)} {each}".rstrip()


def _columns(fee: AppliedFee) -> tuple[str, str]:
    """Return the columns of pages and copies of a fee by pages."""
    pages = fee.pages or {}
    return str(pages.get("column", "")), str(pages.get("copies", ""))


def _all_choices(
    form: FormContext, field: Field, rows: list[Mapping[str, Any]], fee: AppliedFee | None
) -> list[CountRow]:
    """Return every choice in the order of the file, with copies where it was chosen; then what was named by hand."""
    choice = field.fields[0]
    column = field.fields[-1]
    listed: list[CountRow] = []
    for option in choice.options:
        if option.id == OTHER:
            continue
        found = [index for index, row in enumerate(rows) if row.get(choice.key) == option.id]
        listed += [_row(form, field, rows, index=index, column=column, fee=fee) for index in found]
        listed += [] if found else [CountRow(id=option.id, label=option.label.of(form.lang))]
    ids = {option.id for option in choice.options if option.id != OTHER}
    by_hand = [index for index, row in enumerate(rows) if row.get(choice.key) not in ids]
    return [*listed, *(_row(form, field, rows, index=index, column=column, fee=fee) for index in by_hand)]


def _chosen(form: FormContext, field: Field, rows: list[Mapping[str, Any]], fee: AppliedFee | None) -> list[CountRow]:
    """Return the rows of the list with their pages to count and their amounts."""
    column = next((item for item in field.fields if fee and item.key == _columns(fee)[0]), field.fields[-1])
    return [_row(form, field, rows, index=index, column=column, fee=fee) for index in range(len(rows))]


def _row(
    form: FormContext, field: Field, rows: list[Mapping[str, Any]], *, index: int, column: Field, fee: AppliedFee | None
) -> CountRow:
    row = rows[index]
    choice = field.fields[0]
    pages, copies = _columns(fee) if fee else ("", "")
    amount = fees.total(fee, {field.key: [row]}) if fee else None
    return CountRow(
        id=str(row.get(choice.key, "")),
        label=kinds.of(choice).on_screen(choice, row.get(choice.key), form.lang),
        index=index,
        pages=str(row.get(pages) or 1),
        copies=str(row.get(copies) or 1),
        most=column.high or journey.MAX_ROWS,
        amount=format_money(amount, form.lang) if amount is not None else "",
        name=f"{field.key}.{index}.{column.key}",
        others=tuple(
            (f"{field.key}.{index}.{item.key}", str(row.get(item.key) or ""))
            for item in field.fields[1:]
            if item.key != column.key
        ),
    )
