"""Passwords: argon2id at the cost that RFC 9106 asks of a machine with little memory; a wrong one fits nowhere."""

import importlib.util

from argon2 import Type

from kiosk import passwords


def test_a_password_fits_its_own_hash_and_no_other() -> None:
    known = passwords.hash_password("mật khẩu riêng")
    assert passwords.verify_password(known, "mật khẩu riêng")
    assert not passwords.verify_password(known, "mật khẩu khác")
    assert not passwords.verify_password(passwords.dummy_hash(), "")
    assert known != passwords.hash_password("mật khẩu riêng")


def test_the_ward_s_machine_spends_what_the_standard_asks() -> None:
    """The second choice of RFC 9106, section 4: three passes over 64 MB. Read anew: tests hash quickly."""
    spec = importlib.util.find_spec("kiosk.passwords")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.hasher is not passwords.hasher
    assert fresh.hasher.type is Type.ID
    assert fresh.hasher.time_cost >= 3
    assert fresh.hasher.memory_cost >= 64 * 1024
