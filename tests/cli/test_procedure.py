"""Tests of `kiosk procedure ...`, the commands of an officer with a text editor."""

import json
from pathlib import Path

import pytest

from kiosk.base.clock import SYSTEM
from kiosk.cli import declaration_print, main, run
from kiosk.config import Config
from kiosk.procedures.answers import complete
from kiosk.procedures.branches import branches
from kiosk.procedures.conditions import holds
from kiosk.procedures.loader import CATALOGUE, read_procedure
from kiosk.procedures.trial import answered
from kiosk.startup.context_factory import open_catalogue
from tests.procedures.form_walk import OFFICE

STAY = (CATALOGUE / "1.004194.toml").read_text("utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text('[procedures]\noverrides = "sua-doi.toml"\n')
    change = '[[procedure]]\ncode = "1.004194"\nwhy = "ví dụ"\n[[procedure.fee]]\nid = "truc_tiep"\namount = 10000\n'
    (tmp_path / "sua-doi.toml").write_text(change, "utf-8")
    return file


def form(folder: Path, text: str = STAY) -> Path:
    path = folder / "tam-tru.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_catalogue_is_listed_with_what_is_to_be_checked_and_changed(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--config", str(settings), "procedure", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len({path.stem.partition("@")[0] for path in CATALOGUE.glob("*.toml")})
    (stay,) = (line for line in lines if line.startswith("1.004194"))
    assert "Đăng ký tạm trú" in stay
    assert stay.endswith("phường đã sửa")


def test_a_list_leaves_out_a_file_with_a_mistake_and_tells_it(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text('[procedures]\nown = "thu-tuc"\n')
    (tmp_path / "thu-tuc").mkdir()
    (tmp_path / "thu-tuc" / "hong.toml").write_text('code = "H57', "utf-8")
    assert main(["--config", str(settings), "procedure", "list"]) == 1
    told = capsys.readouterr()
    assert "1.004194" in told.out
    assert told.err.startswith("hong.toml, dòng 1: ")


def test_the_doctor_shows_what_was_changed(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--config", str(settings), "init"])
    main(["--config", str(settings), "doctor"])
    assert "Phường đã sửa, so với kho thủ tục:\n  - 1.004194: phí truc_tiep (ví dụ)" in capsys.readouterr().out
    main(["--config", str(settings), "doctor", "--json"])
    assert json.loads(capsys.readouterr().out)["changed"] == ["1.004194: phí truc_tiep (ví dụ)"]


def test_a_good_file_is_said_to_be_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "check", str(form(tmp_path))]) == 0
    assert "tam-tru.toml: đúng quy cách. Đăng ký tạm trú" in capsys.readouterr().out


def test_all_mistakes_are_told_at_once_and_the_status_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = STAY.replace("minutes = 4", "minuts = 4").replace('kind = "phone"', 'kind = "fone"')
    assert main(["procedure", "check", str(form(tmp_path, bad))]) == 2
    error = capsys.readouterr().err
    assert "tam-tru.toml có 2 chỗ phải sửa:" in error
    assert "minuts" in error
    assert "có phải 'phone'?" in error


PASSES = 'passes = { noi_dung_de_nghi = { tu_ngay = "2026-12-01", den_ngay = "2028-12-01" } }\n'
FAILS = 'fails = { noi_dung_de_nghi = { tu_ngay = "2026-12-01", den_ngay = "2028-12-02" } }\n'
# text of the shipped file, the same with a wrong example, the word of its line, what the command says
WRONG_EXAMPLES = [
    (PASSES, PASSES.replace("2028-12-01", "2028-12-02"), "passes", "ví dụ đúng mà máy lại nhắc sai"),
    (FAILS, FAILS.replace("2028-12-02", "2028-12-01"), "fails", "ví dụ sai mà máy không nhắc"),
    (FAILS, FAILS.replace('"2028-12-02"', '"2/12/2028"'), "fails", "rule 'max_months' không thử được với ví dụ này"),
]


@pytest.mark.parametrize(("right", "wrong", "word", "message"), WRONG_EXAMPLES)
def test_an_example_that_does_not_hold_is_named_with_its_line_and_what_to_do(
    right: str, wrong: str, word: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = STAY.replace(right, wrong, 1)
    assert text != STAY
    assert main(["procedure", "check", str(form(tmp_path, text))]) == 2
    error = capsys.readouterr().err
    start = text.index('id = "qua_2_nam"')
    line = text.count("\n", 0, text.index(f"\n{word} = ", start)) + 2
    assert f"  - dòng {line}: check[qua_2_nam].{word}: {message}" in error
    assert "(thử như vào ngày 24/11/2026, ở phường mã 19753)" in error
    assert "; xem lại ví dụ này, hoặc rule, args và when của điều kiểm" in error


def test_each_example_that_does_not_hold_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = STAY.replace(PASSES, PASSES.replace("2028-12-01", "2028-12-02")).replace(
        FAILS, FAILS.replace("2028-12-02", "2028-12-01")
    )
    assert main(["procedure", "check", str(form(tmp_path, text))]) == 2
    error = capsys.readouterr().err
    assert "tam-tru.toml có 2 chỗ phải sửa:" in error
    assert "check[qua_2_nam].passes" in error
    assert "check[qua_2_nam].fails" in error


def test_examples_are_tried_in_the_ward_of_the_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kiosk.toml").write_text('[ward]\ncode = "19756"\n', "utf-8")
    assert main(["--config", str(tmp_path / "kiosk.toml"), "procedure", "check", str(form(tmp_path))]) == 2
    error = capsys.readouterr().err
    assert "tam-tru.toml có 2 chỗ phải sửa:" in error
    assert "check[ngoai_phuong].passes: ví dụ đúng mà máy lại nhắc sai" in error
    assert "ở phường mã 19756" in error


def test_a_check_without_examples_is_not_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "check", str(form(tmp_path, STAY.replace(PASSES, "").replace(FAILS, "")))]) == 0
    assert "tam-tru.toml: đúng quy cách." in capsys.readouterr().out


