"""A content with a mistake is refused where it is packed, where it is published, and by each kiosk."""

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.config import Config
from kiosk.procedures.loader import CATALOGUE
from kiosk.updates import archive, content
from kiosk.updates.errors import BadContent
from tests.updates.province import Province
from tests.updates.test_gateway_source import content_tree

STAY = (CATALOGUE / "1.004194.toml").read_text("utf-8")
QUOTES = STAY.replace('code = "1.004194"', "code = “1.004194”", 1)
NEVER_ASKED = STAY.replace(
    'fields = ["noi_dung_de_nghi"]', 'fields = ["noi_dung_de_nghi"]\nwhen = [{ key = "o_dau", is = "thue" }]', 1
)
WRONG = {
    "procedures/1.004194.toml": (QUOTES, "1.004194.toml, dòng 3: "),
    "procedures/stay.toml": (NEVER_ASKED, "field[noi_dung_de_nghi]: bắt buộc, mà không trang nào hỏi khi o_dau"),
    "procedures/1.004194.toml.txt": (STAY, "1.004194.toml.txt: máy không đọc tệp này"),
    "procedure/1.004194.toml": (STAY, "procedure: nội dung chỉ có ba thư mục procedures, reference và authorities"),
    "authorities/nothing.crt": ("", "nothing.crt: không phải chứng thư của nơi cấp chữ ký số (.crt)"),
    "reference/holiday.toml": ("", "holiday.toml: không có tệp dữ liệu nào tên đó"),
}
"""File of a content -> (its text, the message)."""


def tree_with(folder: Path, name: str, text: str) -> Path:
    tree = content_tree(folder, "Tên mới")
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text(text, "utf-8")
    return tree


@pytest.mark.parametrize("name", WRONG)
def test_a_content_with_a_mistake_is_not_packed(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, message = WRONG[name]
    tree = tree_with(tmp_path / "content", name, text)
    packed = tmp_path / "content.tar.gz"
    assert main(["release", "pack", str(tree), str(packed)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("Nội dung có 1 chỗ phải sửa:")
    assert not packed.exists()


def test_a_good_content_is_packed(tmp_path: Path) -> None:
    packed = tmp_path / "content.tar.gz"
    tree = content_tree(tmp_path / "content", "Tên mới")
    assert main(["release", "pack", str(tree), str(packed)]) == 0
    with tarfile.open(packed) as tar:
        assert {"procedures/2.000815.toml", "reference/holidays.toml"} <= set(tar.getnames())


def test_a_content_with_a_mistake_is_not_published(
    province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "content.tar.gz"
    archive.pack(tree_with(tmp_path / "content", "procedures/1.004194.toml", QUOTES), packed)
    keys = province.folder / "keys"
    command = ["release", "publish", str(packed), "--content", "2026.11.28", "--repository", str(province.place)]
    command += ["--key", str(keys / "targets-1.pem"), "--online", str(keys / "online.pem")]
    assert main(command) == 2
    assert "1.004194.toml, dòng 3: " in capsys.readouterr().err
    assert province.repository.targets() == {}
    archive.pack(content_tree(tmp_path / "good", "Tên mới"), packed)
    assert main(command) == 0
    assert list(province.repository.targets()) == ["ward-content-2026.11.28.tar.gz"]


@pytest.mark.parametrize("name", ["procedures/1.004194.toml", "reference/holiday.toml"])
def test_a_kiosk_refuses_a_content_that_it_cannot_read(machine: Config, name: str, tmp_path: Path) -> None:
    packed = tmp_path / "content.tar.gz"
    archive.pack(content_tree(tmp_path / "good", "Tên mới"), packed)
    content.install(machine.content_folder, packed, "2026.11.28")
    archive.pack(tree_with(tmp_path / "bad", name, WRONG[name][0]), packed)
    with pytest.raises(BadContent):
        content.install(machine.content_folder, packed, "2026.11.29")
    assert content.present(machine.content_folder) == "2026.11.28"


def test_practice_beside_the_kiosk_uses_the_content_of_that_kiosk(machine: Config, tmp_path: Path) -> None:
    packed = tmp_path / "content.tar.gz"
    archive.pack(content_tree(tmp_path / "good", "Tên mới"), packed)
    content.install(machine.content_folder, packed, "2026.11.28")
    beside = replace(machine, kiosk=replace(machine.kiosk, data=str(tmp_path / "beside")), live_folder=machine.folder)
    assert beside.folder != machine.folder
    assert content.present(beside.content_folder) == "2026.11.28"
    assert content.procedures_folder(beside.content_folder) == content.procedures_folder(machine.content_folder)
