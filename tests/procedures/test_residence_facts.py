"""Residence procedures under Thông tư 116/2026/TT-BCA: documents, papers by situation, terms, fees."""

from datetime import date

import pytest

from kiosk.dossiers import checklist
from kiosk.procedures import fees
from kiosk.procedures.answers import with_situations
from kiosk.procedures.checks import CheckContext, failed_checks
from kiosk.procedures.conditions import holds
from kiosk.procedures.documents import shipped_documents
from kiosk.procedures.facts import documents_in_use, facts_of
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import DAY, FILES, procedure, texts

RESIDENCE = sorted(code for code, form in FILES.items() if form.series == "C-CONGAN")
STAY = "1.004194"
HOME = "1.004222"
PROOF = "1.010041"
EXTENSION = "1.002755"
SPLIT = "1.010038"
REPEALED = ("55/2021", "56/2021", "66/2023", "53/2025")


def papers(code: str, **known: str) -> list[str]:
    """Return the ids of the papers that are needed in a situation."""
    answers = with_situations(procedure(code), known, DAY)
    return [paper.id for paper in checklist.papers_needed(procedure(code), answers, DAY)]


@pytest.mark.parametrize("code", RESIDENCE)
def test_residence_rests_on_documents_in_force_and_names_no_repealed_one(code: str) -> None:
    form = procedure(code)
    assert form.law == ("luat_cu_tru", "tt116", "nd154", "nd58")
    used = documents_in_use(form, shipped_documents(), DAY)
    assert "tt_cu_tru_cu" not in used
    assert all(document.is_in_force(DAY) for document in used.values())
    assert all(stated.fact.seen for stated in facts_of(form)), "every fact says how it was seen"
    words = [text for _, pair in texts(form) for text in (pair.vi, pair.en)]
    assert form.declaration is not None
    words.append(form.declaration.issued_by)
    assert not [text for text in words if any(number in text for number in REPEALED)]


@pytest.mark.parametrize(
    ("home", "wanted"),
    [
        ("thue", ["hop_dong"]),
        ("nguoi_than", ["y_kien_chu_nha"]),
        ("nguoi_quen", ["hop_dong"]),
        ("cua_minh", ["so_huu"]),
        ("tap_the", ["cho_phep"]),
        ("danh_sach", ["danh_sach"]),
        ("khong_giay", ["cam_ket"]),
    ],
)
def test_papers_of_a_temporary_stay_follow_the_home(home: str, wanted: list[str]) -> None:
    assert papers(STAY, o_dau=home, ngay_sinh="1990-01-01") == [*wanted, "the"]
    assert papers(STAY, o_dau=home, ngay_sinh="2012-01-01") == [*wanted, "y_kien_cha_me", "the"]


def test_the_home_of_a_brother_or_sister_needs_a_paper_of_the_home() -> None:
    """Điều 6.8 TT 116/2026 frees only the homes of Điều 20.2.a Luật Cư trú: spouse, parents, children."""
    (home,) = (situation for situation in procedure(STAY).situations if situation.key == "o_dau")
    labels = {option.id: option.label.vi for option in home.options}
    assert "anh chị em" not in labels["nguoi_than"]
    assert "anh chị em" in labels["nguoi_quen"]
    assert "hop_dong" in papers(STAY, o_dau="nguoi_quen", ngay_sinh="1990-01-01")
    free = [note for note in procedure(STAY).notes if "không phải nộp giấy về chỗ ở" in note.say.vi]
    assert [note.say.vi.startswith("Cha mẹ, vợ chồng, con") for note in free] == [True]


def test_one_owner_agrees_only_in_the_home_of_spouse_parents_or_children() -> None:
    by_home = {
        home: [note.say.vi for note in procedure(HOME).notes if holds(note.when, {"nha_cua_ai": home}, DAY)]
        for home in ("nguoi_than", "ho_hang", "thue_muon")
    }
    one_owner = "một người đồng ý là đủ"
    all_owners = "mọi chủ sở hữu phải đồng ý"
    for home, notes in by_home.items():
        assert (one_owner in " ".join(notes)) == (home == "nguoi_than"), home
        assert (all_owners in " ".join(notes)) == (home != "nguoi_than"), home
    labels = {option.id: option.label.vi for option in procedure(HOME).situations[0].options}
    assert labels["nguoi_than"] == "Nhà vợ, chồng, cha mẹ, con"
    young = papers(HOME, nha_cua_ai="ho_hang", quan_he_chu_ho="chau_noi", ngay_sinh="2022-01-01")
    assert {"dieu_kien", "y_kien_chu_ho", "y_kien_chu_nha"} <= set(young), "the exemption is for a parent's home"


@pytest.mark.parametrize(
    ("start", "end", "failed"),
    [
        ("2026-12-01", "2026-12-10", ["duoi_30_ngay"]),
        ("2026-12-01", "2026-12-29", ["duoi_30_ngay"]),
        ("2026-12-01", "2026-12-30", []),
        ("2026-03-01", "2026-11-23", ["da_qua"]),
        ("2026-03-01", "2026-11-24", []),
    ],
)
def test_a_temporary_stay_is_30_days_or_more_and_not_over(start: str, end: str, failed: list[str]) -> None:
    answers = {"noi_dung_de_nghi": {"tu_ngay": start, "den_ngay": end}}
    context = CheckContext(DAY, OFFICE)
    found = [check.id for check in failed_checks(procedure(STAY), answers, context, "o_dau_bao_lau")]
    assert found == failed