def test_a_word_that_is_no_longer_used_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = STAY.replace("format = 3\n", "").replace("[[time]]\n", "[[time]]\ncutoff = true\n", 1)
    assert main(["procedure", "check", str(form(tmp_path, text))]) == 0
    line = text.count("\n", 0, text.index("cutoff = ")) + 1
    out = capsys.readouterr().out
    assert "tam-tru.toml: đúng quy cách." in out
    assert f"  dòng {line}: time[1].cutoff: 'cutoff' không còn dùng; xóa dòng này" in out


@pytest.mark.parametrize("command", ["check", "print", "preview"])
def test_a_file_that_is_not_there_is_one_sentence(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", command, "/khong/co.toml"]) == 2
    assert "co.toml có 1 chỗ phải sửa:\n  - không đọc được tệp" in capsys.readouterr().err


def test_the_declaration_is_printed_with_made_up_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "print", str(form(tmp_path))]) == 0
    path, *told = capsys.readouterr().out.splitlines()
    assert path == str(tmp_path / "tam-tru.pdf")
    assert Path(path).read_bytes().startswith(b"%PDF-")
    assert len(told) == len(set(told))
    assert told[0].startswith("  trang 1: o_dau = ")


def test_every_line_of_a_declaration_is_printed_in_some_branch_for_different_people() -> None:
    procedure = read_procedure(CATALOGUE / "1.001193.toml")
    shown = declaration_print.shown_branches(procedure, Config(), procedure.checked_on)
    every = [
        complete(procedure, answered(procedure, branch, procedure.checked_on), OFFICE, procedure.checked_on)
        for branch in branches(procedure, procedure.checked_on)
    ]
    assert procedure.declaration
    for line in procedure.declaration.lines:
        if any(holds(line.when, answers, procedure.checked_on) for answers in every):
            assert any(holds(line.when, answers, procedure.checked_on) for _, answers in shown)
    for _, answers in shown:
        assert answers["me_ho_ten"].split()[1] == "Thị"
        assert answers["cha_ho_ten"].split()[1] == "Văn"
    names = {answers[key] for _, answers in shown for key in ("me_ho_ten", "cha_ho_ten", "nyc_ho_ten")}
    assert len(names) > 1
    assert 1 <= len(shown) < len(every)


def test_a_form_without_a_declaration_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (CATALOGUE / "LOCAL-TAPHUAN.toml").read_text("utf-8")
    assert main(["procedure", "print", str(form(tmp_path, text))]) == 2
    assert "không in tờ khai" in capsys.readouterr().err


def test_a_preview_runs_practice_with_the_file_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Config] = []

    def fake_run(config: Config, args: object) -> int:
        catalogue = open_catalogue(config)
        assert catalogue.version("1.004194", "2026-11").minutes == 9  # type: ignore[union-attr]
        seen.append(config)
        return 0

    monkeypatch.setattr(run, "run", fake_run)
    path = form(tmp_path, STAY.replace("minutes = 4", "minutes = 9"))
    assert main(["procedure", "preview", str(path), "--port", "8123"]) == 0
    assert "http://127.0.0.1:8123/need/1.004194" in capsys.readouterr().out
    (config,) = seen
    assert config.kiosk.practice
    assert not config.folder.exists(), "a preview leaves nothing behind"


