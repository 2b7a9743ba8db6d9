"""Lists and forms that several procedures of a folder share, of the ward or the province; a filed form keeps them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.cli import main
from kiosk.cli.content_check import require_good
from kiosk.config import Config
from kiosk.context import Context
from kiosk.papers import declaration
from kiosk.procedures.loader import CATALOGUE, BadProcedure, Catalogue, read_usable_catalogue
from kiosk.procedures.shared_parts import parts_in, shipped_parts
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from tests.faults.submitting import COPY, submit_form
from tests.papers.forms import words_of_pdf

STAY = "1.004194"
SHARED_FORM = (CATALOGUE.parent / "forms" / "ct01.toml").read_text("utf-8")
NEW_TITLE = "TỜ KHAI CƯ TRÚ MẪU MỚI"
NEW_FORM = SHARED_FORM.replace('title = "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ"', f'title = "{NEW_TITLE}"')
CHOICES = """
[[nhom_viec]]
id = "may"
value = "Nghề may"
label = "May mặc"
label_en = "Sewing"

""" + "".join(
    f'[[quan_he_chu_ho]]\nid = "{option["id"]}"\nvalue = "CHỮ MỚI"\nlabel = "Mới"\nlabel_en = "New"\n'
    for option in shipped_parts().choices["quan_he_chu_ho"]
)
LATER = """
format = 3
extends = "{code}.toml"
version = "2027-06"
effective_from = 2027-06-01
"""


def later(code: str) -> str:
    return LATER.format(code=code)


def catalogue_of(folder: Path, **files: str) -> Catalogue:
    for name, text in files.items():
        (folder / f"{name.replace('__', '.')}.toml").write_text(text, "utf-8")
    return read_usable_catalogue(CATALOGUE, folder)


def title_of(catalogue: Catalogue, code: str, version: str) -> str:
    procedure = catalogue.version(code, version)
    assert procedure is not None
    assert procedure.declaration is not None
    return procedure.declaration.title


def test_a_new_shared_form_is_that_of_the_new_versions_alone(tmp_path: Path) -> None:
    files = {"ct01__form": NEW_FORM, "a": later(STAY), "b": later("1.010038")}
    catalogue = catalogue_of(tmp_path, **files)
    assert catalogue.errors == ()
    for code in (STAY, "1.010038"):
        assert title_of(catalogue, code, "2027-06") == NEW_TITLE
        shipped = next(item for item in catalogue.every_version() if item.code == code and item.version != "2027-06")
        assert title_of(catalogue, code, shipped.version) == "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ"


def test_a_list_of_a_folder_goes_before_the_shipped_one_and_adds_new_ones(tmp_path: Path) -> None:
    field = 'key = "nhom"\nkind = "choice"\nlabel = "Nhóm"\nlabel_en = "Group"\noptions = "nhom_viec"\nasked = false\n'
    catalogue = catalogue_of(tmp_path, choices=CHOICES, a=f"{later(STAY)}[[field]]\n{field}")
    assert catalogue.errors == ()
    procedure = catalogue.version(STAY, "2027-06")
    assert procedure is not None
    assert sorted({option.label.vi for option in procedure.by_key["quan_he_chu_ho"].options}) == ["Mới"]
    assert [option.value for option in procedure.by_key["nhom"].options] == ["Nghề may"]


def test_the_ward_takes_the_parts_of_the_province_and_its_own_go_before_them(tmp_path: Path) -> None:
    province = tmp_path / "province"
    ward = tmp_path / "ward"
    for folder in (province, ward):
        folder.mkdir()
    (province / "ct01.form.toml").write_text(NEW_FORM, "utf-8")
    (ward / "a.toml").write_text(later(STAY), "utf-8")
    assert title_of(read_usable_catalogue(CATALOGUE, province, ward), STAY, "2027-06") == NEW_TITLE
    (ward / "ct01.form.toml").write_text(NEW_FORM.replace(NEW_TITLE, "MẪU CỦA PHƯỜNG"), "utf-8")
    assert title_of(read_usable_catalogue(CATALOGUE, province, ward), STAY, "2027-06") == "MẪU CỦA PHƯỜNG"


MISTAKES = {
    "choices": {
        'label = "May mặc"\n': ("", "choices.toml, dòng 2: nhom_viec[may].label: thiếu chữ tiếng Việt"),
        'id = "may"\n': ('id = "may"\nvalu = "x"\n', "choices.toml, dòng 4: nhom_viec[may].valu: 'valu' không có"),
        "[[nhom_viec]]": ("[nhom_viec]", "choices.toml, dòng 2: nhom_viec: phải là một danh sách lựa chọn"),
    },
    "ct01__form": {
        f'title = "{NEW_TITLE}"': (f'titel = "{NEW_TITLE}"', "ct01.form.toml, dòng 1: thiếu 'title'"),
        'table = "thanh_vien"': ('table = "thanh_vien"\nown = true', "chỉ một dòng có own = true"),
        'form_code = "Mẫu CT01"': ('format = 9\nform_code = "Mẫu CT01"', "tệp viết theo quy cách 9"),
    },
}
CASES = [(name, right) for name, texts in MISTAKES.items() for right in texts]


@pytest.mark.parametrize(("name", "right"), CASES)
def test_a_mistake_is_told_with_its_file_and_the_last_good_text_stays(name: str, right: str, tmp_path: Path) -> None:
    wrong, message = MISTAKES[name][right]
    good = {"choices": CHOICES, "ct01__form": NEW_FORM}
    assert right in good[name]
    own = tmp_path / "own"
    kept = tmp_path / "kept"
    for folder in (own, kept):
        folder.mkdir()
        catalogue_of(folder, **good, a=later(STAY))
    catalogue_of(own, **{name: good[name].replace(right, wrong)})
    file = f"{name.replace('__', '.')}.toml"
    catalogue = read_usable_catalogue(CATALOGUE, own, kept=kept)
    assert [error for error in catalogue.errors if message in error and error.startswith(file)], catalogue.errors
    assert catalogue.bad_files[file] is True
    procedure = catalogue.version(STAY, "2027-06")
    assert procedure is not None
    assert procedure.declaration is not None
    assert procedure.declaration.title == NEW_TITLE
    assert sorted({option.label.vi for option in procedure.by_key["quan_he_chu_ho"].options}) == ["Mới"]


def test_a_content_with_a_bad_shared_file_is_not_packed_and_a_good_one_is(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "procedures"
    folder.mkdir(parents=True)
    catalogue_of(folder, ct01__form=NEW_FORM, a=later(STAY))
    require_good(tmp_path / "content", Config())
    catalogue_of(folder, ct01__form=NEW_FORM.replace("title =", "titel ="))
    with pytest.raises(BadProcedure, match=r"ct01\.form\.toml, dòng 1: thiếu 'title'"):
        require_good(tmp_path / "content", Config())


def test_check_reads_the_parts_beside_a_file_and_tells_their_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue_of(tmp_path, ct01__form=NEW_FORM, a=later(STAY))
    assert main(["procedure", "check", str(tmp_path / "a.toml")]) == 0
    catalogue_of(tmp_path, ct01__form=NEW_FORM.replace("title =", "titel ="))
    assert main(["procedure", "check", str(tmp_path / "a.toml")]) != 0
    assert "ct01.form.toml, " in capsys.readouterr().err


def test_the_shipped_parts_are_good_as_parts_of_a_folder_would_be(tmp_path: Path) -> None:
    (tmp_path / "choices.toml").write_bytes((CATALOGUE.parent / "choices.toml").read_bytes())
    for path in (CATALOGUE.parent / "forms").glob("*.toml"):
        (tmp_path / f"{path.stem}.form.toml").write_bytes(path.read_bytes())
    parts = parts_in(tmp_path)
    assert (parts.errors, parts.choices, parts.forms) == ({}, shipped_parts().choices, shipped_parts().forms)


OWN = "2026-99"
FILES = {
    "a": f'format = 3\nextends = "{COPY}.toml"\nversion = "{OWN}"\neffective_from = 2026-11-01\n'
    '[declaration]\nform = "phuong"\n[[field]]\nkey = "nyc_quan_he"\noptions = "quan_he_cua_phuong"\n',
    "phuong__form": 'title = "ĐƠN CỦA PHƯỜNG"\nissued_by = "mẫu của phường"\nseen = "product"\n'
    '[[line]]\ntext = "Theo mẫu của phường: {nyc_quan_he}"\n'
    '[[signature]]\ntitle = "NGƯỜI KÝ"\nnote = ""\nkey = "chu_ky"\n',
}


@pytest.fixture
def start(practice: Config, clock: FixedClock) -> Iterator[Callable[[], Flask]]:
    """Return a function that starts the kiosk of a ward with own shared parts; the one before is closed."""
    folder = practice.root / "thu-tuc"
    folder.mkdir()
    names = [option["id"] for option in shipped_parts().choices["quan_he_ban_than"]]
    lists = "".join(
        f'[[quan_he_cua_phuong]]\nid = "{name}"\nvalue = "CHỮ CỦA PHƯỜNG"\nlabel = "{name}"\nlabel_en = "{name}"\n'
        for name in names
    )
    catalogue_of(folder, **FILES, choices=lists)
    config = replace(practice, procedures=replace(practice.procedures, own="thu-tuc"))
    create_store(config)
    apps: list[Flask] = []

    def start() -> Flask:
        for app in apps:
            app.extensions["context"].store.close()
        apps[:] = [create_app(config, clock)]
        return apps[0]

    yield start
    for app in apps:
        app.extensions["context"].store.close()


def test_a_filed_form_keeps_the_texts_of_its_list_and_its_form(start: Callable[[], Flask], practice: Config) -> None:
    context: Context = start().extensions["context"]
    assert context.catalogue.errors == ()
    submission_id, _receipt = submit_form(context, COPY)
    folder = practice.root / "thu-tuc"
    catalogue_of(folder, phuong__form=FILES["phuong__form"].replace("Theo mẫu của phường", "Theo mẫu khác"))
    (folder / "a.toml").write_text(FILES["a"].replace(OWN, "2027-01"), "utf-8")
    context = start().extensions["context"]
    pdf = declaration.pdf(context, submission_id)
    assert pdf is not None
    words = words_of_pdf(pdf)
    assert "Theo mẫu của phường" in words
    assert "CHỮ CỦA PHƯỜNG" in words
    for path in folder.glob("*.toml"):
        path.unlink()
    pdf = declaration.pdf(start().extensions["context"], submission_id)
    assert pdf is not None
    assert "Theo mẫu của phường" in words_of_pdf(pdf)


def test_a_list_that_was_deleted_by_mistake_stays_until_the_procedure_is_mended(
    start: Callable[[], Flask], practice: Config
) -> None:
    start()
    (practice.root / "thu-tuc" / "choices.toml").unlink()
    for _ in range(3):
        context: Context = start().extensions["context"]
        procedure = context.catalogue.version(COPY, OWN)
        assert procedure is not None
        assert {option.value for option in procedure.by_key["nyc_quan_he"].options} == {"CHỮ CỦA PHƯỜNG"}
        assert any("'quan_he_cua_phuong' không có trong choices.toml" in error for error in context.catalogue.errors)
