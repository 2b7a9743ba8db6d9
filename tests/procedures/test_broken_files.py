"""Files of the ward with errors: the pages run, what is wrong is left out, and an alarm names file and line."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.health import checks
from kiosk.health.check_result import CheckResult
from kiosk.procedures.loader import CATALOGUE
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from tests.procedures.test_overrides import GOOD

OPEN = "/need/1.004194"


@pytest.fixture
def start(practice: Config, clock: FixedClock) -> Iterator[Callable[[], Flask]]:
    """Return a function that starts the kiosk of a ward with own procedures and an override file."""
    own = replace(practice.procedures, own="thu-tuc", overrides="sua-doi.toml")
    config = replace(practice, procedures=own)
    (config.root / "thu-tuc").mkdir()
    (config.root / "sua-doi.toml").write_text(GOOD, "utf-8")
    create_store(config)
    apps: list[Flask] = []

    def start() -> Flask:
        apps.append(create_app(config, clock))
        return apps[-1]

    yield start
    for app in apps:
        context: Context = app.extensions["context"]
        context.store.close()


def _check(app: Flask) -> CheckResult:
    (result,) = [result for result in checks.look(app.extensions["context"]) if result.name == "Tệp thủ tục"]
    return result


def _status(app: Flask, url: str) -> int:
    return app.test_client().get(url).status_code


def test_files_without_errors_are_used_and_nothing_is_said(start: Callable[[], Flask]) -> None:
    app = start()
    assert (_check(app).state, _status(app, OPEN)) == ("ok", 200)


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("amount = 10000", 'amount = "10000"', "sua-doi.toml, dòng 8, mã 1.004194"),
        ("days = 2", "days = ", "sua-doi.toml, dòng 19: viết sai quy cách: “days =”. Sau dấu = chưa có gì"),
        ("[[procedure]]", "[[procedures]]", "sua-doi.toml, dòng 2: procedures: tệp sửa đổi chỉ có"),
        ('why = "Nghị', '# why = "Nghị', "sua-doi.toml, dòng 2: procedure[1]: thiếu 'why'"),
    ],
)
def test_a_wrong_fee_is_never_shown_and_all_else_is(
    start: Callable[[], Flask], practice: Config, right: str, wrong: str, line: str
) -> None:
    (practice.root / "sua-doi.toml").write_text(GOOD.replace(right, wrong, 1), "utf-8")
    app = start()
    assert (_status(app, "/"), _status(app, "/choose"), _status(app, "/need/2.000635")) == (200, 200, 200)
    assert _status(app, OPEN) == 404, "its fee is in the file that cannot be read"
    result = _check(app)
    assert (result.state, result.code, result.stops) == ("fault", "FORM-01", "some")
    assert line in result.steps[0]
    assert "1.004194" in result.words


def test_the_version_of_a_dossier_stays_readable_while_its_procedure_is_withheld(
    start: Callable[[], Flask], practice: Config
) -> None:
    (practice.root / "sua-doi.toml").write_text(GOOD.replace("days = 2", "days = "), "utf-8")
    context: Context = start().extensions["context"]
    assert context.catalogue.version("1.004194", "2026-11")


def test_a_file_of_changes_that_is_missing_is_an_alarm_and_takes_nothing_down(
    start: Callable[[], Flask], practice: Config
) -> None:
    (practice.root / "sua-doi.toml").unlink()
    app = start()
    assert (_status(app, "/"), _status(app, OPEN)) == (200, 200)
    assert (_check(app).code, _check(app).steps[0]) == (
        "FORM-01",
        "sua-doi.toml: không đọc được tệp: không có tệp này",
    )


def test_an_own_procedure_with_an_error_is_left_out(start: Callable[[], Flask], practice: Config) -> None:
    own = (CATALOGUE / "2.000635.toml").read_text("utf-8").replace('code = "2.000635"', 'code = "H57.000001"')
    (practice.root / "thu-tuc" / "rieng.toml").write_text(own + '\nnonsense = "x"\n', "utf-8")
    app = start()
    assert (_status(app, "/need/H57.000001"), _status(app, OPEN)) == (404, 200)
    assert _check(app).steps[0].startswith("rieng.toml, dòng ")
    assert _check(app).stops == "some"


def test_a_file_that_was_mended_is_used_at_the_next_start(start: Callable[[], Flask], practice: Config) -> None:
    (practice.root / "sua-doi.toml").write_text("broken", "utf-8")
    assert _check(start()).state == "fault"
    (practice.root / "sua-doi.toml").write_text(GOOD, "utf-8")
    app = start()
    assert (_check(app).state, _status(app, OPEN)) == ("ok", 200)


def test_a_folder_that_is_missing_is_an_alarm(start: Callable[[], Flask], practice: Config) -> None:
    Path(practice.root / "thu-tuc").rmdir()
    app = start()
    assert _status(app, OPEN) == 200
    assert _check(app).steps[0] == "thu-tuc: không có thư mục này"


def _own_form(practice: Config, minutes: int = 4) -> Path:
    text = (CATALOGUE / "2.000635.toml").read_text("utf-8").replace('code = "2.000635"', 'code = "H57.000001"')
    path = practice.root / "thu-tuc" / "rieng.toml"
    path.write_text(re.sub(r"^minutes = \d+", f"minutes = {minutes}", text, flags=re.MULTILINE), "utf-8")
    return path


def _minutes(app: Flask) -> int | None:
    context: Context = app.extensions["context"]
    procedure = context.catalogue.in_force("H57.000001", context.clock.today())
    return procedure.minutes if procedure else None


def test_the_last_good_text_of_a_file_stays_in_use_until_it_is_mended(
    start: Callable[[], Flask], practice: Config
) -> None:
    path = _own_form(practice, minutes=7)
    assert _minutes(start()) == 7
    path.write_text(path.read_text("utf-8").replace("minutes = 7", 'minutes = "9'), "utf-8")
    app = start()
    assert (_minutes(app), _status(app, "/need/H57.000001"), _status(app, OPEN)) == (7, 200, 200)
    result = _check(app)
    assert (result.state, result.code, result.stops) == ("fault", "FORM-01", "")
    assert "máy dùng bản đúng gần nhất của rieng.toml" in result.words
    assert result.steps[0].startswith("rieng.toml, dòng ")
    assert _minutes(start()) == 7, "a start with the error does not overwrite the copy"
    _own_form(practice, minutes=9)
    app = start()
    assert (_minutes(app), _check(app).state) == (9, "ok")


def test_the_last_good_texts_stay_in_use_while_the_folder_is_missing(
    start: Callable[[], Flask], practice: Config
) -> None:
    _own_form(practice, minutes=7)
    start()
    (practice.root / "thu-tuc").rename(practice.root / "doi-ten")
    app = start()
    assert (_minutes(app), _check(app).steps[0]) == (7, "thu-tuc: không có thư mục này")


def test_a_file_that_the_ward_deletes_is_not_served_from_its_copy(start: Callable[[], Flask], practice: Config) -> None:
    path = _own_form(practice)
    assert _minutes(start()) == 4
    path.unlink()
    assert _minutes(start()) is None
    (practice.root / "thu-tuc").rmdir()
    app = start()
    assert _minutes(app) is None
    assert _check(app).steps[0] == "thu-tuc: không có thư mục này", "not the cached catalogue of an empty folder"


def test_two_files_with_one_code_and_version_are_an_alarm(start: Callable[[], Flask], practice: Config) -> None:
    path = _own_form(practice)
    (practice.root / "thu-tuc" / "z.toml").write_text(path.read_text("utf-8"), "utf-8")
    app = start()
    assert _minutes(app) == 4
    assert _check(app).steps[0].startswith("z.toml: trùng mã H57.000001 và version ")
    assert "với rieng.toml; máy dùng z.toml" in _check(app).steps[0]


def test_two_files_that_begin_on_one_day_are_an_alarm(start: Callable[[], Flask], practice: Config) -> None:
    path = _own_form(practice)
    text = re.sub('^version = ".*"', 'version = "khac"', path.read_text("utf-8"), flags=re.MULTILINE)
    (practice.root / "thu-tuc" / "z.toml").write_text(text, "utf-8")
    assert "z.toml: trùng mã H57.000001 và effective_from" in _check(start()).steps[0]


EVENTS = """
[[event]]
id = "co_con"
line = "Khai sinh, cho bé đi học"
line_en = "Birth, school for the child"

