import pytest

from kiosk.procedures import checks, journey
from kiosk.procedures.answers import complete, is_answered
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.conditions import holds
from kiosk.procedures.journey import FormPage
from tests.procedures.form_walk import OFFICE, Branch, begin, branches, walked
from tests.procedures.texts import CODES, DAY, procedure

TOGETHER = 200
"""Branches of one test: a test for each of 17,000 branches would take longer to report than to walk."""
BRANCHES = {code: branches(procedure(code)) for code in CODES}
EVERY = [
    pytest.param(code, every[at : at + TOGETHER], id=f"{code}-{at}")
    for code, every in BRANCHES.items()
    for at in range(0, len(every), TOGETHER)
]
SOME = [pytest.param(code, every[at], id=f"{code}-{at}") for code, every in BRANCHES.items() for at in (0, 1, -2, -1)]


@pytest.mark.parametrize(("code", "some"), EVERY)
def test_every_branch_leads_to_the_check_page_with_all_that_is_required(code: str, some: list[Branch]) -> None:
    form = procedure(code)
    for branch in some:
        walk = walked(form, branch)
        assert journey.first_unfinished(form, walk.draft, DAY) is None, branch
        assert len(walk.seen) == len(set(walk.seen)), branch
        full = complete(form, walk.draft.answers, OFFICE, DAY)
        known = full | journey.answers_with_situations(form, walk.draft, DAY)
        missing = [
            item.key
            for item in form.fields
            if item.asked
            and holds(item.when, known, DAY)
            and journey.is_required(item, full, DAY)
            and not is_answered(form, item.key, full)
        ]
        assert missing == [], branch
        assert not [key for key in full if key.startswith("_")], branch


@pytest.mark.parametrize(("code", "branch"), SOME)
def test_no_page_ahead_may_be_visited(code: str, branch: Branch) -> None:
    form = procedure(code)
    walk = begin(form, branch)
    review = next(step for step in form.steps if step.place == "review")
    while page := walk.open_page():
        pages = journey.pages(form, walk.draft, DAY)
        position = pages.index(page)
        assert all(journey.can_visit(form, walk.draft, DAY, other) for other in pages[: position + 1])
        ahead = [other for other in pages[position + 1 :] if other.step.id != page.step.id]
        assert not any(journey.can_visit(form, walk.draft, DAY, other) for other in ahead)
        assert all(journey.find_page(form, walk.draft, DAY, other.id) is None for other in ahead)
        assert not journey.can_visit(form, walk.draft, DAY, FormPage(review))
        walk.answer(page)
    assert journey.can_visit(form, walk.draft, DAY, FormPage(review))


@pytest.mark.parametrize(("code", "branch"), SOME)
def test_the_number_of_parts_is_the_same_on_each_page_and_that_of_a_page_never_falls(code: str, branch: Branch) -> None:
    form = procedure(code)
    walk = begin(form, branch)
    last_number = 0 if form.by_card else 1
    last_title = ""
    totals = set[int]()
    while page := walk.open_page():
        number, total = journey.page_number(form, walk.draft, DAY, page)
        title = page.step.title.vi
        assert number == last_number if title == last_title else number > last_number
        assert number < total or (form.by_card and number == total)
        totals.add(total)
        last_number, last_title = number, title
        walk.answer(page)
    number, total = journey.page_number(form, walk.draft, DAY, None)
    assert number == total
    assert totals == {total}


@pytest.mark.parametrize(("code", "branch"), SOME)
def test_back_and_onward_are_the_pages_beside_this_one(code: str, branch: Branch) -> None:
    form = procedure(code)
    pages = journey.pages(form, walked(form, branch).draft, DAY)
    draft = walked(form, branch).draft
    for at, page in enumerate(pages):
        assert journey.previous_page(form, draft, DAY, page) == (pages[at - 1] if at else None)
        assert journey.next_page(form, draft, DAY, page) == (pages[at + 1] if at + 1 < len(pages) else None)


