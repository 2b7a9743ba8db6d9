"""Forms filled in page by page, shared by many tests."""

from tests.journeys.walker import Walker

BIRTH = "1.001193"
COPY = "2.000635"
STAY = "1.004194"
NEED = f"/need/{BIRTH}"
CHILD = "Trần Nguyễn Bảo Ngọc"
DAY = {"con_ngay_sinh.d": "12", "con_ngay_sinh.m": "11", "con_ngay_sinh.y": "2026"}


def begin_birth(walker: Walker, parents: str = "da_ket_hon") -> Walker:
    walker.follow("/choose").follow("/choose?event=co_con").follow(NEED)
    return walker.fill(cha_me=parents, noi_de="co_so_y_te")


def mother_registers(walker: Walker) -> Walker:
    walker.scan("me")
    return walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123", "nyc_noi_cu_tru.stay": "19753"})


def father(walker: Walker) -> Walker:
    return walker.scan("cha").fill({"cha_noi_cu_tru.stay": "19753"})


def child(walker: Walker, name: str = CHILD) -> Walker:
    walker.fill(con_ho_ten=name, con_gioi_tinh="nu")
    return walker.fill({"con_noi_sinh": "birth:0"} | DAY)


def peoples(walker: Walker) -> Walker:
    """Answer the ethnic groups, and find the home town in the list."""
    walker.fill(con_dan_toc="Kinh", me_dan_toc="Kinh", cha_dan_toc="Kinh", pick="con_que_quan")
    return pick_ward(walker, "19753", "phu xuan").fill()


def birth_until_check(walker: Walker) -> Walker:
    """Fill in a birth registration by the mother, with two cards, up to the check page."""
    begin_birth(walker)
    return birth_after_mother(mother_registers(walker))


def birth_after_mother(walker: Walker) -> Walker:
    """Fill in the rest of a birth registration by the mother, up to the check page."""
    father(walker)
    child(walker)
    peoples(walker)
    return reach_check_page(walker)


def submit(walker: Walker) -> Walker:
    """Submit; tick the oath where the form has one."""
    return walker.fill({"oath": "1"} if "oath" in walker.form().names else {})


def reach_check_page(walker: Walker) -> Walker:
    """Take no copies, and go past the page of missing answers to the check page."""
    no_copies(walker)
    if walker.at == "/form/missing":
        walker.follow("/form/check")
    assert walker.at == "/form/check", f"{walker.at}: {walker.words[:400]}"
    return walker


def no_copies(walker: Walker) -> Walker:
    """Take no copies, where the page asks."""
    return walker.fill(de_nghi_cap_ban_sao="khong") if walker.at == "/form/ban_sao" else walker


def home_answers(walker: Walker) -> dict[str, str]:
    """Return the answers that say that all people still live in the ward on the card."""
    choices = walker.form().choices
    return {name: min(values - {"moved"}) for name, values in choices.items() if name.endswith(".stay")}


def pick_ward(walker: Walker, code: str, query: str, detail: str | None = None) -> Walker:
    """Choose a ward of the list, and fill in the address line where the page asks for it."""
    if not (detail is not None and walker.form_or_none("answer") and walker.form().sends.get("choice") == code):
        walker.go(f"{walker.at}?q={query}").fill(form="pick", choice=code)
    return walker if detail is None else walker.fill(detail=detail)
