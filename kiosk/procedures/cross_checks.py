"""Cross-reference checks of a procedure file: unknown fields, options, steps and rules, and the order of pages.

Each function returns all errors of its kind, with their places in the file; nothing is raised here.
"""

from collections.abc import Iterator, Sequence

from kiosk.procedures import kinds
from kiosk.procedures.answers import DERIVE_SOURCES, copy_source, field_at, place_of_part
from kiosk.procedures.base import Condition, When
from kiosk.procedures.conditions import leaf_conditions
from kiosk.procedures.file_errors import FileError, FileErrors, one_of, suggestion
from kiosk.procedures.languages import language_errors
from kiosk.procedures.life_events import shipped_events
from kiosk.procedures.model import Declaration, Fee, FeeRate, Field, FormStep, Procedure
from kiosk.procedures.overrides import RESOLUTION_MISSING
from kiosk.procedures.page_checks import filled, page_errors, possible_answers
from kiosk.procedures.printed_forms import placed_forms
from kiosk.procedures.rule_checks import rule_errors
from kiosk.procedures.text_checks import keys_in, printed_texts, text_errors
from kiosk.procedures.value_checks import condition_errors, value_errors

_WITH_OPTIONS = frozenset({"choice", "choice_text", "multichoice", "sex", "boolean", "money", "id_document"})
HIGHEST_FEE = 1_000_000_000  # dong


def errors_of(procedure: Procedure, events: Sequence[str] | None = None) -> FileErrors:
    """Return an error for each name in a procedure that does not exist, and for each page out of order.

    Args:
        procedure: the procedure.
        events: ids of the life events; None: the shipped ones.
    """
    known_events = [event.id for event in shipped_events()] if events is None else events
    errors = [
        *_duplicates(procedure),
        *_head(procedure, known_events),
        *_certifies(procedure),
        *_fees(procedure),
        *_elsewhere(procedure),
        *(error for item in procedure.fields for error in _field(item, f"field[{item.key}]")),
        *(error for item in procedure.fields for error in _derived(procedure, item)),
        *(error for where, when in _conditions(procedure) for error in _condition(procedure, where, when)),
        *(error for step in procedure.steps for error in _step(procedure, step)),
        *rule_errors(procedure),
        *_cards(procedure),
        *_copies(procedure),
        *value_errors(procedure),
        *_printed_keys(procedure),
        *text_errors(procedure),
        *language_errors(procedure),
    ]
    return errors or list(page_errors(procedure))  # pages are judged by conditions that are right


def _duplicates(procedure: Procedure) -> Iterator[FileError]:
    names = {
        "field": [item.key for item in procedure.fields],
        "step": [item.id for item in procedure.steps],
        "check": [item.id for item in procedure.checks],
        "situation": [item.key for item in procedure.situations],
        "paper": [item.id for item in procedure.papers],
        "fee": [item.id for item in procedure.fees],
        "enclosed": [item.id for item in procedure.enclosed],
    }
    for table, table_names in names.items():
        for name in sorted({name for name in table_names if table_names.count(name) > 1}):
            yield FileError(f"{table}[{name}]", f"{table} '{name}' có hai lần; mỗi tên chỉ dùng một lần")