def test_the_shortest_honest_ways_stay_short() -> None:
    """Count screens from the page "what you need" to the check page, both included."""
    ways = {
        "1.000656": Branch({"mat_o_dau": "benh_vien"}, {"nyc_quan_he": "con", "gbt_loai": "giay_bao_tu"}),
        "1.000894": Branch({"ai_co_mat": "hai_nguoi"}, {}),
        "1.001193": Branch({"cha_me": "da_ket_hon", "noi_de": "co_so_y_te"}, {"nyc_quan_he": "me"}),
        "1.004194": Branch({"o_dau": "thue"}, {"quan_he_chu_ho": "chu_ho"}),
        "1.004873": Branch({"muc_dich": "nha_dat", "khoang_nao": "hien_tai"}, {"nyc_quan_he": "ban_than"}),
        "2.000635": Branch({"giay_nao": "khai_sinh"}, {"nyc_quan_he": "ban_than"}),
    }
    screens = {}
    for code, branch in ways.items():
        form = procedure(code)
        screens[code] = len(journey.pages(form, walked(form, branch).draft, DAY)) + 2
    assert screens == {
        "1.000656": 7, "1.000894": 6, "1.001193": 8, "1.004194": 6, "1.004873": 4, "2.000635": 5,
    }  # fmt: skip


def test_ones_own_record_needs_one_person_page() -> None:
    form = procedure("2.000635")
    own = walked(form, Branch({"giay_nao": "khai_sinh"}, {"nyc_quan_he": "ban_than"}))
    assert [page for page in own.seen if page.startswith("nguoi")] == ["nguoi_khai"]
    other = walked(form, Branch({"giay_nao": "khai_sinh"}, {"nyc_quan_he": "con"}))
    assert [page for page in other.seen if page.startswith("nguoi")] == ["nguoi_khai", "nguoi_tren_giay"]


def test_sex_is_asked_only_when_the_number_does_not_contain_it() -> None:
    form = procedure("2.000635")
    situation = {"giay_nao": "khai_sinh"}
    own = {"nyc_quan_he": "ban_than"}
    card = walked(form, Branch(situation, own))
    assert "gioi_tinh" not in card.seen
    assert complete(form, card.draft.answers, OFFICE, DAY)["nd_gioi_tinh"] == "nu"
    passport = {"nyc_giay_to_tuy_than": {"loai": "ho_chieu", "so": "C1234567"}, "nd_gioi_tinh": "nam"}
    paper = walked(form, Branch(situation, own | passport, by_hand=True))
    assert "gioi_tinh" in paper.seen
    assert complete(form, paper.draft.answers, OFFICE, DAY)["nd_gioi_tinh"] == "nam"


def test_another_record_is_named_on_a_page_of_its_own() -> None:
    form = procedure("2.000635")
    walk = walked(form, Branch({"giay_nao": "khac"}, {"loai_viec": "giam_ho"}))
    assert walk.seen[0] == "loai_khac"
    assert complete(form, walk.draft.answers, OFFICE, DAY)["loai_viec"] == "giam_ho"
    birth = begin(form, Branch({"giay_nao": "khai_tu"}, {}))
    assert complete(form, birth.draft.answers, OFFICE, DAY)["loai_viec"] == "khai_tu"


def test_a_home_is_asked_by_hand_only_without_a_number() -> None:
    form = procedure("2.000635")
    walk = begin(form, Branch({"giay_nao": "khai_tu"}, {"nyc_quan_he": "con"}, by_hand=True))
    walk.draft.answers["nyc_quan_he"] = "con"
    ids = [page.id for page in journey.pages(form, walk.draft, DAY)]
    assert "nguoi_tren_giay.home" in ids
    walk.draft.put("nd_giay_to_tuy_than", {"loai": "can_cuoc", "so": "046054000005"})
    ids = [page.id for page in journey.pages(form, walk.draft, DAY)]
    assert "nguoi_tren_giay.paper" in ids
    assert "nguoi_tren_giay.home" not in ids


def test_an_answer_that_only_a_card_has_is_never_typed() -> None:
    form = procedure("1.004194")
    walk = begin(form, Branch({"o_dau": "thue"}, {}, by_hand=True))
    ids = [page.id for page in journey.pages(form, walk.draft, DAY)]
    assert ids[:4] == ["nguoi_o.name", "nguoi_o.birth", "nguoi_o.paper", "nguoi_o"]
    assert journey.find_page(form, walk.draft, DAY, "nguoi_o.home") is None


