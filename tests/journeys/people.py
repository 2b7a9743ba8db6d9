"""Walks that many tests share: how a form is filled in, page by page."""

from tests.journeys.walker import Walker

BIRTH, COPY, STAY = "1.001193", "2.000635", "1.004194"
NEED = f"/need/{BIRTH}"
CHILD = "Trần Nguyễn Bảo Ngọc"
DAY = {"con_ngay_sinh.d": "12", "con_ngay_sinh.m": "11", "con_ngay_sinh.y": "2026"}


def begin_birth(walker: Walker, parents: str = "da_ket_hon") -> Walker:
    walker.touch("/choose").touch("/choose?event=co_con").touch(NEED)
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
    return walker.fill(con_dan_toc="Kinh", me_dan_toc="Kinh", cha_dan_toc="Kinh", con_que_quan="home:cha_noi_cu_tru")


def birth_until_check(walker: Walker) -> Walker:
    """A mother registers her child with two cards, up to the page to read over."""
    begin_birth(walker)
    mother_registers(walker)
    father(walker)
    child(walker)
    peoples(walker)
    return read_over(walker)


def hand_in(walker: Walker) -> Walker:
    """Swear where the form has an oath, and hand in."""
    return walker.fill({"oath": "1"} if "oath" in walker.form().names else {})


def read_over(walker: Walker) -> Walker:
    """Past what is missing, to the page to read over."""
    if walker.at == "/form/missing":
        walker.touch("/form/check")
    assert walker.at == "/form/check", f"{walker.at}: {walker.words[:400]}"
    return walker


def settled(walker: Walker) -> dict[str, str]:
    """Whoever has an old ward on the card still lives there."""
    choices = walker.form().choices
    return {name: min(values - {"moved"}) for name, values in choices.items() if name.endswith(".stay")}


def pick_ward(walker: Walker, code: str, query: str, detail: str | None = None) -> Walker:
    """Find a ward in the list, touch it, and give the house where the page asks for one."""
    if not (detail is not None and walker.form_or_none("answer") and walker.form().sends.get("choice") == code):
        walker.go(f"{walker.at}?q={query}").fill(form="pick", choice=code)
    return walker if detail is None else walker.fill(detail=detail)
