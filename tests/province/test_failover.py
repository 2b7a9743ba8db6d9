"""Failover under load: what a kiosk has a receipt for is at the new primary, once, and kiosks file again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.province.cluster import NAMES, Cluster
from tests.province.load import Load

pytestmark = [pytest.mark.province, pytest.mark.machine_date, pytest.mark.timeout(1800)]
TABLE: list[str] = []
Fault = Callable[[Cluster], Callable[[], None]]
"""Does harm, and returns what makes it good."""


@pytest.fixture(scope="module", autouse=True)
def table(pytestconfig: pytest.Config) -> Iterator[None]:
    """Print what was seen, at the end."""
    yield
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + "\n".join(TABLE))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.close()


@pytest.fixture
def load(cluster: Cluster, tmp_path: Path) -> Iterator[Load]:
    cluster.primary().rows("drop database if exists gateway with (force)", "postgres")
    cluster.primary().rows("create database gateway", "postgres")
    cluster.wait_until_synchronous()
    load = Load(cluster, tmp_path)
    yield load
    load.close()


def kill_the_primary(cluster: Cluster) -> Callable[[], None]:
    primary = cluster.primary()
    primary.kill()
    return primary.start


def freeze_the_primary(cluster: Cluster) -> Callable[[], None]:
    primary = cluster.primary()
    primary.freeze()
    return primary.thaw


def freeze_the_database_of_the_primary(cluster: Cluster) -> Callable[[], None]:
    primary = cluster.primary()
    primary.freeze_server()
    return primary.thaw


def kill_the_synchronous_standby(cluster: Cluster) -> Callable[[], None]:
    standby = cluster.standby()
    standby.kill()
    return standby.start


def kill_standby_and_primary(cluster: Cluster) -> Callable[[], None]:
    standby = cluster.standby()
    standby.kill()
    cluster.wait(lambda: cluster.standby() is not standby, "another standby confirms")
    primary = cluster.primary()
    primary.kill()
    standby.start()
    return primary.start


def switch_over(cluster: Cluster) -> Callable[[], None]:
    cluster.switch_over()
    return lambda: None


@pytest.mark.parametrize(
    "fault",
    [
        kill_the_primary,
        freeze_the_primary,
        freeze_the_database_of_the_primary,
        kill_the_synchronous_standby,
        kill_standby_and_primary,
        switch_over,
    ],
)
def test_what_has_a_receipt_is_kept_once_and_kiosks_file_again(load: Load, cluster: Cluster, fault: Fault) -> None:
    load.start()
    before = cluster.primary().name
    mend = fault(cluster)
    seconds = load.wait_until_all_file(time.monotonic())
    after = cluster.primary().name
    mend()
    cluster.wait_until_synchronous()
    load.wait_until_all_file(time.monotonic())
    load.end()
    stored = load.stored()
    lost = load.acknowledged() - {form for form, _ in stored}
    load.deliver_the_rest()
    stored = load.stored()
    TABLE.append(
        f"{fault.__name__}: {before} -> {after}, files again after {seconds:.0f} s, "
        f"{len(load.acknowledged())} receipts, {len(lost)} lost, {len(stored) - len(dict(stored))} doubled"
    )
    assert lost == set()
    assert sorted(stored) == sorted(load.digests().items()), "each form once, as it was filed"
    assert load.refused() == []
    assert cluster.writers() == [cluster.primary().name]


def test_without_a_quorum_of_etcd_nobody_writes_and_kiosks_keep_their_forms(load: Load, cluster: Cluster) -> None:
    load.start()
    cluster.kill_etcd(*NAMES[:2])
    cluster.wait(lambda: cluster.writers() == [], "no server takes writes")
    for name in NAMES[:2]:
        cluster.start_etcd(name)
    seconds = load.wait_until_all_file(time.monotonic())
    load.end()
    load.deliver_the_rest()
    TABLE.append(
        f"etcd without a quorum: no writer, files again {seconds:.0f} s after it, {len(load.stored())} forms, 0 lost"
    )
    assert sorted(load.stored()) == sorted(load.digests().items())
    assert load.refused() == []


def test_without_synchrony_receipts_are_lost(cluster: Cluster, tmp_path: Path) -> None:
    """Check the instrument: the same fault, with commits that wait for nobody, must be seen to lose forms."""
    cluster.settings(synchronous_mode=False, synchronous_mode_strict=False, maximum_lag_on_failover=1 << 40)
    cluster.primary().rows("drop database if exists gateway with (force)", "postgres")
    cluster.primary().rows("create database gateway", "postgres")
    no_wait = "show synchronous_standby_names"
    cluster.wait(lambda: cluster.primary().rows(no_wait, "postgres") == [("",)], "commits wait for nobody")
    load = Load(cluster, tmp_path, needs_standby=False)
    try:
        load.start()
        primary = cluster.primary()
        others = [each for each in cluster.machines if each is not primary]
        for standby in others:
            standby.kill()
        load.wait_until_all_file(time.monotonic())
        primary.kill()
        for standby in others:
            standby.start()
        load.wait_until_all_file(time.monotonic())
        load.end()
        lost = load.acknowledged() - {form for form, _ in load.stored()}
        TABLE.append(f"without synchrony: {len(load.acknowledged())} receipts, {len(lost)} lost")
        assert lost
        primary.start()
    finally:
        load.close()
        cluster.settings(synchronous_mode=True, synchronous_mode_strict=True, maximum_lag_on_failover=0)