def _elsewhere(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each option that opens another procedure without the words for it."""
    for situation in procedure.situations:
        for option in situation.options:
            if option.procedure and not (option.officer and option.say):
                place = f"situation[{situation.key}].options[{option.id}]"
                yield FileError(place, f'procedure = "{option.procedure}" thì phải có officer = true và say')


def _head(procedure: Procedure, events: Sequence[str]) -> Iterator[FileError]:
    if procedure.event and procedure.event not in events:
        message = f"'{procedure.event}' phải là {one_of(events)}"
        yield FileError("event", message + suggestion(procedure.event, events))
    if procedure.enclosed and procedure.declaration is None:
        yield FileError(f"enclosed[{procedure.enclosed[0].id}]", "giấy kèm theo tờ khai thì phải có [declaration]")
    if procedure.by_card and (procedure.declaration or not any(step.person for step in procedure.steps)):
        yield FileError("by_card", "chỉ cho thủ tục có trang quét thẻ và không in tờ khai")
    if procedure.effective_to and procedure.effective_to < procedure.effective_from:
        yield FileError("effective_to", "đứng trước effective_from; xem lại hai ngày này")
    for number, time in enumerate(procedure.times, 1):
        if time.days < 0:
            yield FileError(f"time[{number}].days", "số ngày không được âm; trong ngày thì ghi 0")


def _certifies(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each name of a field that the form does not have."""
    certifies = procedure.certifies
    keys = {"paper": certifies.paper, "pages": certifies.pages} if certifies else {}
    for name, key in keys.items():
        if key and field_at(procedure, key) is None:
            yield _no_field(procedure, f"certifies.{name}", key)


def _fees(procedure: Procedure) -> Iterator[FileError]:
    for fee in procedure.fees:
        place = f"fee[{fee.id}]"
        yield from _amounts(fee)
        keys = [(f"{place}.per", fee.per)] if fee.per else []
        keys += [(f"{place}.days", key) for key in fee.days]
        if fee.pages:
            keys += [(f"{place}.pages", f"{fee.per}.{fee.pages.get(name, '')}") for name in ("column", "copies")]
        yield from (_no_field(procedure, at, key) for at, key in keys if field_at(procedure, key) is None)
        for number, rate in enumerate(fee.rates, 1):
            if not rate.when:
                message = "bậc phí phải có when; mức của mọi trường hợp còn lại là amount của khoản phí"
                yield FileError(f"{place}.rate[{number}]", message)


def _amounts(fee: Fee) -> Iterator[FileError]:
    for place, amount in _placed_amounts(fee):
        if amount is not None and amount < 0:
            yield FileError(place, "số tiền không được âm")
        if amount is not None and amount > HIGHEST_FEE:
            yield FileError(place, f"lệ phí trên {HIGHEST_FEE:_} đồng: xem lại số 0".replace("_", "."))
    if fee.local_options and fee.resolution is None:
        yield FileError(f"fee[{fee.id}].local_options", RESOLUTION_MISSING)
    for place, dated in ((f"fee[{fee.id}]", fee), (f"fee[{fee.id}].resolution", fee.resolution)):
        if dated and dated.from_ and dated.to and dated.to < dated.from_:
            yield FileError(f"{place}.to", "đứng trước from; xem lại hai ngày này")


def _placed_amounts(fee: Fee) -> Iterator[tuple[str, int | None]]:
    """Yield (place, amount) of a fee and of its rates."""
    placed: list[tuple[str, Fee | FeeRate]] = [(f"fee[{fee.id}]", fee)]
    placed += [(f"fee[{fee.id}].rate[{number}]", rate) for number, rate in enumerate(fee.rates, 1)]
    for place, priced in placed:
        yield f"{place}.amount", priced.amount
        yield f"{place}.online", priced.online


def _cards(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each identity number of a paper that no scan fills."""
    numbers = {step.person.fills.get("id", "") for step in procedure.steps if step.person}
    for paper in procedure.papers:
        for key in paper.cards:
            if key not in numbers:
                message = f"'{key}' không phải ô id của người nào trên các trang"
                yield FileError(f"paper[{paper.id}].cards", message + suggestion(key, sorted(numbers)))


def _no_field(procedure: Procedure, place: str, key: str) -> FileError:
    known = [item.key for item in procedure.fields]
    return FileError(place, f"không có ô '{key}'{suggestion(key, known)}")


def _field(item: Field, place: str) -> Iterator[FileError]:
    if item.asked and item.kind not in kinds.NAMES:
        message = f"'{item.kind}' phải là {one_of(kinds.NAMES)}"
        yield FileError(f"{place}.kind", message + suggestion(item.kind, kinds.NAMES))
    if item.kind in {"choice", "choice_text", "multichoice"} and not item.options:
        yield FileError(place, f'kind = "{item.kind}" thì phải có options')
    if item.options and item.kind in kinds.NAMES and item.kind not in _WITH_OPTIONS:
        yield FileError(
            f"{place}.options", f"ô loại {item.kind} không có lựa chọn; chỉ {one_of(sorted(_WITH_OPTIONS))}"
        )
    options = [option.id for option in item.options]
    for name in sorted(set(item.quick) - set(options)):
        yield FileError(f"{place}.quick", f"'{name}' không có trong options{suggestion(name, options)}")
    for part in item.fields:
        yield from _field(part, f"{place}.field[{part.key}]")


def _derived(procedure: Procedure, item: Field) -> Iterator[FileError]:
    rule = item.derive or {}
    if rule and rule.get("from") not in DERIVE_SOURCES and field_at(procedure, rule.get("date_in_words", "?")) is None:
        message = f"phải là {{ from = ... }} với {one_of(DERIVE_SOURCES)}; hoặc {{ date_in_words = một ô ngày }}"
        yield FileError(f"field[{item.key}].derive", message)


def _conditions(procedure: Procedure) -> Iterator[tuple[str, When]]:
    """Yield (place, conditions) of everything that has conditions."""
    yield from _conditions_of_form(procedure)
    yield from ((f"paper[{paper.id}].when", paper.when) for paper in procedure.papers)
    yield from ((f"time[{number}].when", time.when) for number, time in enumerate(procedure.times, 1))
    for fee in procedure.fees:
        yield f"fee[{fee.id}].when", fee.when
        yield from ((f"fee[{fee.id}].rate[{number}].when", rate.when) for number, rate in enumerate(fee.rates, 1))
    yield from ((f"note[{number}].when", note.when) for number, note in enumerate(procedure.notes, 1))
    yield from ((f"copy[{number}].when", copy.when) for number, copy in enumerate(procedure.copies, 1))
    yield from ((f"enclosed[{form.id}].when", form.when) for form in procedure.enclosed)
    for place, form in placed_forms(procedure):
        yield from _conditions_of_printed(form, place)


def _conditions_of_form(procedure: Procedure) -> Iterator[tuple[str, When]]:
    for item in procedure.fields:
        yield f"field[{item.key}].when", item.when + item.required_when
    for step in procedure.steps:
        yield f"step[{step.id}].when", step.when
    for check in procedure.checks:
        yield f"check[{check.id}].when", check.when
    for step in procedure.steps:
        if step.person:
            yield f"step[{step.id}].person.applies", step.person.applies


def _conditions_of_printed(form: Declaration, place: str) -> Iterator[tuple[str, When]]:
    for signature in form.signatures:
        yield f"{place}.signature[{signature.key}].when", signature.when
    for number, line in enumerate(form.lines, 1):
        yield f"{place}.line[{number}].when", line.when


def _condition(procedure: Procedure, place: str, when: When) -> Iterator[FileError]:
    for condition in leaf_conditions(when):
        key = condition.key
        answers = possible_answers(procedure, key)
        if answers is None:
            names = [*procedure.by_key, *(situation.key for situation in procedure.situations)]
            message = f"điều kiện hỏi '{key}', không có ô hay situation nào tên đó{suggestion(key, names)}"
            yield FileError(place, message)
            continue
        yield from condition_errors(procedure, place, (condition,))
        for value in _values(condition) if answers else ():
            if value not in answers:
                possible = one_of(_as_written(answer) for answer in answers if answer is not None)
                yield FileError(
                    place, f"điều kiện hỏi '{key}' có là '{value}' không, mà '{key}' chỉ trả lời {possible}"
                )


def _as_written(answer: object) -> str:
    """Return an answer as a file writes it: true, not True."""
    return str(answer).lower() if isinstance(answer, bool) else str(answer)


def _values(condition: Condition) -> list[object]:
    values = (condition.is_, condition.not_, condition.has, *condition.in_, *condition.not_in)
    return [value for value in values if value is not None]


def _step(procedure: Procedure, step: FormStep) -> Iterator[FileError]:
    sets = tuple(step.person.same_sets) if step.person else ()
    for key in (*step.fields, *filled(step), *sets, *([step.rows] if step.rows else [])):
        if field_at(procedure, key) is None:
            yield _no_field(procedure, f"step[{step.id}]", key)
    for key in sorted(set(step.fields) & set(filled(step))):
        message = f"ô '{key}' vừa ở fields vừa ở fills: trang hỏi hai lần; bỏ ở fields, thẻ không có thì máy tự hỏi"
        yield FileError(f"step[{step.id}].fields", message)
    rows = field_at(procedure, step.rows) if step.rows else None
    if step.counts and (rows is None or not rows.fields or rows.fields[0].kind not in {"choice", "choice_text"}):
        yield FileError(f"step[{step.id}].counts", "cần rows là một danh sách có cột đầu là ô chọn")
    if step.rows and getattr(field_at(procedure, step.rows), "kind", "group_list") != "group_list":
        yield FileError(f"step[{step.id}].rows", f"phải là một ô kind = \"group_list\", mà '{step.rows}' không phải")


def _copies(procedure: Procedure) -> Iterator[FileError]:
    situations = {item.key for item in procedure.situations}
    for number, copy in enumerate(procedure.copies, 1):
        if field_at(procedure, copy.to) is None:
            yield _no_field(procedure, f"copy[{number}].to", copy.to)
        source = copy_source(copy)
        if bool(source) == (copy.value is not None):
            yield FileError(f"copy[{number}]", "cần source hoặc value, một trong hai")
        elif source and source not in situations and field_at(procedure, source) is None:
            yield _no_field(procedure, f"copy[{number}].source", source)


def _printed_keys(procedure: Procedure) -> Iterator[FileError]:
    """Yield an error for each key in the printed forms that the file does not have."""
    keys: list[tuple[str, str]] = []
    for place, form in placed_forms(procedure):
        for number, line in enumerate(form.lines, 1):
            keys += [(f"{place}.line[{number}]", key) for key in (line.boxes, line.table, line.each) if key]
        for signature in form.signatures:
            keys += [(f"{place}.signature[{signature.key}]", key) for key in (signature.key, signature.name) if key]
    keys += [(place, key) for place, text in printed_texts(procedure) for key in keys_in(text)]
    for place, key in keys:
        if field_at(procedure, key) is None and not place_of_part(procedure, key):
            yield _no_field(procedure, place, key)
