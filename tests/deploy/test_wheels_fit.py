"""A bundle for another Python or processor: `make install` says so in a sentence, before pip is asked."""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.wheels_fit import find_fault
from kiosk.config import ROOT

FOR_ALL = ["flask-3.1.3-py3-none-any.whl", "cryptography-50.0-cp311-abi3-manylinux_2_34_x86_64.whl"]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("cp313-cp313-manylinux_2_28_x86_64", ""),
        ("cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64", ""),
        ("cp311-cp311-manylinux_2_28_x86_64", "Gói này cho Python 3.11, máy có Python 3.13"),
        ("cp313-cp313-manylinux_2_28_aarch64", "Gói này cho máy aarch64, máy này là x86_64"),
    ],
)
def test_wheels_are_compared_with_python_and_processor(tag: str, words: str) -> None:
    found = find_fault([*FOR_ALL, f"pillow-12.0-{tag}.whl"], minor=13, machine="x86_64")
    assert found.startswith(words)
    assert bool(found) == bool(words)


def test_wheels_for_all_pythons_fit() -> None:
    assert find_fault(FOR_ALL, minor=14, machine="riscv64") == ""


def test_a_bundle_for_another_python_is_refused_before_anything_is_installed(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    shutil.copy(ROOT / "kiosk.toml", tmp_path / "kiosk.sample.toml")
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / f"pillow-12.0-cp39-cp39-manylinux_2_28_{platform.machine()}.whl").touch()
    command = ["make", "-C", str(tmp_path), "install", f"PYTHON={sys.executable}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "Gói này cho Python 3.9, máy có Python 3." in run.stderr
    assert "pip" not in run.stderr
    assert not (tmp_path / ".venv").exists()