def test_a_rental_paper_of_a_temporary_stay_need_not_be_notarised() -> None:
    bring = next(paper.bring.vi for paper in procedure(STAY).papers if paper.id == "hop_dong")
    assert "không phải công chứng, chứng thực" in bring


def test_permanent_residence_in_a_rented_home_needs_a_notarised_contract_and_floor_area() -> None:
    assert papers(HOME, nha_cua_ai="thue_muon", ngay_sinh="1990-01-01")[:2] == ["hop_dong", "dien_tich"]
    by_id = {paper.id: paper for paper in procedure(HOME).papers}
    assert "phải có công chứng hoặc chứng thực" in by_id["hop_dong"].bring.vi
    assert "không dưới 8 m² sàn" in by_id["dien_tich"].bring.vi
    assert "Mẫu số 02, Phụ lục IV Nghị định 58/2026/NĐ-CP" in by_id["dien_tich"].bring.vi


@pytest.mark.parametrize("home", ["nguoi_than", "thue_muon"])
def test_a_child_under_6_brings_no_proof_and_no_opinion_of_head_and_owner(home: str) -> None:
    assert papers(HOME, nha_cua_ai=home, quan_he_chu_ho="con_de", ngay_sinh="2020-11-25") == ["y_kien_cha_me", "the"]
    older = papers(HOME, nha_cua_ai=home, quan_he_chu_ho="con_de", ngay_sinh="2020-11-24")
    assert {"y_kien_chu_ho", "y_kien_chu_nha", "y_kien_cha_me"} <= set(older)
    assert any("không phải nộp giấy khai sinh" in note.say.vi for note in procedure(HOME).notes)


def test_the_certificate_takes_one_working_day_or_three_if_verified() -> None:
    assert [time.days for time in procedure(PROOF).times] == [1, 3]
    assert procedure(PROOF).times[0].text.vi.startswith("Trong 1 ngày làm việc (thường trong buổi).")
    assert procedure(PROOF).times[1].text.vi.startswith("Phải xác minh thì 3 ngày làm việc.")


def test_the_certificate_names_article_16_and_a_hint_names_no_document() -> None:
    hint, verified, _ = procedure(PROOF).notes
    assert (hint.seen, hint.sources) == ("product", ())
    assert (verified.sources, verified.article, verified.seen) == (("tt116",), "Điều 16", "secondary")


@pytest.mark.parametrize(
    ("code", "known", "amount", "online"),
    [
        (HOME, {}, 20000, 10000),
        (STAY, {"o_dau": "thue"}, 15000, 7000),
        (STAY, {"o_dau": "danh_sach"}, 10000, 5000),
        (EXTENSION, {"cach_nop": "tu_nop"}, 15000, 7000),
        (EXTENSION, {"cach_nop": "danh_sach"}, 10000, 5000),
        (SPLIT, {}, 10000, 5000),
    ],
)
def test_a_filing_has_one_fee_at_the_counter_and_online(
    code: str, known: dict[str, str], amount: int, online: int
) -> None:
    (fee,) = fees.due(procedure(code), known, DAY)
    assert (fee.amount, fee.online) == (amount, online)


@pytest.mark.parametrize("code", [HOME, STAY, EXTENSION, SPLIT])
def test_the_waiver_is_a_hint_for_online_filings_between_its_dates(code: str) -> None:
    fee = procedure(code).fees[0]
    (waiver,) = fee.waivers
    assert (waiver.channel, waiver.from_, waiver.to) == ("online", date(2026, 8, 15), date(2027, 2, 28))
    assert fees.waivers(fee, date(2026, 8, 14)) == fees.waivers(fee, date(2027, 3, 1))
    assert not fees.waivers(fee, date(2027, 3, 1))
    assert list(fees.waivers(fee, date(2027, 2, 28))) == [waiver]
    assert f"{fee.online:,}".replace(",", ".") + " đồng" in waiver.say.vi
    assert not [option.id for option in fee.options if option.id == "dinh_danh"], "no exemption at the desk"


@pytest.mark.parametrize(("code", "days"), [(HOME, 7), (STAY, 3), (EXTENSION, 3), (SPLIT, 5)])
def test_the_terms_are_those_of_the_records(code: str, days: int) -> None:
    assert [time.days for time in procedure(code).times] == [days]


@pytest.mark.parametrize(("why", "wanted"), [("ra_rieng", ["y_kien", "the"]), ("ly_hon", ["ly_hon", "the"])])
def test_papers_of_a_split_household_follow_the_reason(why: str, wanted: list[str]) -> None:
    assert papers(SPLIT, vi_sao=why, may_nguoi="mot", ngay_sinh="1990-01-01") == wanted


def test_an_extension_asks_for_no_proof_of_the_home() -> None:
    assert papers(EXTENSION, con_o="con", cach_nop="tu_nop", ngay_sinh="1990-01-01") == ["y_kien_chu_nha", "the"]


@pytest.mark.parametrize("code", RESIDENCE)
def test_the_card_is_for_checking_who_stands_there(code: str) -> None:
    (card,) = (paper for paper in procedure(code).papers if paper.id == "the")
    assert card.kind == "xuat_trinh"
    assert card.bring.vi.startswith("Để cán bộ đối chiếu người. Không mang thì đọc số định danh.")
