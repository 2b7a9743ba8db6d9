"""Facts that the lead found to differ are a task on the technician's page, until they are compared again."""

from kiosk import comparison
from kiosk.acts import comparing, signing
from kiosk.acts.comparing import ShownFact
from kiosk.context import Context
from kiosk.health import checks
from kiosk.health.check_result import CheckResult
from tests.heartbeats import beat
from tests.journeys.walker import Walker

BIRTH = "1.001193"


def _check(context: Context) -> CheckResult:
    return next(result for result in checks.look(context) if result.name == "Đối chiếu")


def _compare(context: Context, fact: str, result: str, note: str = "") -> None:
    procedure = context.catalogue.in_force(BIRTH, context.clock.today())
    assert procedure is not None
    item = next(item for item in comparison.load(context, procedure).facts if item.fact.id == fact)
    comparing.compare(context, ShownFact(BIRTH, fact, item.fact.digest), result, note, "CB01")


def test_what_differs_is_a_task_with_the_words_of_the_lead(walker: Walker) -> None:
    context = walker.context
    beat(context)
    signing.add_person(context, "thutrang", name="Hoàng Thu Trang", role="lead", password="mật khẩu riêng")
    assert _check(context).state == "ok"
    _compare(context, "time-1", "differs", "Niêm yết ghi 2 ngày")
    _compare(context, "line-4", "differs", "Mẫu ghi Nơi ở hiện tại")
    check = _check(context)
    assert (check.state, check.code, check.words) == ("warning", "DIFF-01", "Phường thấy 2 ý khác văn bản")
    assert "phường ghi “Niêm yết ghi 2 ngày”" in check.todo[0]
    assert "Dòng 4" in check.todo[1]
    _compare(context, "time-1", "same")
    _compare(context, "line-4", "same")
    assert _check(context).state == "ok"


def test_a_long_list_is_cut_and_says_how_many_more(walker: Walker) -> None:
    context = walker.context
    beat(context)
    signing.add_person(context, "thutrang", name="Hoàng Thu Trang", role="lead", password="mật khẩu riêng")
    for number in range(1, 9):
        _compare(context, f"line-{number}", "differs", "Khác chữ")
    assert any(step.startswith("Còn 3 ý nữa") for step in _check(context).todo)