[[event]]
id = "nghe"
name = "Nghề mới"
name_en = "A new trade"
line = "Học nghề, chứng nhận nghề"
line_en = "Training, certificates"
words = ["học nghề may"]
"""


def test_a_ward_adds_and_rewords_life_events(start: Callable[[], Flask], practice: Config) -> None:
    (practice.root / "thu-tuc" / "events.toml").write_text(EVENTS, "utf-8")
    path = _own_form(practice)
    path.write_text(re.sub('^event = ".*"', 'event = "nghe"', path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    for _ in range(2):  # read from the files, then from the cache
        app = start()
        assert _check(app).state == "ok", _check(app)
        page = app.test_client().get("/choose").get_data(as_text=True)
        assert "Khai sinh, cho bé đi học" in page
        assert page.index("Nghề mới") > page.index("Khai sinh, cho bé đi học")
        assert "H57.000001" in app.test_client().get("/choose?event=nghe").get_data(as_text=True)
        assert "H57.000001" in app.test_client().get("/choose?q=hoc+nghe+may").get_data(as_text=True)


def test_life_events_with_a_mistake_change_nothing_and_are_an_alarm(
    start: Callable[[], Flask], practice: Config
) -> None:
    (practice.root / "thu-tuc" / "events.toml").write_text(EVENTS.replace("name_en", "nam_en"), "utf-8")
    app = start()
    assert "Nghề mới" not in app.test_client().get("/choose").get_data(as_text=True)
    assert any(step.startswith("events.toml, dòng ") for step in _check(app).steps)


def _fee(app: Flask) -> int | None:
    context: Context = app.extensions["context"]
    procedure = context.catalogue.in_force("1.004194", context.clock.today())
    return procedure.fees[0].amount if procedure else None


@pytest.mark.parametrize("wrong", ["amount = 12.000", "amount = “12000”", 'amount = "12000"'])
def test_the_last_good_overrides_stay_in_use_until_the_file_is_mended(
    start: Callable[[], Flask], practice: Config, wrong: str
) -> None:
    assert _fee(start()) == 10000
    path = practice.root / "sua-doi.toml"
    path.write_text(GOOD.replace("amount = 10000", wrong, 1), "utf-8")
    for _ in range(2):  # a start with the error does not overwrite the copy
        app = start()
        assert (_fee(app), _status(app, OPEN)) == (10000, 200)
        result = _check(app)
        assert (result.state, result.code, result.stops) == ("fault", "FORM-01", "")
        assert "máy dùng bản đúng gần nhất của sua-doi.toml" in result.words
        assert result.steps[0].startswith("sua-doi.toml, dòng 8")
    path.write_text(GOOD.replace("amount = 10000", "amount = 12000", 1), "utf-8")
    app = start()
    assert (_fee(app), _check(app).state) == (12000, "ok")


def test_the_last_good_overrides_stay_in_use_while_the_file_is_missing(
    start: Callable[[], Flask], practice: Config
) -> None:
    start()
    (practice.root / "sua-doi.toml").unlink()
    app = start()
    assert (_fee(app), _check(app).code) == (10000, "FORM-01")
    assert _check(app).steps[0] == "sua-doi.toml: không đọc được tệp: không có tệp này"
    assert "máy dùng bản đúng gần nhất của sua-doi.toml" in _check(app).words


RESOLUTION = '[nq_12]\ntitle = "Nghị quyết 12"\nseen = "official"\n'


def test_the_last_good_register_of_documents_stays_in_use(start: Callable[[], Flask], practice: Config) -> None:
    register = practice.root / "documents.toml"
    register.write_text(RESOLUTION, "utf-8")
    sourced = GOOD.replace('seen = "official"', 'seen = "official"\nsources = ["nq_12"]', 1)
    (practice.root / "sua-doi.toml").write_text(sourced, "utf-8")
    assert (_fee(start()), _check(start()).state) == (10000, "ok")
    register.write_text(RESOLUTION.replace('"Nghị', "“Nghị"), "utf-8")
    app = start()
    assert _fee(app) == 10000
    assert _check(app).steps[0].startswith("documents.toml, dòng 2: ")
    assert "máy dùng bản đúng gần nhất của documents.toml" in _check(app).words


@pytest.mark.parametrize("name", ["rieng.toml.txt", "rieng.TOML"])
def test_a_file_that_lost_its_name_is_an_alarm_and_its_last_good_text_stays_in_use(
    start: Callable[[], Flask], practice: Config, name: str
) -> None:
    path = _own_form(practice, minutes=7)
    assert _minutes(start()) == 7
    path.rename(path.with_name(name))
    for _ in range(2):  # the copy is not deleted with the name
        app = start()
        assert _minutes(app) == 7
        assert (_check(app).code, _check(app).stops) == ("FORM-01", "")
        assert _check(app).steps[0].startswith(f"{name}: máy không đọc tệp này; tên phải kết thúc bằng .toml")


def test_a_new_file_with_a_wrong_name_is_an_alarm_though_the_catalogue_was_cached(
    start: Callable[[], Flask], practice: Config
) -> None:
    assert _check(start()).state == "ok"
    _own_form(practice).rename(practice.root / "thu-tuc" / "rieng.toml.txt")
    result = _check(start())
    assert (result.code, result.stops) == ("FORM-01", "some")


def test_files_that_the_commands_and_editors_write_beside_a_procedure_are_no_alarm(
    start: Callable[[], Flask], practice: Config
) -> None:
    _own_form(practice)
    for name in ("rieng.pdf", "rieng.xlsx", "~$rieng.xlsx", ".rieng.toml.swp", "rieng.toml~"):
        (practice.root / "thu-tuc" / name).write_bytes(b"")
    assert _check(start()).state == "ok"


def test_the_last_good_life_events_stay_in_use(start: Callable[[], Flask], practice: Config) -> None:
    path = practice.root / "thu-tuc" / "events.toml"
    path.write_text(EVENTS, "utf-8")
    form = _own_form(practice)
    form.write_text(re.sub('^event = ".*"', 'event = "nghe"', form.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    start()
    path.write_text(EVENTS.replace("name_en", "nam_en"), "utf-8")
    app = start()
    assert "Nghề mới" in app.test_client().get("/choose").get_data(as_text=True)
    assert "máy dùng bản đúng gần nhất của events.toml" in _check(app).words
