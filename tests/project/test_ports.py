"""The ports that tests give to their servers."""

from tests.ports import END, PORTS_IN_RANGE, free_port

FIRST_EPHEMERAL = 32_768
"""Of Linux, unless somebody has set `net.ipv4.ip_local_port_range`."""


def test_no_port_of_a_server_is_one_that_the_system_gives_away() -> None:
    assert END <= FIRST_EPHEMERAL


def test_a_port_is_given_once_before_its_server_listens_and_again_after_a_round() -> None:
    ports = [free_port() for _ in range(PORTS_IN_RANGE // 2)]
    assert len(set(ports)) == len(ports)
    assert all(free_port(4) + 4 <= END for _ in range(PORTS_IN_RANGE))
