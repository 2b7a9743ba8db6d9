"""Back keeps typed text and scans; a changed situation keeps the form; the list of papers is printed."""

import printers.spool
from kiosk import papers
from kiosk.acts.printing import MAX_LISTS
from printers.render import text
from tests.journeys.people import NEED, begin_birth, birth_until_check, father, mother_registers
from tests.journeys.walker import Walker

CHOSEN = f"{NEED}?cha_me=da_ket_hon&noi_de=co_so_y_te"


def test_back_keeps_what_stands_in_the_boxes(walker: Walker) -> None:
    father(mother_registers(begin_birth(walker)))
    walker.fill(con_ho_ten="Trần Nguyễn Bảo", back="1")
    assert walker.at == "/form/nguoi_cha"
    walker.go("/form/ten_be")
    assert walker.form().sends["con_ho_ten"] == "Trần Nguyễn Bảo"
    assert "Còn 1 chỗ cần xem lại" not in walker.words, "what was not sent is not refused"


def test_back_from_a_finished_page_leaves_it_finished(walker: Walker) -> None:
    birth_until_check(walker)
    walker.go("/form/ten_be").fill(back="1")
    assert walker.at == "/form/nguoi_cha"
    walker.go("/form/check")
    assert walker.at == "/form/check"


def test_the_page_after_submit_leads_an_open_form_to_its_check_page(walker: Walker) -> None:
    """Check the address of a page that was left in the browser when the post of Submit never arrived."""
    birth_until_check(walker)
    assert walker.go("/done").at == "/form/check"
    other = Walker(walker.app).go("/")
    mother_registers(begin_birth(other))
    assert other.go("/done").at == "/form/nguoi_cha", "the check page leads to what is not filled in"


def test_back_from_typing_a_person_waits_for_the_card_again(walker: Walker) -> None:
    begin_birth(walker).press("by-hand")
    assert walker.at == "/form/nguoi_khai.name"
    walker.fill(back="1")
    assert walker.at == "/form/nguoi_khai"
    assert 'data-poll="' in walker.page
    walker.press("by-hand").fill(nyc_ho_ten="Lê Thị Bưởi")
    walker.go("/form/nguoi_khai.name").fill(back="1")
    assert walker.at == NEED, "a person with a name is not forgotten"


def test_back_to_the_papers_keeps_situation_and_cards(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    walker.go("/form/nguoi_khai").fill(back="1")
    assert walker.at == NEED
    assert "Cha mẹ của bé đã đăng ký kết hôn chưa? Đã đăng ký" in walker.words
    assert "Khai tiếp" in walker.words
    walker.fill()
    assert walker.at == "/form/nguoi_cha"


def test_the_situation_is_changed_from_the_check_page(walker: Walker) -> None:
    birth_until_check(walker)
    assert "Trường hợp Cha mẹ của bé đã đăng ký kết hôn chưa? Đã đăng ký" in walker.words
    walker.follow(f"{NEED}?change=1").fill(cha_me="me_don_than")
    assert walker.at in {"/form/check", "/form/missing"}
    walker.go("/form/check")
    assert "Chưa, chỉ ghi tên mẹ" in walker.words
    assert "Trần Văn Phước" not in walker.words, "a mother alone has no father in the form"
    assert "Nguyễn Thị Diệu Hiền" in walker.words


def test_papers_come_when_the_situation_is_known(walker: Walker) -> None:
    walker.go(NEED)
    assert "Giấy chứng sinh, bản chính" not in walker.words
    walker.go(CHOSEN)
    assert "Cần mang 2 loại giấy tờ" in walker.words
    assert "Giấy chứng sinh, bản chính" in walker.words
    walker.follow(f"{NEED}?cha_me=da_ket_hon&noi_de=co_so_y_te&change=1")
    assert walker.form().sends["cha_me"] == "da_ket_hon"


def test_papers_are_printed_before_the_form_and_again_on_request(walker: Walker) -> None:
    walker.go(CHOSEN)
    for _ in range(MAX_LISTS):
        repeated = walker.html, walker.at
        walker.press(f"{NEED}/print")
        after = walker.html, walker.at
        walker.html, walker.at = repeated
        walker.press(f"{NEED}/print")  # the same touch again
        walker.html, walker.at = after
    assert "In ra" not in walker.words
    assert "In lại" not in walker.words
    with walker.context.store.read() as db:
        ids = [row["id"] for row in db.query("select id from jobs where kind = 'missing'")]
        job = printers.spool.find_by_id(db, ids[0])
    assert len(ids) == MAX_LISTS
    assert job is not None
    document = papers.compose(walker.context, "missing", job.subject, job.facts)
    assert document is not None
    printed = text.render(document, columns=200)
    assert "Giấy chứng sinh, bản chính" in printed


def test_a_number_of_a_print_that_nobody_has_printed_is_left_out(walker: Walker) -> None:
    walker.go(f"{CHOSEN}&job={'9' * 5000}&copy=1")
    assert walker.answer.status_code == 200
    assert "Danh sách đang in." not in walker.words


def test_an_event_with_one_procedure_goes_straight_to_it(walker: Walker) -> None:
    walker.go("/choose")
    assert 'href="/need/LOCAL-TAPHUAN"' in walker.page, "the class is the only procedure about learning"
    assert 'href="/choose?event=co_con"' in walker.page


def test_the_list_of_papers_is_reached_again_from_the_check_page(walker: Walker) -> None:
    birth_until_check(walker)
    walker.follow("/form/missing?bring=1")
    assert "Giấy chứng sinh, bản chính" in walker.words
    walker.press("/form/missing/print")
    assert "Danh sách đang in." in walker.words
    assert "In lại" in walker.words
