"""Writer of the rows of the electronic forms in deploy/browser-helper/pages.js, from electronic_forms.toml.

`python -m tests.deploy.helper_list` writes them; a test compares. The helper itself runs without the kiosk's package.
"""

import json
from typing import Any

from deploy.browser_helper import SOURCE, START, read_pages
from kiosk.vietnam import electronic_forms
from kiosk.vietnam.electronic_forms import FormField

PAGE = "moj_eform"
KINDS = {"date": "date-parts", "date_or_year": "date-or-year", "digits": "digits"}
BY_HAND = ("list", "place", "place_lists")
DETAIL_FIRST = " (ghi số nhà trước, rồi chọn tỉnh, xã)"
WIDTH = 118


def rows_of(code: str) -> list[dict[str, Any]]:
    """Return the rows of a procedure: choices that rebuild a block first, then the order of the page."""
    form = electronic_forms.form_of(code)
    fields = [field for field in form.fields if field.name and not field.by] if form else []
    return [_row(field) for field in sorted(fields, key=lambda field: not field.first)]


def _row(field: FormField) -> dict[str, Any]:
    row: dict[str, Any] = {"from": f"portal.{field.name}", "name": field.name, "title": field.title}
    if field.kind in BY_HAND:
        title = field.title + (DETAIL_FIRST if field.kind == "place_lists" else "")
        return row | {"name": "", "title": title, "byHand": True}
    row["label"] = field.label
    return row | ({"kind": KINDS[field.kind]} if field.kind in KINDS else {})


def written(pages: dict[str, Any]) -> str:
    """Return the text of pages.js: a row on one line where it fits."""
    comment = (SOURCE / "pages.js").read_text("utf-8").partition(START)[0]
    return f"{comment}{START}{_block(pages, indent=0)}\n"


def _block(value: Any, indent: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    inline = f"{{{flat[1:-1]}}}" if isinstance(value, dict) else flat
    is_row = isinstance(value, dict) and "from" in value
    is_list = isinstance(value, list) and not any(isinstance(item, dict) for item in value)
    fits = indent + len(inline) + 1 <= WIDTH
    if not isinstance(value, dict | list) or ((is_row or is_list) and fits):
        return inline
    pad = " " * (indent + 2)
    if isinstance(value, list):
        items = [pad + _block(item, indent + 2) for item in value]
        return "[\n" + ",\n".join(items) + "\n" + " " * indent + "]"
    items = [f"{pad}{json.dumps(key)}: {_block(item, indent + 2)}" for key, item in value.items()]
    return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"


def with_forms(pages: dict[str, Any]) -> dict[str, Any]:
    """Return the list of pages with the rows of the electronic forms."""
    codes = sorted(code for form in electronic_forms.forms() for code in form.procedures)
    listed = {code: rows_of(code) for code in codes}
    return pages | {"pages": [page | {"procedures": listed} if page["id"] == PAGE else page for page in pages["pages"]]}


def main() -> None:
    """Write the list."""
    (SOURCE / "pages.js").write_text(written(with_forms(read_pages())), "utf-8")


if __name__ == "__main__":
    main()
