"""Many messages by Zalo and SMS beside faults of both providers and kills of the gateway: nobody is told twice."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sync.gateway.message_senders import open_senders
from sync.gateway.message_worker import MessageWorker
from tests.sync.sms_twin import SmsTwin
from tests.sync.test_messages import MessageSetup, Stop
from tests.sync.zalo_twin import ZaloTwin

FAULTS = 0.05
KILLS = 0.02
WITHOUT_ZALO = 0.05
DAYS = 8


@pytest.fixture
def setup(migrated_database: str, tmp_path: Path) -> Iterator[MessageSetup]:
    setup = MessageSetup(migrated_database, tmp_path / "gateway.key")
    yield setup
    setup.context.close()


class TwoProviders:
    """Twins of both providers with faults, and a worker that is killed now and then."""

    def __init__(self, setup: MessageSetup, folder: Path, seed: int) -> None:
        self._setup = setup
        self._folder = folder
        self._numbers = random.Random(seed)
        self.kills = 0
        self.zalo = ZaloTwin(folder)
        self.sms = SmsTwin(folder, "esms")
        for twin in (self.zalo, self.sms):
            twin.server.stall = 0.01
            twin.faults_ahead.break_often(FAULTS)
        place = f"zalo:{self.zalo.settings_file()},sms:{self.sms.settings_file()}"
        self._senders = open_senders(place, setup.context.engine, lambda: setup.now)
        setup.worker = MessageWorker(setup.context, self._senders, self._reach)

    def _reach(self, point: str) -> None:
        if point == "claimed" and self._numbers.random() < WITHOUT_ZALO:
            self.zalo.faults_ahead.break_next("message", "no-zalo")
        if self._numbers.random() < KILLS:
            raise Stop

    def work(self) -> None:
        """Send what is due, also after a kill."""
        goes_on = True
        while goes_on:
            try:
                goes_on = self._setup.worker.step()
            except Stop:
                self.kills += 1

    def renew_token(self, day: int) -> None:
        """Put a new refresh token into its file, as a person does where the answer with the next one was lost."""
        with self.zalo.state.write() as db:
            db.execute("insert into tokens values ('', ?, 0)", [f"of-day-{day}"])
        (self._folder / "zalo.refresh").write_text(f"of-day-{day}", encoding="utf-8")

    def told(self) -> Counter[str]:
        """Return how often each receipt number was told, by whom it may be."""
        by_zalo = Counter(words.split('"ma_ho_so": "')[1].split('"')[0] for _, _, words in self.zalo.told())
        return by_zalo + Counter(words.split()[2].rstrip(":") for _, words in self.sms.told())

    def close(self) -> None:
        """Close senders and twins."""
        for sender in self._senders:
            sender.close()
        for twin in (self.zalo, self.sms):
            twin.close()


@pytest.mark.parametrize("count", [150, pytest.param(5_000, marks=pytest.mark.faults)])
def test_nobody_is_told_twice(setup: MessageSetup, tmp_path: Path, count: int) -> None:
    providers = TwoProviders(setup, tmp_path, seed=count)
    for n in range(1, count + 1):
        setup.submit_accepted(n)
    for day in range(DAYS):
        providers.work()
        providers.renew_token(day)
        setup.now += timedelta(days=1)
    providers.close()
    told = providers.told()
    states = Counter(state for state, _ in setup.states())
    assert min(providers.kills, len(providers.sms.told())) > 0
    assert max(told.values()) == 1
    assert sum(states.values()) == count
    assert set(states) <= {"sent", "unsure", "refused", "dropped"}
    assert states["sent"] <= len(told) <= states["sent"] + states["unsure"]
    assert states["sent"] > count * 0.8
