"""The ports that tests give to their servers."""

import subprocess
import sys

import pytest

from kiosk.config import ROOT
from tests.ports import SERVERS, UNITS, PortBlock, claim_range, free_port

FIRST_EPHEMERAL = 32_768
"""Of Linux, unless somebody has set `net.ipv4.ip_local_port_range`."""
TAKE = "from tests.ports import free_port\nprint(free_port(), flush=True)\ninput()"


def test_no_port_of_a_server_is_one_that_the_system_gives_away() -> None:
    assert SERVERS.end <= FIRST_EPHEMERAL
    assert UNITS.end + 10_000 <= SERVERS.first, "the ports of the units' metrics"


def test_a_port_is_given_once_before_its_server_listens_and_again_after_a_round() -> None:
    ports = [free_port() for _ in range(SERVERS.in_range // 2)]
    assert len(set(ports)) == len(ports)
    assert all(free_port(4) + 4 <= SERVERS.end for _ in range(SERVERS.in_range))


@pytest.mark.machine_date
def test_two_processes_are_never_given_the_same_port() -> None:
    """Their numbers do not matter: two containers may have processes of the same number."""
    command = [sys.executable, "-c", TAKE]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    ports = [int(process.stdout.readline()) for process in running if process.stdout]
    ports.append(free_port())  # while both have theirs
    for process in running:
        process.communicate("\n")
    assert len({(port - SERVERS.first) // SERVERS.in_range for port in ports}) == 3


def test_a_range_belongs_to_one_owner() -> None:
    start = free_port(20)
    two_ranges = PortBlock(first=start, end=start + 20, in_range=10)
    ranges = [claim_range(two_ranges) for _ in range(2)]
    assert [ports.take(9) for ports in ranges] == [start + 1, start + 11]
    with pytest.raises(RuntimeError, match="no ports"):
        claim_range(two_ranges)
    for ports in ranges:
        ports._guard.close()