def test_a_preview_is_in_force_today_with_the_wards_own_forms_and_what_it_continues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "thu-tuc"
    own.mkdir()
    (own / "z.toml").write_text(STAY.replace("minutes = 4", "minutes = 7"), "utf-8")  # an older draft of the same form
    (own / "khac.toml").write_text(STAY.replace('"1.004194"', '"H57.000009"', 1), "utf-8")
    (tmp_path / "kiosk.toml").write_text('[procedures]\nown = "thu-tuc"\n', "utf-8")
    form(tmp_path, STAY.replace("minutes = 4", "minutes = 8"))
    (tmp_path / "moi.toml").write_text(
        'extends = "tam-tru.toml"\nversion = "2099"\neffective_from = 2099-01-01\nlaw = ["luat_ho_tich_2026"]\n',
        "utf-8",
    )
    seen: list[tuple[tuple[str, ...], int]] = []

    def fake_run(config: Config, args: object) -> int:
        catalogue = open_catalogue(config)
        procedure = catalogue.in_force("1.004194", SYSTEM.today())
        assert procedure is not None
        assert catalogue.in_force("H57.000009", SYSTEM.today()) is not None
        seen.append((procedure.law, procedure.minutes))
        return 0

    monkeypatch.setattr(run, "run", fake_run)
    for name in ("tam-tru.toml", "moi.toml"):
        main(["--config", str(tmp_path / "kiosk.toml"), "procedure", "preview", str(tmp_path / name)])
    law = open_catalogue(Config()).version("1.004194", "2026-11").law  # type: ignore[union-attr]
    assert seen == [(law, 8), (("luat_ho_tich_2026",), 8)]


def test_an_unknown_series_is_told_with_the_mistakes_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = STAY.replace("minutes = 4", "minuts = 4").replace('series = "C-CONGAN"', 'series = "C-CONAN"')
    assert main(["procedure", "check", str(form(tmp_path, bad))]) == 2
    told = capsys.readouterr().err
    assert "'minuts' không có trong quy cách" in told
    assert "phường không có dãy số 'C-CONAN'; có một trong: " in told
    assert "có phải 'C-CONGAN'?" in told


OF_THE_WARD = {
    "events.toml": '[[event]]\nid = "nghe"\nname = "Nghề"\nname_en = "Trade"\nline = "Nghề"\nline_en = "Trade"\n',
    "documents.toml": '[nq_phuong]\ntitle = "Nghị quyết của phường"\nseen = "official"\n',
    "choices.toml": '[[nam_nu_phuong]]\nid = "nam"\nlabel = "Nam"\nlabel_en = "Male"\n'
    '[[nam_nu_phuong]]\nid = "nu"\nlabel = "Nữ"\nlabel_en = "Female"\n',
}
NAMES_THEM = {
    'event = "cho_o"': 'event = "nghe"',
    'law = ["luat_cu_tru"': 'law = ["nq_phuong", "luat_cu_tru"',
    'options = "nam_nu"': 'options = "nam_nu_phuong"',
}


def test_a_file_outside_the_wards_folder_may_name_what_that_folder_has(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text('[procedures]\nown = "thu-tuc"\n', "utf-8")
    own = tmp_path / "thu-tuc"
    own.mkdir()
    for name, content in OF_THE_WARD.items():
        (own / name).write_text(content, "utf-8")
    text = STAY
    for word, own_word in NAMES_THEM.items():
        assert word in text
        text = text.replace(word, own_word)
    elsewhere = tmp_path / "ban-thao"
    elsewhere.mkdir()
    path = form(elsewhere, text)
    assert main(["--config", str(settings), "procedure", "check", str(path)]) == 0, capsys.readouterr().err
    book = elsewhere / "x.xlsx"
    assert main(["--config", str(settings), "procedure", "export-xlsx", str(path), "--out", str(book)]) == 0
    assert main(["--config", str(settings), "procedure", "import-xlsx", str(book)]) == 0
    assert main(["procedure", "check", str(path)]) == 2, "without that folder nobody knows the names"
    told = capsys.readouterr().err
    assert [name for name in ("nghe", "nq_phuong", "nam_nu_phuong") if f"'{name}'" not in told] == []


@pytest.mark.parametrize("command", [[], ["check"], ["print"], ["preview"], ["list"]])
def test_the_help_of_an_author_is_vietnamese(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["procedure", *command, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith("cách dùng: ")
    assert not [word for word in ("usage", "show this", "arguments", "options:", "positional") if word in out]


def test_a_command_without_its_file_is_answered_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["procedure", "check"])
    assert ended.value.code == 2
    assert "Lệnh chưa đủ hoặc có chữ thừa. Thêm --help để xem cách dùng." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "print", "preview", "import-xlsx"])
def test_the_last_line_of_a_failure_is_vietnamese(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = form(tmp_path, STAY.replace("minutes = 4", "minuts = 4"))
    assert main(["procedure", command, str(file)]) == 2
    error = capsys.readouterr().err
    assert error.strip()
    assert "Vietnamese" not in error
    assert " is " not in error
    assert not error.splitlines()[-1].isascii()
