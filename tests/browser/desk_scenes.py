"""Scenes of the desk that docs/officer.md shows, in the order of a walk through a morning.

An officer, a citizen at the touchscreen, then the lead. Each scene leads from the one before to what its picture shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.procedures.kinds.sessions import CALL_BACK
from kiosk.worker import Worker
from tests.browser.desk_days import AFTER_UNDO, BIRTH, COPY, waiting_number
from tests.browser.keyboard_scanner import KeyboardScanner
from tests.browser.laptop import sign_in_officer, wait_for_page
from tests.browser.person import Person
from tests.heartbeats import beat
from tests.journeys.walker import card_line

OFFICER = "hoaian"
LEAD = "thuytrang"
CHILD = "Trần Nguyễn Bảo Ngọc"
CLASS = "LOCAL-TAPHUAN"
CLASS_PEOPLE = (
    ("Hồ Thị Mẫu Một", "1958", "0914000111"),
    ("Lê Văn Mẫu Hai", "1962", "0914000222"),
    ("Trần Thị Mẫu Ba", "1971", "0914000333"),
)
OFFICIAL_NO = "H57.99.01-261125-0042"


@dataclass
class Stage:
    """The walk: the kiosk behind it, the officer's page, the citizen's touchscreen, the lead's page."""

    context: Context
    clock: FixedClock
    worker: Worker
    password: str
    desk: Page
    citizen: Person
    lead: Page

    def call(self, label: str) -> None:
        """Touch a number in the queue, and serve its citizen."""
        self.desk.get_by_role("button", name=f"Gọi {label}", exact=True).click()
        expect(self.desk.locator(".plaque b")).to_have_text(label)
        self.press("F7")
        expect(self.desk.locator(".plaque")).to_contain_text("ở quầy")
        wait_for_page(self.desk)

    def press(self, key: str) -> None:
        """Press a key of the desk once the page takes keys."""
        wait_for_page(self.desk)
        self.desk.keyboard.press(key)

    def go(self, path: str) -> Page:
        """Open a page of the desk."""
        self.desk.goto(path)
        wait_for_page(self.desk)
        return self.desk


Scene = Callable[[Stage], Page | Locator]


def show_sign_in(stage: Stage) -> Page:
    """Fill in the sign-in page."""
    desk = stage.desk
    desk.goto("/officer/")
    desk.fill("#login", OFFICER)
    desk.fill("#password", stage.password)
    desk.check("input[name=counter][value='1']")
    return desk


def show_desk(stage: Stage) -> Page:
    """Sign in, and call the first number."""
    desk = stage.desk
    desk.click("button.main")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")
    stage.press("F2")
    expect(desk.locator(".plaque b")).to_be_visible()
    wait_for_page(desk)
    return desk


def show_queue(stage: Stage) -> Locator:
    """Show the panel at the left alone."""
    return stage.desk.locator(".queue")


def show_command(stage: Stage) -> Page:
    """Find numbers of today in the field for everything."""
    desk = stage.desk
    stage.press("Control+k")
    desk.locator(".command [name=text]").fill("a00")
    expect(desk.locator(".command [data-results] [data-call]").first).to_be_visible()
    return desk


def show_end(stage: Stage) -> Page:
    """Keep the number, serve one without a form, and end it: two certified copies, paid in cash."""
    desk = stage.desk
    desk.keyboard.press("Escape")
    stage.press("F6")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")
    wait_for_page(desk)
    stage.call(waiting_number(stage.context).label)
    stage.press("F8")
    expect(desk.locator("main h1")).to_contain_text("Lượt này là gì?")
    wait_for_page(desk)
    copy = desk.locator("#service-0 option[data-pages]").first.get_attribute("value")
    desk.select_option("#service-0", copy)
    desk.fill("#copies-0", "2")
    desk.fill("#pages-0", "3")
    desk.check("[name=pay][value=cash]")
    return desk


def show_case(stage: Stage) -> Page:
    """Record the copies, call a birth registration, and tick its first paper."""
    desk = stage.desk
    stage.press("F8")
    expect(desk.locator(".plaque")).to_contain_text("Quầy trống")
    wait_for_page(desk)
    stage.call(waiting_number(stage.context, BIRTH).label)
    stage.press("1")
    expect(desk.locator("#ticks fieldset").first).to_contain_text("Lê Hoài An")
    wait_for_page(desk)
    return desk


def show_call(stage: Stage) -> Page:
    """Let a citizen call from the touchscreen while the case is open."""
    citizen = stage.citizen.stay()
    citizen.begin_birth()
    citizen.fill_mother()
    citizen.fill_father()
    citizen.page.get_by_role("button", name="Gọi cán bộ giúp").tap()
    expect(stage.desk.locator(".call-row")).to_be_visible()
    return stage.desk


def show_together(stage: Stage) -> Page:
    """Open the citizen's draft at the desk, and type a name."""
    desk = stage.desk
    desk.get_by_role("button", name="Mở tại quầy").click()
    expect(desk.locator("#turn-box")).to_contain_text("đang giữ lượt gõ.")
    wait_for_page(desk)
    desk.locator("#con_ho_ten").fill(CHILD)
    expect(stage.citizen.page.locator(".together-typed")).to_contain_text(CHILD.upper())
    return desk


