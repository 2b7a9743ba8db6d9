"""A live kiosk with practice beside it, and walks through the tasks."""

from flask import Flask

from kiosk.context import Context
from kiosk.pages.beside.gate import PRACTICE_APPS
from kiosk.procedures.practice_tasks import fill_story
from kiosk.store.db import Store
from tests.journeys.people import home_answers, pick_ward
from tests.journeys.walker import Walker

CHILD = "Trần Nguyễn Bảo Mẫu"


def practice_app(app: Flask, context: Context) -> Flask:
    """Return the practice app beside a live one; its exceptions reach the test."""
    practice: Flask = app.extensions[PRACTICE_APPS].app_of(context)
    practice.testing = True
    practice.error_handler_spec[None][None].pop(Exception, None)
    return practice


def open_task(walker: Walker, key: str) -> Walker:
    """Begin a task from the start page."""
    walker.go("/").follow("/tap").follow(f"/tap/task/{key}")
    return walker.fill()


def touch_card(walker: Walker, key: str) -> Walker:
    """Touch a made-up card of the tray."""
    page = walker.at.rpartition("/")[2]
    return walker.fill(form=f"/tap/practice/cards/{page}/{key}")


def fill_birth(walker: Walker, child: str = CHILD) -> Walker:
    """Fill in the birth task up to the check page."""
    open_task(walker, "birth")
    touch_card(walker, "me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "me", "nyc_dien_thoai": "0905 000 123"})
    touch_card(walker, "cha")
    walker.fill(home_answers(walker))
    walker.fill(con_ho_ten=child, con_gioi_tinh="nu")
    day, month, year = fill_story("{born}", walker.context.clock.today(), "Phường").split("/")
    born = {"con_ngay_sinh.d": day, "con_ngay_sinh.m": month, "con_ngay_sinh.y": year}
    walker.fill({"con_noi_sinh": "birth:0"} | born)
    walker.fill(con_dan_toc="Kinh", me_dan_toc="Kinh", cha_dan_toc="Kinh", pick="con_que_quan")
    pick_ward(walker, "19753", "phu xuan").fill()
    return reach_check(walker)


def fill_marital(walker: Walker) -> Walker:
    """Fill in the task of the certificate up to the check page."""
    open_task(walker, "marital")
    touch_card(walker, "mat_dau")
    walker.fill(nyc_ho_ten="Nguyễn Thị Hoa")
    while walker.at != "/tap/form/tinh_trang":
        before = walker.html
        names = walker.form().names
        answers = home_answers(walker)
        if walker.at.endswith(".home"):
            walker.fill(pick="nyc_noi_cu_tru")
            pick_ward(walker, "19753", "phu xuan", detail="Tổ 5")
        if "nyc_quan_he" in names:
            answers |= {"nyc_quan_he": "ban_than", "nyc_dien_thoai": "0905000123"}
        walker.fill(answers)
        assert walker.html != before, walker.words
    walker.fill(tinh_trang_hon_nhan="chua")
    return reach_check(walker)


def fill_stay(walker: Walker) -> Walker:
    """Fill in the task of the temporary stay up to the check page."""
    place = "noi_dung_de_nghi.dia_chi"
    today = walker.context.clock.today()
    days = {}
    for name, text in (("tu_ngay", "{from}"), ("den_ngay", "{until}")):
        boxes = zip("dmy", fill_story(text, today, "Phường").split("/"), strict=True)
        days |= {f"noi_dung_de_nghi.{name}.{box}": piece for box, piece in boxes}
    open_task(walker, "stay")
    touch_card(walker, "sinh_vien").fill(dien_thoai="0905000123")
    walker.press("same")
    walker.fill(days | {"pick": place})
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi").fill()
    walker.press("add")
    touch_card(walker, "the_moi").fill({"thanh_vien.0.quan_he": "o_nho"})
    walker.fill()
    return reach_check(walker)


def reach_check(walker: Walker) -> Walker:
    """Take no copies, and go past the page of missing answers to the check page."""
    if walker.at == "/tap/form/ban_sao":
        walker.fill(de_nghi_cap_ban_sao="khong")
    if walker.at == "/tap/form/missing":
        walker.follow("/tap/form/check")
    assert walker.at == "/tap/form/check", f"{walker.at}: {walker.words[:400]}"
    return walker


def finish(walker: Walker) -> Walker:
    """Send the form of the check page."""
    walker.fill({"oath": "1"} if "oath" in walker.form().names else {})
    assert walker.at == "/tap/done", f"{walker.at}: {walker.words[:400]}"
    return walker


def rows_of(store: Store, *, without: tuple[str, ...] = ("sessions",)) -> dict[str, int]:
    """Return the number of rows of each table."""
    with store.read() as db:
        return {name: db[name].count for name in db.table_names() if name not in without}
