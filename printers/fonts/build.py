"""Make the fonts of paper and screen from their upstream files: subsets of the letters and weights that we use.

Only a developer runs this (`make fonts`); the results are committed, each with its licence. Every font gets a
PostScript name of its own, because reportlab identifies fonts by that name. The serif gets a family name of its own,
because its licence reserves the old one.
"""

import sys
import unicodedata
from pathlib import Path

import fontpkg_noto_sans  # type: ignore[import-untyped]  # a font with a folder, no code
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FEATURES = ("mark", "mkmk", "ccmp", "kern")
HERE = Path(__file__).resolve().parent
WEB = HERE.parents[1] / "static" / "fonts"
SANS = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
SERIF = Path("/usr/share/fonts/truetype/liberation")  # Debian: fonts-liberation

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
HIGHLANDS = "ŏŭĕĭƀčñĺ"  # Ê-đê, Gia-rai, Ba-na, Cơ-ho, Tà-ôi, Bru; ê̆ ô̆ ơ̆ ư̆ are written with the combining breve
MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
PUNCTUATION = "\u00a0‐‑–—―‘’‚“”„•…‹›′″₫€−×"
# A foreign passport may have any letter of Latin-1 and Latin Extended-A.
LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA1, 0x180)]))


def vietnamese() -> str:
    """Return all letters of Vietnamese in both cases, precomposed: 2 x 67 with a tone or mark, and the plain ones."""
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
    return "".join(letter + letter.upper() for letter in [*small, "đ"])


def letters() -> str:
    """Return all characters that a font must have."""
    return LATIN + vietnamese() + HIGHLANDS + HIGHLANDS.upper() + MARKS + PUNCTUATION


def subset(font: TTFont) -> TTFont:
    """Remove everything that our letters do not need."""
    options = Options()
    options.layout_features = list(FEATURES)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["STAT", "DSIG", "meta", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(text=letters())
    subsetter.subset(font)
    return font


def rename(font: TTFont, family: str, style: str) -> None:
    """Give a font names that no other font has."""
    postscript = family.replace(" ", "") + "-" + style
    for record in list(font["name"].names):
        if record.nameID in (16, 17, 21, 22, 25):
            font["name"].removeNames(nameID=record.nameID)
    names = {1: f"{family} {style}", 2: "Regular", 3: postscript, 4: f"{family} {style}", 6: postscript}
    for number, text in names.items():
        font["name"].setName(text, nameID=number, platformID=3, platEncID=1, langID=0x409)
    font["name"].removeNames(platformID=1)


def web() -> None:
    """Make the variable font of the screen: one axis, 400 to 800."""
    whole = subset(TTFont(SANS, recalcTimestamp=False))
    font = instancer.instantiateVariableFont(whole, {"wdth": 100, "wght": (400, 400, 800)})
    font.flavor = "woff2"
    font.save(WEB / "noto-sans.woff2")


def sans(weight: int, folder: Path = HERE) -> None:
    """Make one weight of Noto Sans, for paper."""
    whole = subset(TTFont(SANS, recalcTimestamp=False))
    font = instancer.instantiateVariableFont(whole, {"wdth": 100, "wght": weight})
    rename(font, "Noto Sans Paper", f"W{weight}")
    font.save(folder / f"sans-{weight}.ttf")


def serif(style: str) -> None:
    """Make one style of Liberation Serif under a name of our own, for the words of official forms."""
    font = subset(TTFont(SERIF / f"LiberationSerif-{style}.ttf", recalcTimestamp=False))
    rename(font, "Form Serif", style)
    font.save(HERE / f"serif-{style.lower()}.ttf")


def main() -> None:
    """Make all fonts."""
    web()
    for weight in (430, 560, 600, 780):
        sans(weight)
    for style in ("Regular", "Bold", "Italic"):
        serif(style)
    sys.stdout.write("fonts made\n")


if __name__ == "__main__":
    main()