def show_assist(stage: Stage) -> Page:
    """Give the draft back, and begin a form for somebody else with a card."""
    desk = stage.desk
    desk.get_by_role("button", name="Đưa lên").click()
    expect(desk.get_by_text("Bản khai đã về màn hình của người dân.")).to_be_visible()
    desk.locator(".call-row").get_by_role("button", name="Xong").click()
    expect(desk.locator(".call-row")).to_have_count(0)
    stage.go(f"/officer/assist/new/{COPY}")
    desk.check("input[name=giay_nao][value=khai_sinh]", force=True)
    desk.check("input[name=comes][value=self]", force=True)
    with desk.expect_navigation():
        desk.click("[data-ctrl-enter]")
    wait_for_page(desk)
    with desk.expect_navigation():
        KeyboardScanner(desk).send(card_line("me"))
    wait_for_page(desk)
    return desk


def show_reception(stage: Stage) -> Page:
    """Choose a procedure at the door."""
    return stage.go(f"/officer/reception?code={BIRTH}")


def show_accept(stage: Stage) -> Page:
    """Fill in the acceptance of the birth registration."""
    desk = stage.go("/officer/")
    stage.press("2")
    expect(desk.locator("[data-key='2']")).to_be_checked()
    stage.press("F9")
    expect(desk.locator("#official_no")).to_be_focused()
    wait_for_page(desk)
    desk.keyboard.type(OFFICIAL_NO)
    return desk


def show_print(stage: Stage) -> Page:
    """Accept, print both papers, and wait until the decision cannot be undone."""
    desk = stage.desk
    desk.keyboard.press("F9")
    expect(desk.locator("main .note")).to_contain_text("Đã tiếp nhận hồ sơ")
    stage.press("F10")
    expect(desk.locator("main .note")).to_contain_text("Giấy đang in")
    while stage.worker.step():
        pass
    stage.clock.advance(AFTER_UNDO)
    beat(stage.context)
    stage.go("/officer/")
    expect(desk.locator(".prints .printed")).to_have_count(2)
    return desk


def show_hand_out(stage: Stage) -> Page:
    """Open the handing out of the result."""
    desk = stage.desk
    desk.get_by_role("button", name="Trả kết quả").click()
    expect(desk.locator("#decide")).to_be_visible()
    wait_for_page(desk)
    desk.locator("[name=relation]").first.check()
    return desk


def show_work(stage: Stage) -> Page:
    """Open the first row of the work list."""
    desk = stage.go("/officer/work")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Space")
    expect(desk.locator(".inside .folder")).to_be_visible()
    wait_for_page(desk)
    desk.evaluate("scrollTo(0, 0)")
    return desk


def show_cash(stage: Stage) -> Page:
    """Count the notes of the cash sheet."""
    desk = stage.go("/officer/fees/cash")
    desk.fill("#n5000", "2")
    desk.get_by_role("button", name="Xem, tính lại").click()
    expect(desk.locator(".cash-sum")).to_contain_text("khớp")
    return desk


def show_now(stage: Stage) -> Page:
    """Sign in as the lead: the service now."""
    lead = stage.lead
    lead.goto("/signin")
    sign_in_officer(lead, LEAD, stage.password)
    return _lead(stage, "now")


def show_figures(stage: Stage) -> Page:
    """Open the figures of the day."""
    return _lead(stage, "day")


def show_people(stage: Stage) -> Page:
    """Open people and counters."""
    return _lead(stage, "people")


def show_plan(stage: Stage) -> Page:
    """Open series, counters and opening hours."""
    return _lead(stage, "plan")


def show_class_calls(stage: Stage) -> Page:
    """Open the call-back list of the classes: two people wait, one was called once, one is invited."""
    context = stage.context
    procedure = context.catalogue.in_force(CLASS, context.clock.today())
    assert procedure
    for name, year, phone in CLASS_PEOPLE:
        answers = {"ho_ten": name, "nam_sinh": year, "dien_thoai": phone, "doi_tuong": "nguoi_dan", "buoi": CALL_BACK}
        with context.store.write() as db:
            filing.file_submission(db, context, codes.new_id(), procedure, answers | {"noi_dung": ["vneid", "nop"]})
    lead = _lead(stage, "training/calls")
    lead.get_by_role("button", name=f"Chưa gặp: {CLASS_PEOPLE[0][0]}").click()
    wait_for_page(lead)
    lead.get_by_role("button", name=f"Xếp vào buổi: {CLASS_PEOPLE[2][0]}").click()
    expect(lead.get_by_text("Đã xong, 7 ngày gần đây")).to_be_visible()
    wait_for_page(lead)
    return lead


def show_compare(stage: Stage) -> Page:
    """Compare the first three facts of a procedure."""
    lead = _lead(stage, f"compare/{BIRTH}")
    for _ in range(3):
        lead.keyboard.press("d")
        wait_for_page(lead)
    return lead


def _lead(stage: Stage, page: str) -> Page:
    stage.lead.goto(f"/officer/{page}")
    wait_for_page(stage.lead)
    return stage.lead


SCENES: Mapping[str, Scene] = {
    "sign-in": show_sign_in,
    "desk": show_desk,
    "queue": show_queue,
    "command": show_command,
    "end": show_end,
    "case": show_case,
    "call": show_call,
    "together": show_together,
    "assist": show_assist,
    "reception": show_reception,
    "accept": show_accept,
    "print": show_print,
    "hand-out": show_hand_out,
    "work": show_work,
    "cash": show_cash,
    "now": show_now,
    "figures": show_figures,
    "people": show_people,
    "plan": show_plan,
    "class-calls": show_class_calls,
    "compare": show_compare,
}
"""Picture -> scene, in the order of the walk."""