def test_who_lives_alone_is_the_head_with_one_touch() -> None:
    form = procedure("1.004194")
    walk = begin(form, Branch({"o_dau": "thue"}, {}))
    first = walk.open_page()
    assert first is not None
    walk.answer(first)
    page = walk.open_page()
    assert page is not None
    person = journey.person_on(form, page)
    assert person is not None
    walk.draft.answers |= dict(person.same_sets)
    full = complete(form, walk.draft.answers, OFFICE, DAY)
    assert (full["chu_ho_ten"], full["chu_ho_so_dinh_danh"]) == (full["ho_ten"], full["so_dinh_danh"])
    assert not checks.failed_checks(form, full, CheckContext(DAY, OFFICE), "chu_ho")


def test_each_further_resident_has_a_page_that_a_card_fills() -> None:
    form = procedure("1.004194")
    walk = walked(form, Branch({"o_dau": "thue"}, {"quan_he_chu_ho": "chu_ho"}))
    row = journey.find_page(form, walk.draft, DAY, "cung_o.0")
    assert row is not None
    person = journey.person_on(form, row)
    assert person is not None
    assert person.fills == {
        "full_name": "thanh_vien.0.ho_ten",
        "date_of_birth": "thanh_vien.0.ngay_sinh",
        "sex": "thanh_vien.0.gioi_tinh",
        "id": "thanh_vien.0.so_dinh_danh",
    }
    assert journey.find_page(form, walk.draft, DAY, "cung_o.1") is None
    walk.answer(row)
    assert walk.draft.get("thanh_vien.0.ho_ten") == "Nguyễn Thị Mẫu"
    assert journey.find_page(form, walk.draft, DAY, "cung_o.1") is not None
    assert journey.find_page(form, walk.draft, DAY, "cung_o.x") is None


def test_rows_end_at_twenty() -> None:
    form = procedure("1.004194")
    walk = walked(form, Branch({"o_dau": "thue"}, {}))
    walk.draft.answers["thanh_vien"] = [{"ho_ten": "Nguyễn Thị Mẫu"}] * 20
    assert journey.find_page(form, walk.draft, DAY, "cung_o.19") is not None
    assert journey.find_page(form, walk.draft, DAY, "cung_o.20") is None


@pytest.mark.parametrize(
    "page_id", ["", "khong_co", "nguoi_me.", "nguoi_me.khong_co", "ten_be.name", "nguoi_me.0", ".."]
)
def test_an_address_that_leads_nowhere_is_no_page(page_id: str) -> None:
    form = procedure("1.001193")
    walk = walked(form, Branch({"cha_me": "da_ket_hon", "noi_de": "co_so_y_te"}, {"nyc_quan_he": "ong"}))
    page = journey.find_page(form, walk.draft, DAY, page_id)
    assert page is None or page.id == "nguoi_me"


def test_a_changed_answer_opens_the_page_behind_it() -> None:
    form = procedure("1.001193")
    walk = walked(form, Branch({"cha_me": "da_ket_hon", "noi_de": "co_so_y_te"}, {"nyc_quan_he": "me"}))
    assert walk.open_page() is None
    walk.draft.put("nyc_quan_he", "ong")
    opened = walk.open_page()
    assert opened is not None
    assert opened.id == "nguoi_me"


def test_a_page_behind_the_check_page_has_no_neighbours_on_the_way() -> None:
    form = procedure("1.001193")
    walk = walked(form, Branch({"cha_me": "da_ket_hon", "noi_de": "co_so_y_te"}, {"nyc_quan_he": "me"}))
    page = FormPage(form.by_step["giay_ket_hon"])
    assert journey.previous_page(form, walk.draft, DAY, page) is None
    assert journey.next_page(form, walk.draft, DAY, page) is None


def test_a_page_that_is_not_in_this_walk_may_not_be_visited() -> None:
    form = procedure("1.001193")
    walk = walked(form, Branch({"cha_me": "da_ket_hon", "noi_de": "co_so_y_te"}, {"nyc_quan_he": "me"}))
    assert not journey.can_visit(form, walk.draft, DAY, FormPage(form.by_step["nguoi_me"]))
