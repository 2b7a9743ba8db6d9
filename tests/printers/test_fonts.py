from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from printers.fonts import build
from printers.render import pdf_fonts
from printers.render.pillow_fonts import FOLDER, STRONG, TEXT, text_width

FONTS = sorted(path.stem for path in FOLDER.glob("*.ttf"))
WEB = build.WEB / "noto-sans.woff2"


@pytest.mark.parametrize("face", FONTS)
def test_every_font_has_every_letter(face: str) -> None:
    available = set(TTFont(FOLDER / f"{face}.ttf").getBestCmap())
    wanted = set(map(ord, build.letters())) - {0x2011}  # `clean` replaces the no-break hyphen by a plain one
    assert not {chr(code) for code in wanted - available}


def test_the_vietnamese_alphabet_is_whole() -> None:
    assert len(set(build.vietnamese())) == 2 * 73  # 12 vowels in 6 tones, and đ


def test_the_screen_font_has_every_letter_and_is_light() -> None:
    font = TTFont(WEB)
    assert set(map(ord, build.letters())) <= set(font.getBestCmap())
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 800)]
    assert WEB.stat().st_size < 75_000


def test_every_font_has_a_postscript_name_of_its_own() -> None:
    names = [TTFont(FOLDER / f"{face}.ttf")["name"].getDebugName(6) for face in FONTS]
    assert len(set(names)) == len(FONTS)
    assert not [name for name in names if "Liberation" in name]


def test_every_font_has_its_licence_beside_it() -> None:
    for licence in ("OFL-noto-sans.txt", "OFL-form-serif.txt"):
        assert "SIL OPEN FONT LICENSE" in (FOLDER / licence).read_text(encoding="utf-8")
    assert (WEB.parent / "OFL.txt").exists()


def test_strong_is_wider_than_text() -> None:
    words = "Nguyễn Thị Diệu Hiền"
    assert text_width(words, (STRONG, 27)) > 1.03 * text_width(words, (TEXT, 27))
    assert pdf_fonts.text_width(words, ("sans-780", 10)) > 1.03 * pdf_fonts.text_width(words, ("sans-430", 10))
    assert pdf_fonts.text_width(words, ("serif-bold", 10)) > 1.02 * pdf_fonts.text_width(words, ("serif-regular", 10))


def test_pillow_and_reportlab_measure_alike() -> None:
    words = "người khai: hai mươi sáu"
    assert pdf_fonts.text_width(words, (TEXT, 100)) == pytest.approx(text_width(words, (TEXT, 100)), rel=0.02)


def test_a_font_can_be_built_again(tmp_path: Path) -> None:
    build.sans(560, tmp_path)
    assert (tmp_path / "sans-560.ttf").read_bytes() == (FOLDER / "sans-560.ttf").read_bytes()
