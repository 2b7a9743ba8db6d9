"""A kiosk's audit trail that was cut is noticed at the gateway, from a real kiosk's store to the operator."""

from tests.portal.machines import Machine, Province, machines, province

__all__ = ["machines", "province"]


def test_lines_cut_from_a_kiosks_trail_raise_an_alarm_at_the_gateway(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    for _ in range(2):
        machine.submit()
        machine.work()
    assert province.notices() == []
    with machine.context.store.write() as db:
        db.execute("delete from audit where seq > (select max(seq) from audit) - 3")
    for _ in range(2):
        machine.submit()
    machine.work()
    machine.submit()
    machine.work()
    notices = province.notices()
    assert len(notices) == 1
    assert "Nhật ký của máy PK03" in notices[0]
