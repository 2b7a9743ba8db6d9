"""Made pictures of papers: a page with letters, flat or on a table under a camera, with its true corners."""

import io
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from printers.render.pillow_fonts import FOLDER

Corners = list[tuple[float, float]]
WORDS = [
    "công",
    "dân",
    "độc",
    "lập",
    "tự",
    "do",
    "hạnh",
    "phúc",
    "giấy",
    "khai",
    "sinh",
    "họ",
    "tên",
    "ngày",
    "tháng",
    "năm",
    "nơi",
    "cư",
    "trú",
    "số",
    "quyển",
]
TABLES = [(70, 58, 82), (110, 75, 45), (60, 60, 60), (140, 110, 80), (90, 100, 110), (160, 150, 140)]
"""Colours of tables, from a dark mat to light stone; all are darker than paper."""


def page(seed: int = 0, size: tuple[int, int] = (1240, 1754), level: int = 232, *, lines: int = 28) -> Image.Image:
    """Return a flat page with lines of letters, sometimes in a printed frame, on paper as bright as `level`."""
    chance = random.Random(seed)
    width, height = size
    picture = Image.new("RGB", size, (level, level - chance.randint(0, 4), level - chance.randint(0, 12)))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FOLDER / "sans-560.ttf"), max(8, height // 46))
    if chance.random() < 0.5:
        edge = chance.randint(width // 50, width // 20)
        wide = chance.choice([2, 8, 14])
        pen.rectangle((edge, edge, width - edge, height - edge), outline=(190, 110, 130), width=wide)
    for line in range(lines):
        words = " ".join(chance.choices(WORDS, k=chance.randint(2, 7)))
        pen.text((width * 0.1, height * (0.1 + 0.8 * line / lines)), words, fill=(30, 30, 50), font=font)
    return picture


def jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    """Return a picture as JPEG."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@dataclass(frozen=True)
class Scene:
    """A paper on a table, and its true corners: top left, top right, bottom right, bottom left."""

    picture: Image.Image
    corners: Corners


def scene(
    seed: int,
    size: tuple[int, int] = (1280, 960),
    *,
    glare: bool = False,
    paper_size: tuple[int, int] | None = None,
    part: float = 1,
) -> Scene:
    """Return a paper on a table: turned, seen a little from the side, unevenly lit, not quite sharp, with noise.

    Args:
        paper_size: pixels of its flat page; without it one of four formats.
        part: of the size in which it would fill the picture.
    """
    chance = random.Random(seed)
    chosen = chance.choice([(1000, 1414), (1414, 1000), (700, 990), (1000, 630)])
    paper = page(seed, paper_size or chosen, chance.randint(215, 238))
    corners = _corners(chance, paper.size, (round(size[0] * part), round(size[1] * part)))
    aside = [size[axis] * (1 - part) / 2 for axis in (0, 1)]
    corners = [(x + aside[0], y + aside[1]) for x, y in corners]
    factors = _factors([(0, 0), (paper.width, 0), paper.size, (0, paper.height)], corners)
    laid = paper.transform(size, Image.Transform.PERSPECTIVE, factors, Image.Resampling.BICUBIC)
    whole = Image.new("L", paper.size, 255)
    mask = whole.transform(size, Image.Transform.PERSPECTIVE, factors, Image.Resampling.BICUBIC)
    picture = _table(chance, size)
    shadow = ImageChops.offset(mask.filter(ImageFilter.GaussianBlur(8)), 6, 8).point(lambda value: value * 0.35)
    picture.paste((15, 12, 20), mask=shadow)
    picture.paste(laid, mask=mask)
    light = Image.linear_gradient("L").rotate(chance.choice([0, 90, 180, 270])).resize(size)
    light = light.point(lambda value: 200 + value * 55 // 255)
    picture = ImageChops.multiply(picture, Image.merge("RGB", [light] * 3))
    if glare:
        _add_glare(picture, corners)
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.2)))
    noise = Image.effect_noise(size, chance.uniform(4, 14))
    return Scene(ImageChops.add(picture, Image.merge("RGB", [noise] * 3), 1, -128), corners)


def card_on_a_tray(seed: int) -> Scene:
    """Return a card as small as it is on a tray that A4 fills: about a third as long as A4."""
    return scene(seed, paper_size=(856, 540), part=0.32)


def _corners(chance: random.Random, paper: tuple[int, int], size: tuple[int, int]) -> Corners:
    angle = math.radians(chance.uniform(-14, 14))
    scale = chance.uniform(0.6, 0.86) * min(size[0] / paper[0], size[1] / paper[1])
    middle = (size[0] / 2 + chance.uniform(-30, 30), size[1] / 2 + chance.uniform(-25, 25))
    corners = []
    for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = across * paper[0] / 2 * scale, down * paper[1] / 2 * scale
        turned = (x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle))
        near = [1 + chance.uniform(-0.04, 0.04) for _ in range(2)]
        corners.append((middle[0] + turned[0] * near[0], middle[1] + turned[1] * near[1]))
    return corners


def _table(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    base = chance.choice(TABLES)
    grain = Image.new("RGB", (chance.choice([40, 160]), chance.choice([20, 90])))
    grain.putdata(
        [
            tuple(max(0, min(255, band + chance.randint(-18, 18))) for band in base)
            for _ in range(grain.width * grain.height)
        ]
    )
    return grain.resize(size, Image.Resampling.BICUBIC)


def _add_glare(picture: Image.Image, corners: Corners) -> None:
    x, y = (sum(corner[axis] for corner in corners) / 4 for axis in (0, 1))
    spot = Image.new("L", picture.size)
    reach = picture.height / 9
    ImageDraw.Draw(spot).ellipse((x - 1.4 * reach, y - reach, x + 1.4 * reach, y + reach), fill=255)
    picture.paste((255, 255, 255), mask=spot.filter(ImageFilter.GaussianBlur(reach / 12)))


def _factors(source: Corners, target: Corners) -> list[float]:
    """Return the factors with which Pillow maps a pixel of the picture to one of the paper."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for at in range(8):
        best = max(range(at, 8), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(8):
            if other != at:
                share = rows[other][at]
                rows[other] = [value - share * first for value, first in zip(rows[other], rows[at], strict=True)]
    return [row[8] for row in rows]
