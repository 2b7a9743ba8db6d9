import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.base.errors import KeyMissing, KeyWrong, SealBroken, StoreUnavailable
from kiosk.config import Config
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.store.vault import Vault, open_vault

VAULT = Vault(b"made-up key for tests, 32 bytes.")
WORDS = st.text(max_size=40)


@given(WORDS, WORDS, st.binary(max_size=2000))
def test_what_is_sealed_opens_under_its_own_name(kind: str, record_id: str, plain: bytes) -> None:
    assert VAULT.open(kind, record_id, VAULT.seal(kind, record_id, plain)) == plain


@given(WORDS, WORDS, WORDS, WORDS)
def test_a_moved_record_does_not_open(kind: str, record_id: str, other_kind: str, other_id: str) -> None:
    sealed = VAULT.seal(kind, record_id, b"answers")
    if (kind, record_id) != (other_kind, other_id):
        with pytest.raises(SealBroken):
            VAULT.open(other_kind, other_id, sealed)


@given(st.binary(max_size=200), st.data())
def test_a_flipped_bit_is_noticed_wherever_it_is(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("draft", "1", plain))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        VAULT.open("draft", "1", bytes(sealed))


@given(st.binary(max_size=200), st.data())
def test_a_cut_record_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = VAULT.seal("draft", "1", plain)
    with pytest.raises(SealBroken):
        VAULT.open("draft", "1", sealed[: data.draw(st.integers(0, len(sealed) - 1))])


def test_names_cannot_be_shifted_between_kind_and_id() -> None:
    with pytest.raises(SealBroken):
        VAULT.open("draft", "1 2", VAULT.seal("draft 1", "2", b"answers"))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Vault(b"another key for tests, 32 bytes.").open("draft", "1", VAULT.seal("draft", "1", b"answers"))


def test_the_same_words_never_look_the_same() -> None:
    sealed = {VAULT.seal("draft", "1", "Hồ Thị Mận".encode()) for _ in range(20)}
    assert len(sealed) == 20
    assert not any("Mận".encode() in record for record in sealed)


def test_a_keyed_hash_differs_for_another_purpose_or_key() -> None:
    number = "046190000001"
    hashes = {VAULT.keyed_hash("applicant", number), VAULT.keyed_hash("session", number)}
    hashes.add(Vault(b"another key for tests, 32 bytes.").keyed_hash("applicant", number))
    assert len(hashes) == 3
    assert VAULT.keyed_hash("applicant", number) in hashes


def test_the_first_start_makes_a_key_that_only_the_owner_reads(config: Config, store: Store) -> None:
    sealed = open_vault(config.key_path, store).seal("draft", "1", b"answers")
    assert stat.S_IMODE(config.key_path.stat().st_mode) == 0o600
    assert [file.name for file in config.folder.iterdir() if "key" in file.name] == ["kiosk.key"]
    assert open_vault(config.key_path, store).open("draft", "1", sealed) == b"answers"


def test_a_lost_key_is_never_replaced(config: Config, store: Store, vault: Vault) -> None:
    config.key_path.unlink()
    with pytest.raises(KeyMissing):
        open_vault(config.key_path, store)
    assert not config.key_path.exists()


def test_a_foreign_key_is_refused(config: Config, store: Store, other_key_path: Path) -> None:
    open_vault(config.key_path, store)
    with pytest.raises(KeyWrong):
        open_vault(other_key_path, store)


@pytest.mark.parametrize(
    "text", ["", "ward-kiosk key 1\n", "ward-kiosk key 1\nAAAA\n", "khóa\n\n", "a\n!\n", "a\nb\nc\n"]
)
def test_a_spoilt_key_file_is_not_taken_for_a_key(config: Config, store: Store, vault: Vault, text: str) -> None:
    config.key_path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyWrong):
        open_vault(config.key_path, store)


def test_a_power_cut_between_key_and_mark_is_gone_on_with(config: Config, store: Store, vault: Vault) -> None:
    sealed = vault.seal("draft", "1", b"answers")
    with store.write() as db:
        db.execute("delete from marks")
    assert open_vault(config.key_path, store).open("draft", "1", sealed) == b"answers"


def test_a_key_that_cannot_be_written_is_one_clear_sentence(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="key file"):
        open_vault(Path("/proc/kiosk.key"), store)


@pytest.fixture
def other_key_path(tmp_path: Path) -> Iterator[Path]:
    """Yield the key file of another kiosk."""
    with Store(tmp_path / "other" / "kiosk.db") as store:
        grow(store)
        open_vault(tmp_path / "other" / "kiosk.key", store)
        yield tmp_path / "other" / "kiosk.key"
