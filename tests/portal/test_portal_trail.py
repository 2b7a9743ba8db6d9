"""The trail of the gateway's operators, as a kiosk sees it: openings of its forms, and a trail that lost lines."""

from dataclasses import replace

import pytest

from kiosk.health import portal_lines, trail_check
from kiosk.health.check_result import CheckResult
from kiosk.records import audit, openings
from kiosk.records.audit import AuditLine
from sync.gateway import accounts
from sync.gateway.trail_reports import MAX_OPENINGS
from tests.portal.machines import Machine, Province, machines, province

__all__ = ["machines", "province"]

REASON = "Đối chiếu số định danh của bà Mẫu"


class Pair:
    """A gateway and a kiosk that has reported once, and so keeps the third line of the gateway's trail."""

    def __init__(self, machine: Machine, province: Province) -> None:
        self.machine = machine
        self.province = province
        self.submission_id, self.receipt_no = machine.submit()
        for number in range(3):
            self.act(f"account-{number}", act="signed_in")
        self.report()

    def act(self, subject: str, act: str = accounts.OPENED, login: str = "hoaian") -> None:
        """Record an act of an operator at the gateway."""
        now = self.machine.clock.now()
        with self.province._engine.begin() as db:
            accounts.record(db, login, act=act, subject=subject, now=now, reason=REASON)

    def sql(self, statement: str) -> None:
        """Change the gateway's database behind its back."""
        with self.province._engine.begin() as db:
            db.exec_driver_sql(statement)

    def report(self) -> None:
        """Let the kiosk send its next report."""
        self.machine.clock.advance(400)
        self.machine.work()

    def lines(self, act: str) -> list[AuditLine]:
        with self.machine.context.store.read() as db:
            return [entry.line for entry in reversed(audit.latest(db, [act], 200))]

    def kept(self) -> portal_lines.PortalLine:
        with self.machine.context.store.read() as db:
            return portal_lines.find(db)

    def check(self) -> CheckResult:
        """Return the check of the trail; the kiosk's own one is in order."""
        context = self.machine.context
        config = replace(context.config, kiosk=replace(context.config.kiosk, practice=False))
        return trail_check.trail(replace(context, config=config))


@pytest.fixture
def pair(machines: list[Machine], province: Province) -> Pair:
    return Pair(machines[0], province)


def test_an_operator_who_opens_a_form_is_a_line_at_the_kiosk_and_in_the_leads_list(pair: Pair) -> None:
    pair.act(pair.submission_id)
    opened_at = pair.machine.clock.now()
    pair.report()
    (line,) = pair.lines("portal_opened")
    assert (line.actor, line.subject, line.facts["login"]) == ("portal", pair.submission_id, "hoaian")
    assert line.facts["receipt"] == pair.receipt_no
    assert REASON not in str(line), "words may name people"
    context = pair.machine.context
    with context.store.read() as db:
        (opening,) = openings.between(db, opened_at, opened_at.replace(year=2027))
    assert (opening.actor, opening.session) == ("hoaian", openings.AT_PORTAL)
    assert opening.words is not None
    assert context.vault.open(openings.WORDS, opening.id, opening.words).decode() == REASON
    pair.report()
    assert len(pair.lines("portal_opened")) == 1, "told once"


def test_openings_of_other_kiosks_are_not_told(pair: Pair) -> None:
    pair.act("8d1f8a53-7d0f-4c4a-9b39-3c6c4f2f7f11")
    pair.report()
    assert pair.lines("portal_opened") == []
    assert pair.kept().no == 4


def test_more_openings_than_one_answer_takes_come_with_the_next_ones(pair: Pair) -> None:
    for _ in range(MAX_OPENINGS + 7):
        pair.act(pair.submission_id)
    pair.act("account-9", act="signed_out")
    pair.machine.clock.advance(400)
    pair.machine.worker.step()
    pair.machine.worker.step()
    assert len(pair.lines("portal_opened")) == MAX_OPENINGS
    assert pair.kept().no == 3 + MAX_OPENINGS
    pair.report()
    assert len(pair.lines("portal_opened")) == MAX_OPENINGS + 7
    assert pair.kept().no == 3 + MAX_OPENINGS + 8
    assert pair.kept().alarm is None


@pytest.mark.parametrize(
    ("change", "later_acts", "alarm"),
    [
        ("delete from trail where no = 3", 0, "shorter"),
        ("delete from trail", 0, "shorter"),
        ("delete from trail where no >= 2", 4, "changed"),
        ("update trail set mac = '' where no = 3", 1, "changed"),
        ("update trail set mac = 'not a seal' where no = 3", 0, "changed"),
    ],
)
def test_a_trail_that_was_cut_or_rewritten_raises_an_alarm_at_the_kiosk(
    pair: Pair, change: str, later_acts: int, alarm: str
) -> None:
    assert pair.check().state == "ok"
    pair.sql(change)
    for number in range(later_acts):
        pair.act(f"account-{number}", act="signed_out")
    pair.report()
    (line,) = pair.lines("portal_trail")
    assert (line.facts["loss"], line.facts["kept"]) == (alarm, 3)
    found = pair.check()
    assert (found.state, found.code) == ("warning", "TRAIL-03")
    assert "dòng 3" in found.words
    pair.report()
    assert len(pair.lines("portal_trail")) == 1, "raised once"
    pair.machine.clock.advance(7 * 86400)
    assert pair.check().state == "ok"


def test_a_trail_that_grows_raises_no_alarm(pair: Pair) -> None:
    for _ in range(3):
        pair.act("account-1", act="signed_in")
        pair.report()
    assert pair.kept().no == 6
    assert (pair.kept().alarm, pair.lines("portal_trail")) == (None, [])


def test_an_older_gateway_that_shows_no_trail_accuses_nobody(pair: Pair) -> None:
    kept = pair.kept()
    portal = pair.machine.worker.delivery._portal
    report = portal.report  # type: ignore[union-attr]
    portal.report = lambda state: replace(report(state), trail=None)  # type: ignore[union-attr]
    pair.act("account-1", act="signed_in")
    pair.report()
    assert pair.kept() == kept
