"""Pages of a form at the desk: a step with a person is one page, a card fills it in, a list has a page for each row.

Shared by the correction of a submitted form and by a form that an officer fills in for a citizen.
"""

from datetime import date

from kiosk.pages.access import context
from kiosk.pages.forms import buttons, parsing, person_block
from kiosk.pages.forms.card_filling import fill_from_card, is_number_of_someone_else
from kiosk.pages.forms.parsing import FieldErrors, FormContext
from kiosk.pages.forms.view_models import OldWardChoice
from kiosk.procedures import journey, revision
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import holds
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import PersonStep, Procedure
from kiosk.vietnam import id_card

BUTTONS = {"skip": buttons.skip_person, "same": buttons.use_same_person, "none": buttons.leave_empty}
"""Secondary buttons of a page: leave a person out, take the same person, answer with nothing."""
CARD_READ = "card"
CARD_MESSAGES = {
    CARD_READ: "Đã đọc thẻ. Đọc lại cho người dân nghe.",
    "no_person": "Trang này không hỏi về một người, nên thẻ không điền vào đâu. Mở trang của người đó rồi quét lại.",
    "vietqr": "Đây là mã chuyển tiền, không phải thẻ căn cước.",
    "bhyt": "Đây là mã thẻ bảo hiểm y tế, không phải thẻ căn cước.",
    "wifi": "Đây là mã Wi-Fi, không phải thẻ căn cước.",
    "url": "Đây là mã mở trang web, không phải thẻ căn cước.",
    "slip": "Đây là phiếu của máy, không phải thẻ căn cước.",
    "garbage": "Đây không phải mã trên thẻ căn cước.",
    "garbled": "Đầu đọc đọc chưa rõ. Quét lại, hoặc gõ theo thẻ.",
    "too_long": "Đây không phải mã trên thẻ căn cước.",
    "bad_date": "Ngày sinh trong mã không có thật. Gõ theo thẻ.",
    "lost": "Đầu đọc làm mất dấu của họ tên. Gõ lại họ tên theo thẻ.",
    "not_practice": "Đây là thẻ thật. Phần tập chỉ dùng thẻ tập; máy không giữ gì.",
    "same": "Thẻ này đã quét cho người khác trong tờ khai. Quét thẻ của người đang hỏi.",
}
"""Result of a scan -> sentence for the officer."""


def find_page(procedure: Procedure, draft: Draft, page_id: str, today: date) -> FormPage | None:
    """Return the page of a whole step, or of one row of it; None where the form does not ask for it."""
    step_id, _dot, part = page_id.partition(".")
    step = procedure.by_step.get(step_id)
    if step is None or not holds(step.when, journey.answers_with_situations(procedure, draft, today), today):
        return None
    if not step.rows or not part:
        return revision.whole_step(step)
    count = len(draft.answers.get(step.rows) or [])
    is_row = part.isascii() and part.isdigit() and int(part) <= count and int(part) < journey.most_rows(procedure, step)
    return FormPage(step, part) if is_row else None


def apply_page(form: FormContext, draft: Draft, posted: dict[str, str]) -> FieldErrors:
    """Put the answers of a step into the draft; a step with errors stays unfinished."""
    step = form.page.step
    if _stays_skipped(form, draft, posted):
        return []
    is_by_card = _is_by_card(form, draft)
    errors = parsing.apply_answers(form, draft, posted, left_out=posted.get("unknown", ""))
    if errors:
        draft.done[:] = [page_id for page_id in draft.done if page_id.partition(".")[0] != step.id]
        return errors
    if step.id in draft.skipped:
        draft.skipped.remove(step.id)
    if step.person and not is_by_card and step.id not in draft.by_hand:
        draft.by_hand.append(step.id)
    revision.mark_step_done(form.procedure, draft, step, today=form.check_context.today)
    return errors


def person_of(procedure: Procedure, page: FormPage) -> PersonStep | None:
    """Return the person whom a card fills in on a page of the desk."""
    return journey.person_on(procedure, _card_page(page))


def apply_card(form: FormContext, draft: Draft, line: str) -> str:
    """Fill in the person of a page from the line that a scanner typed; return a key of `CARD_MESSAGES`."""
    procedure = form.procedure
    page = _card_page(form.page)
    person = journey.person_on(procedure, page)
    if person is None:
        return "no_person"
    reading = id_card.parse(line, context().clock.today(), is_typed=True)
    if isinstance(reading, id_card.NotACard):
        return reading.kind
    if context().config.kiosk.practice and not id_card.is_practice(reading.id_number):
        return "not_practice"
    if is_number_of_someone_else(procedure, draft, page=page, number=reading.id_number, today=form.today):
        return "same"
    fill_from_card(procedure, draft, page=page, card=reading)
    _forget_typed(draft, form.page, person)
    draft.done[:] = [page_id for page_id in draft.done if page_id.partition(".")[0] != page.step.id]
    return "lost" if reading.lossy else CARD_READ


def old_ward(form: FormContext, draft: Draft, errors: FieldErrors) -> OldWardChoice | None:
    """Return the question about a ward of the card that was merged; None on a page without one."""
    person = form.page.step.person
    if person is None or form.page.part != journey.WHOLE:
        return None
    return person_block.old_ward_choice(form, draft, person=person, errors=dict(errors))


def _card_page(page: FormPage) -> FormPage:
    return FormPage(page.step) if page.part == journey.WHOLE else page


def _forget_typed(draft: Draft, page: FormPage, person: PersonStep) -> None:
    """Forget what was typed into the boxes that a card has filled in."""
    filled = {key for key in person.fills.values() if draft.get(key) is not None}
    typed = draft.typed.get(page.id, {})
    rest = {
        box: text for box, text in typed.items() if not any(box == key or box.startswith(f"{key}.") for key in filled)
    }
    if rest:
        draft.typed[page.id] = rest
    else:
        draft.typed.pop(page.id, None)


def _is_by_card(form: FormContext, draft: Draft) -> bool:
    """Return whether a card gave the name of the page's person; a name that lost its marks counts as typed."""
    person = form.page.step.person
    name_key = person.fills.get("full_name", "") if person else ""
    return draft.sources.get(name_key) == "card" and form.page.step.id not in draft.by_hand


def _stays_skipped(form: FormContext, draft: Draft, posted: dict[str, str]) -> bool:
    """Return whether a person who was left out is still left out: nobody has typed a name."""
    person = form.page.step.person
    if person is None or form.page.step.id not in draft.skipped:
        return False
    return not posted.get(person.fills.get("full_name", ""), "").strip()
