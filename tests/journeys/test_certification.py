"""Certifying a transaction and a translation: papers by situation, doubts, fees; no form to print."""

import pytest

from kiosk.papers import declaration, slip
from printers.render import text
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.test_english import _check as check_english
from tests.journeys.walker import Walker

TRANSACTION = "2.001035"
TRANSLATION = "2.000992"
OWN_TRANSLATION = "2.001008"
TITLE = "Giấy chứng nhận quyền sở hữu, quyền sử dụng nhà, đất, xe"
TITLE_IF_ANY = "Giấy chứng nhận của tài sản, nếu giao dịch về nhà, đất, xe"
WITNESSES = "Căn cước của hai người làm chứng"


def _begin(walker: Walker, code: str, **situation: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{code}")
    assert "ĐỪNG KÝ TRƯỚC" in walker.words
    return walker.fill(situation)


def _slip(walker: Walker) -> str:
    submission = submission_checks.only_submission(walker.context)
    assert declaration.declaration(walker.context, submission.id) is None
    paper = slip.compose(walker.context, submission.id, {})
    assert paper is not None
    return " ".join(text.render(paper).replace("\u00a0", " ").split())


def _gift(walker: Walker, place: str = "trong_phuong", signers: str = "2") -> Walker:
    _begin(walker, TRANSACTION, loai="tang_cho", ky_duoc="duoc")
    assert walker.at == "/form/nha_dat"
    walker.fill(nha_dat_o=place).scan("me").fill()
    return walker.fill(so_ben=signers)


def test_a_gift_of_land_takes_four_pages_and_a_slip(walker: Walker) -> None:
    submit(reach_check_page(_gift(walker)))
    screens = walker.addresses[walker.addresses.index(f"/need/{TRANSACTION}") :]
    assert [page for page in screens if page.startswith("/form/")][:4] == [
        "/form/nha_dat",
        "/form/nguoi_yeu_cau",
        "/form/may_nguoi",
        "/form/check",
    ]
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert (answers["loai_giao_dich"], answers["cach_ky"], answers["so_ben"]) == ("tang_cho", "duoc", 2)
    printed = _slip(walker)
    assert "chứng thực giao dịch 50.000 đồng" in printed
    assert "CHƯA KÝ" in printed


@pytest.mark.parametrize(
    ("kind", "papers", "absent"),
    [
        ("chuyen_nhuong", [TITLE], [TITLE_IF_ANY, WITNESSES]),
        ("dong_san", [TITLE], [TITLE_IF_ANY, WITNESSES]),
        ("uy_quyen", [TITLE_IF_ANY], [TITLE, WITNESSES]),
    ],
)
def test_papers_depend_on_the_transaction(walker: Walker, kind: str, papers: list[str], absent: list[str]) -> None:
    words = walker.go(f"/need/{TRANSACTION}?loai={kind}&ky_duoc=duoc").words
    assert [paper for paper in papers if paper not in words] == []
    assert [paper for paper in absent if paper in words] == []


def test_witnesses_are_asked_for_only_where_they_are_needed(walker: Walker) -> None:
    needed = walker.go(f"/need/{TRANSACTION}?loai=tang_cho&ky_duoc=lam_chung").words
    assert WITNESSES in needed
    fingerprint = walker.go(f"/need/{TRANSACTION}?loai=tang_cho&ky_duoc=diem_chi").words
    assert WITNESSES not in fingerprint
    assert "điểm chỉ trước mặt cán bộ" in fingerprint


def test_land_of_another_ward_is_doubted_before_and_after(walker: Walker) -> None:
    walker.go(f"/need/{TRANSACTION}?loai=tang_cho&ky_duoc=duoc")
    assert "Nhà, đất ở phường, xã khác thì mời hỏi cán bộ trước khi nộp." in walker.words
    _begin(walker.go("/"), TRANSACTION, loai="tang_cho", ky_duoc="duoc").fill(nha_dat_o="noi_khac")
    assert walker.at == "/form/nha_dat"
    assert "Nhà, đất ở phường, xã khác. Mời hỏi cán bộ trước khi nộp." in walker.words
    walker.fill().scan("me").fill()
    walker.fill(so_ben="2")
    assert walker.at == "/form/missing"
    assert "Mời hỏi cán bộ trước khi nộp." in walker.words


def test_one_signer_of_a_contract_is_doubted(walker: Walker) -> None:
    _gift(walker, signers="1")
    assert "Hợp đồng thường có hai bên cùng ký." in walker.words


def test_a_farming_loan_is_exempt_at_the_desk(walker: Walker) -> None:
    words = walker.go(f"/need/{TRANSACTION}?loai=the_chap&ky_duoc=duoc").words
    assert "theo Nghị định 55/2015/NĐ-CP không phải nộp." in words
    procedure = walker.context.catalogue.in_force(TRANSACTION, walker.context.clock.today())
    assert procedure
    spared = {fee.id: [option.id for option in fee.options] for fee in procedure.fees}
    assert spared == {"giao_dich": [], "the_chap": ["nong_thon"]}


def test_a_translation_of_the_wards_translator_needs_no_card(walker: Walker) -> None:
    words = walker.go(f"/need/{TRANSLATION}?nguoi_dich=cong_tac_vien&noi_cap_giay=viet_nam").words
    assert "Bản dịch, in ra, CHƯA KÝ" in words
    assert "Căn cước hoặc hộ chiếu của người dịch" not in words
    assert "Bằng cử nhân ngoại ngữ" not in words
    assert "hợp pháp hóa" not in words
    walker.go("/")
    _begin(walker, TRANSLATION, nguoi_dich="cong_tac_vien", noi_cap_giay="viet_nam")
    walker.fill(tieng="anh").scan("me").fill()
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert (answers["tieng"], answers["so_ban"]) == ("anh", 1)
    assert "chứng thực chữ ký người dịch, 1 bản dịch, 10.000 đồng" in _slip(walker)


def _own(walker: Walker, degree: str = "co", place: str = "viet_nam") -> Walker:
    return _begin(walker, OWN_TRANSLATION, giay_cua_ai="cua_minh", bang=degree, noi_cap_giay=place)


def test_who_translates_alone_has_a_procedure_of_its_own(walker: Walker) -> None:
    page = walker.go(f"/need/{TRANSLATION}?nguoi_dich=tu_dich").page
    assert f"/need/{OWN_TRANSLATION}" in page
    _own(walker.go("/")).fill(tieng="anh").scan("me").fill()
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert (answers["tieng"], answers["so_ban"], answers["giay_cua_ai"]) == ("anh", 1, "cua_minh")
    assert "chứng thực chữ ký người dịch, 1 bản dịch, 10.000 đồng" in _slip(walker)


def test_a_translation_of_ones_own_shows_a_degree_unless_the_language_is_rare(walker: Walker) -> None:
    degree = "Bằng cử nhân ngoại ngữ, hoặc bằng đại học về thứ tiếng cần dịch"
    address = f"/need/{OWN_TRANSLATION}?giay_cua_ai=cua_minh&noi_cap_giay=nuoc_ngoai"
    words = walker.go(f"{address}&bang=co").words
    for text_ in (
        degree,
        "Căn cước hoặc hộ chiếu của người dịch",
        "Giấy nước ngoài phải hợp pháp hóa lãnh sự trước.",
        "thẻ thường trú",
    ):
        assert text_ in words
    rare = walker.go(f"{address}&bang=tieng_hiem").words
    assert degree not in rare
    assert "phải thông thạo" in rare


@pytest.mark.parametrize(("language", "is_doubted"), [({"tieng": "anh"}, True), ({"tieng.own": "Tiếng Lào"}, False)])
def test_a_language_that_many_learn_is_doubted_without_a_degree(
    walker: Walker, language: dict[str, str], is_doubted: bool
) -> None:
    _own(walker, degree="tieng_hiem").fill({"tieng": "khac"} | language).scan("me").fill()
    assert ("Tiếng này thường phải có bằng." in walker.words) == is_doubted


@pytest.mark.parametrize("answer", ["giay_cua_ai=nguoi_khac", "giay_cua_ai=cua_minh&bang=khong"])
def test_papers_of_others_and_no_degree_lead_to_the_wards_translator(walker: Walker, answer: str) -> None:
    assert f"/need/{TRANSLATION}" in walker.go(f"/need/{OWN_TRANSLATION}?{answer}").page


def test_what_is_not_translated_yet_goes_to_an_officer(walker: Walker) -> None:
    words = walker.go(f"/need/{TRANSLATION}?nguoi_dich=chua_dich").words
    assert "Phường giới thiệu người dịch. Mời lấy số để hỏi." in words
    walker.fill(nguoi_dich="chua_dich", noi_cap_giay="viet_nam")
    assert walker.at == "/ticket"


def test_vietnamese_is_no_foreign_language(walker: Walker) -> None:
    _begin(walker, TRANSLATION, nguoi_dich="cong_tac_vien", noi_cap_giay="viet_nam")
    walker.fill({"tieng": "khac", "tieng.own": "Tiếng Việt"})
    assert walker.at == "/form/tieng"
    assert "Mời ghi tiếng nước ngoài" in walker.words


def test_all_are_english_on_every_page(walker: Walker) -> None:
    walker.post("/set", name="lang", value="en")
    check_english(walker.go(f"/need/{TRANSACTION}?loai=the_chap&ky_duoc=lam_chung"))
    check_english(walker.go(f"/need/{TRANSACTION}?loai=uy_quyen&ky_duoc=diem_chi"))
    check_english(walker.fill(loai="tang_cho", ky_duoc="duoc"))
    check_english(walker.fill(nha_dat_o="noi_khac"))
    check_english(walker.fill().scan("me"))
    check_english(walker.fill())
    check_english(walker.fill(so_ben="11"))
    check_english(reach_check_page(walker))
    check_english(submit(walker))
    check_english(walker.go(f"/need/{TRANSLATION}?nguoi_dich=tu_dich"))
    check_english(walker.go(f"/need/{OWN_TRANSLATION}?giay_cua_ai=cua_minh&bang=tieng_hiem&noi_cap_giay=nuoc_ngoai"))
    check_english(walker.fill(giay_cua_ai="cua_minh", bang="tieng_hiem", noi_cap_giay="nuoc_ngoai"))
    check_english(walker.fill({"tieng": "khac", "tieng.own": "Tiếng Lào"}).scan("me"))
    check_english(reach_check_page(walker.fill()))
    check_english(submit(walker))
