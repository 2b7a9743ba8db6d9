"""Tests of password hashes: argon2id at the cost of RFC 9106 for machines with little memory."""

import importlib.util

from argon2 import Type

from kiosk.security import passwords


def test_a_password_fits_its_own_hash_and_no_other() -> None:
    password_hash = passwords.hash_password("mật khẩu riêng")
    assert passwords.verify_password(password_hash, "mật khẩu riêng")
    assert not passwords.verify_password(password_hash, "mật khẩu khác")
    assert not passwords.verify_password(passwords.dummy_hash(), "")
    assert password_hash != passwords.hash_password("mật khẩu riêng")


def test_the_ward_s_machine_spends_what_the_standard_asks() -> None:
    """Second choice of RFC 9106, section 4: three passes over 64 MB. The module is loaded again: tests hash cheaply."""
    spec = importlib.util.find_spec("kiosk.security.passwords")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.hasher is not passwords.hasher
    assert fresh.hasher.type is Type.ID
    assert fresh.hasher.time_cost >= 3
    assert fresh.hasher.memory_cost >= 64 * 1024
