"""Twin of pages that the browser helper fills: the portal's page for a birth, and a page of form.io.

Made of the field names in deploy/browser-helper/pages.js, with the habits that officers complain of: each question is
drawn twice, a block is built again after the relation, a list loads late, a block is locked. It
counts what is sent to it.
"""

from typing import Any

from flask import Flask, request

from deploy.browser_helper import read_pages

LISTS = {
    "Gioitinh": ("Nam", "Nữ"),
    "LoaiDangKy": ("Đăng ký đúng hạn", "Đăng ký quá hạn"),
    "Loaikhaisinh": ("Đã xác định được cả cha lẫn mẹ", "Chưa xác định được mẹ", "Chưa xác định được cha"),
    "Quoctich": ("Việt Nam", "Lào"),
    "DanToc": ("Kinh", "Tày", "Pa Cô", "Cơ Tu"),
    "Giaytotuythan": ("Căn cước công dân", "Thẻ căn cước", "Giấy chứng nhận căn cước", "Hộ chiếu"),
    "citizenField24": ("Căn cước công dân", "Thẻ căn cước", "Giấy chứng nhận căn cước", "Hộ chiếu"),
}
"""Part of a name -> options of its list."""
RELATIONS = ("Cha", "Mẹ", "Khác")
SCRIPT = """
const state = { built: 0 };
for (const radio of document.querySelectorAll("[name=relation]")) radio.addEventListener("change", () => {
  setTimeout(() => {
    for (const box of document.querySelectorAll("#person input, #person select")) box.value = "";
    const block = document.querySelector("#person");
    block.replaceChildren(...block.childNodes);
    state.built += 1;
  }, 100);
});
for (const list of document.querySelectorAll("select[data-late]")) setTimeout(() => {
  for (const words of JSON.parse(list.dataset.late)) list.add(new Option(words));
}, 700);
for (const box of document.querySelectorAll("input[data-cut]")) box.addEventListener("change", () => {
  box.value = box.value.slice(0, Number(box.dataset.cut));
});
"""
LOCKED = '<label>Người nộp <input value="LÊ THỊ MẪU" readonly data-name="citizenName__7"></label>'


def rows_of(kind: str, code: str) -> list[dict[str, Any]]:
    """Return the rows of a procedure in the shipped list."""
    (page,) = (page for page in read_pages()["pages"] if page["id"] == kind)
    rows: list[dict[str, Any]] = page["procedures"][code]
    return rows


def make_twin() -> Flask:
    """Return the twin; its address may name boxes that are left out, renamed, locked, or keep ten characters (cut)."""
    app = Flask(__name__)
    app.config["SENT"] = []

    @app.before_request
    def count() -> None:
        if request.method != "GET":
            app.config["SENT"].append(request.path)

    @app.get("/nop-ho-so")
    def birth() -> str:
        boxes = []
        for row in rows_of("nop_ho_so", "1.001193"):
            if row["name"] and row["name"] not in request.args.getlist("left_out"):
                boxes.append(_question(row))
        return _page(f'{LOCKED}{boxes[0]}<div id="person">{"".join(boxes[1:])}</div>')

    @app.get("/formio")
    def formio() -> str:
        rows = rows_of("formio", "1.001731")
        return _page("".join(f'<label>{row["title"]} <input name="{row["name"]}"></label>' for row in rows))

    app.add_url_rule("/e-form", view_func=_electronic_page)

    @app.route("/sent", methods=["GET", "POST"])
    def sent() -> str:
        return "sent"

    return app


def _electronic_page() -> str:
    return _page("".join(_boxes_of_a_form(row) for row in rows_of("moj_eform", "1.005461") if row["name"]))


def _boxes_of_a_form(row: dict[str, Any]) -> str:
    """Draw a field of an electronic form: one box, or three for a date."""
    ends = ("-day", "-month", "-year") if row.get("kind", "").startswith("date-") else ("",)
    inputs = "".join(f'<input name="{row["name"]}{end}">' for end in ends)
    return f"<label>{row['label']} {inputs}</label>"


def _question(row: dict[str, Any]) -> str:
    """Draw a question twice, as the portal does: once for phones, hidden."""
    name = f"{row['name']}New" if row["name"] in request.args.getlist("renamed") else row["name"]
    control = "<input readonly>" if row["name"] in request.args.getlist("locked") else "<input>"
    if row["name"] == rows_of("nop_ho_so", "1.001193")[0]["name"]:
        radios = (f'<label><input type="radio" name="relation" value="{words}">{words}</label>' for words in RELATIONS)
        control = f"<span role='radiogroup'>{''.join(radios)}</span>"
    elif options := next((words for part, words in LISTS.items() if part in row["name"]), ()):
        late = str(list(options)).replace("'", "&quot;") if "DanToc" in row["name"] else ""
        given = "" if late else "".join(f"<option>{words}</option>" for words in options)
        control = f'<select data-late="{late or "[]"}"><option value=""></option>{given}</select>'
    elif row["name"] in request.args.getlist("cut"):
        control = '<input data-cut="10">'
    title = row.get("label") or row["title"].partition(": ")[2] or row["title"]
    hidden = "" if "radio" in control else f'<div data-name="{name}__13" hidden>{control}</div>'
    return f'<div data-name="{name}__12"><b class="title">{title}</b> {control}</div>{hidden}'


def _page(boxes: str) -> str:
    style = (
        "body{font:16px sans-serif;columns:2;width:900px}input,select{display:block;width:90%}[type=radio]{all:revert}"
    )
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Nộp hồ sơ</title><style>{style}</style>'
        f'<form method="post" action="/sent">{boxes}<button>Gửi hồ sơ</button></form><script>{SCRIPT}</script>'
    )
