"""Film of a visit, from a running practice kiosk: `python -m tests.browser.film` (`make film`).

A citizen registers a birth by touch and gets a number and a slip; the board shows the call; an officer accepts the
case.
Each picture is shown for a length that the walk gives, so the film does not depend on the machine's pace. Names and
cards are made up. build/film gets the film (WebM, 1280x720) and a sheet of its scenes. Debian's ffmpeg encodes it.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, Config
from kiosk.context import Context
from kiosk.startup.wiring import open_printers
from kiosk.web import loopback_server
from kiosk.web.app import create_app
from kiosk.worker import Worker
from printers.render.pillow_fonts import STRONG, TEXT, font
from printers.virtual.server import VirtualPrinter
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.desk_scenes import OFFICER
from tests.browser.glass import settings_of
from tests.browser.laptop import LAPTOP, PATIENCE, sign_in_officer, wait_for_page
from tests.browser.person import Person
from tests.browser.screens import SCREENS
from tests.browser.walks import AT
from tests.chromium import ARGS, CHROMIUM
from tests.heartbeats import beat
from tests.ports import free_port
from tests.serving import served

OUT = ROOT / "build" / "film"
FILM = OUT / "ward-kiosk.webm"
SIZE = (1280, 720)
SCREEN = (1120, 630)
LEFT, TOP = 80, 12
MOST_BYTES = 3_000_000
RATE = 10  # pictures a second
INK = (33, 22, 42)
GOLD = (249, 207, 107)
WHITE = (255, 255, 255)
TITLE = (
    "Máy khai của phường",
    "Một phút: từ lúc chạm màn hình đến lúc hồ sơ được tiếp nhận",
    "Tên người và thẻ đều là giả",
)
END = ("Mất mạng, máy vẫn làm việc", "Tờ khai nằm trong máy, có mạng thì lên cổng của thành phố", "")
ENCODE = (
    *("-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "1280x720", "-r", str(RATE), "-i", "-"),
    *("-c:v", "libvpx-vp9", "-crf", "40", "-b:v", "0", "-g", "100", "-deadline", "good", "-cpu-used", "4"),
    *("-pix_fmt", "yuv420p", "-an"),
)


@dataclass
class Film:
    """Pictures of screens with a caption below, one after another, on their way to the encoder."""

    encoder: subprocess.Popen[bytes]
    pictures: int = 0
    caption: str = ""
    scenes: list[Image.Image] = field(default_factory=list)

    def say(self, caption: str) -> None:
        """Set the words below the following pictures."""
        self.caption = caption

    def show(self, page: Page, seconds: float, touch: tuple[float, float] | None = None) -> None:
        """Show a page for some seconds, and the finger where it touches."""
        with Image.open(io.BytesIO(page.screenshot())) as shot:
            screen = shot.convert("RGB").resize(SCREEN, Image.Resampling.LANCZOS)
            scale = SCREEN[0] / shot.width
        if touch is not None:
            draw = ImageDraw.Draw(screen, "RGBA")
            x, y = (scale * part for part in touch)
            draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=(242, 176, 30, 150), outline=(69, 44, 0, 220), width=3)
        self.put(screen, seconds)

    def put(self, screen: Image.Image, seconds: float) -> None:
        """Show a picture in the place of the screen for some seconds."""
        picture = Image.new("RGB", SIZE, INK)
        picture.paste(screen, (LEFT + (SCREEN[0] - screen.width) // 2, TOP))
        draw = ImageDraw.Draw(picture)
        draw.text((SIZE[0] // 2, 681), self.caption, WHITE, font(STRONG, 32), anchor="mm")
        self.write(picture, seconds)

    def card(self, words: tuple[str, str, str], seconds: float) -> None:
        """Show a title and two lines."""
        picture = Image.new("RGB", SIZE, INK)
        draw = ImageDraw.Draw(picture)
        draw.text((SIZE[0] // 2, 300), words[0], GOLD, font(STRONG, 64), anchor="mm")
        draw.text((SIZE[0] // 2, 390), words[1], WHITE, font(TEXT, 34), anchor="mm")
        draw.text((SIZE[0] // 2, 450), words[2], WHITE, font(TEXT, 28), anchor="mm")
        self.write(picture, seconds)

    def write(self, picture: Image.Image, seconds: float) -> None:
        """Encode a picture as often as the seconds ask for."""
        assert self.encoder.stdin is not None
        count = max(1, round(seconds * RATE))
        self.encoder.stdin.write(picture.tobytes() * count)
        self.pictures += count
        if seconds >= 1:
            self.scenes.append(picture.resize((427, 240)))

    @property
    def seconds(self) -> float:
        return self.pictures / RATE


class FilmedPerson(Person):
    """A person at the touchscreen whose touches are filmed."""

    def __init__(self, page: Page, address: str, film: Film) -> None:
        super().__init__(page, address)
        self.film = film

    def choose(self, name: str, value: str) -> None:
        super().choose(name, value)
        self.wait_until_quiet()
        self.film.show(self.page, 0.6, self._middle(self.page.locator(f'[name="{name}"][value="{value}"]')))

    def follow(self, element: Locator) -> None:
        self.film.show(self.page, 0.5, self._middle(element))
        super().follow(element)
        self.wait_until_quiet()
        self.film.show(self.page, 0.7)

    def touch_key(self, name: str) -> None:
        touch = self._middle(self.key(name))
        super().touch_key(name)
        self.film.show(self.page, 0.1, touch)

    def card(self, words: str) -> None:
        super().card(words)
        self.wait_until_quiet()
        self.film.show(self.page, 1.6)

    def swear(self) -> None:
        super().swear()
        self.film.show(self.page, 1.2)

    def _middle(self, element: Locator) -> tuple[float, float] | None:
        box = element.first.bounding_box()
        if box is None:
            return None
        return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@contextmanager
def opened_film() -> Iterator[Film]:
    """Start the encoder, and end the film whole."""
    OUT.mkdir(parents=True, exist_ok=True)
    try:
        encoder = subprocess.Popen(["ffmpeg", *ENCODE, str(FILM)], stdin=subprocess.PIPE)
    except FileNotFoundError:
        sys.exit("The film needs Debian's ffmpeg: apt install ffmpeg")
    assert encoder.stdin is not None
    try:
        yield Film(encoder)
    finally:
        encoder.stdin.close()
        status = encoder.wait()
    if status:
        sys.exit(f"ffmpeg ended with {status}")


def settings(folder: Path) -> Config:
    """Return the settings of a practice kiosk with a touchscreen of 15.6 inches, at ports of its own."""
    config = settings_of(SCREENS["1366x768"], folder)
    return replace(config, web=replace(config.web, port=free_port(4)), printers=()).practising()


def film_citizen(person: FilmedPerson, film: Film) -> None:
    """Film a birth registration by touch, up to the number."""

    def explain(name: str) -> None:
        if name == "choose":
            film.say("Chọn việc, rồi chọn hoàn cảnh của mình")
        if name == "need":
            film.say("Máy nói ngay giấy tờ, thời gian, lệ phí")
            film.show(person.page, 2)

    person.seen = explain
    film.say("Người dân chạm màn hình")
    person.go("/")
    film.show(person.page, 1.5)
    person.begin_birth()
    film.say("Quét thẻ căn cước: tên, ngày sinh, nơi ở được điền sẵn")
    person.fill_mother()
    person.fill_father()
    film.say("Gõ tên bằng phím có sẵn ă, â, đ, ê, ô, ơ, ư và năm dấu")
    person.fill_child("Trần Bảo Ngọc")
    film.say("Ngày sinh ghi bằng số, máy đọc lại bằng chữ")
    person.fill_birth_date()
    film.say("Câu nào cũng có sẵn lựa chọn, ít phải gõ")
    person.fill_ethnic_groups()
    person.want_no_copies()
    film.say("Xem lại mọi câu trả lời rồi mới gửi")
    film.show(person.page, 1.6)
    person.swear()
    person.onward()
    person.receipt()


def film_slip(folder: Path, person: FilmedPerson, film: Film) -> None:
    """Film the number, and the slip that the printer gives."""
    film.say("Gửi xong là có số thứ tự và phiếu")
    film.show(person.page, 2.5)
    (slip,) = folder.glob("*.png")
    with Image.open(slip) as paper:
        picture = paper.convert("RGB")
    film.say("Phiếu ghi số, giấy tờ cần mang và mã hồ sơ")
    film.put(halves(picture), 3.5)


def halves(paper: Image.Image) -> Image.Image:
    """Put the upper and the lower half of a long paper beside each other, as high as a screen."""
    middle = (paper.height + 1) // 2
    picture = Image.new("RGB", (2 * paper.width + 40, middle), INK)
    picture.paste(paper.crop((0, 0, paper.width, middle)), (0, 0))
    picture.paste(paper.crop((0, middle, paper.width, paper.height)), (paper.width + 40, 0))
    picture.thumbnail(SCREEN, Image.Resampling.LANCZOS)
    return picture


def film_desk(desk: Page, board: Page, password: str, film: Film) -> None:
    """Film the call at the desk and on the board, and the acceptance."""
    desk.goto("/officer/")
    sign_in_officer(desk, OFFICER, password, counter=1)
    wait_for_page(desk)
    film.say("Cán bộ thấy ai đang chờ; bấm F2 là gọi số")
    film.show(desk, 2)
    desk.keyboard.press("F2")
    expect(desk.locator(".plaque b")).to_be_visible()
    wait_for_page(desk)
    board.goto("/display/")
    label = desk.locator(".plaque b").inner_text()
    expect(board.get_by_text(label).first).to_be_visible()
    board.mouse.click(400, 300)  # a browser plays no sound before the first touch
    board.wait_for_timeout(500)
    film.say("Bảng ở sảnh hiện số và quầy, loa đọc to")
    film.show(board, 3.5)
    desk.keyboard.press("F7")
    expect(desk.locator(".plaque")).to_contain_text("ở quầy")
    wait_for_page(desk)
    film.say("Tờ khai, giấy tờ, lệ phí: cùng một trang")
    film.show(desk, 3)
    film.say("Giấy nào đã xem thì bấm số của giấy đó")
    for key in ("1", "2"):
        desk.keyboard.press(key)
        expect(desk.locator(f"[data-key='{key}']")).to_be_checked()
        wait_for_page(desk)
        film.show(desk, 0.8)
    film.say("F9: tiếp nhận, máy tính sẵn ngày hẹn trả")
    desk.keyboard.press("F9")
    expect(desk.locator("#official_no")).to_be_focused()
    wait_for_page(desk)
    desk.keyboard.type("H57.99.01-261125-0042")
    film.show(desk, 3)
    desk.keyboard.press("F9")
    expect(desk.locator("main .note")).to_contain_text("Đã tiếp nhận hồ sơ")
    wait_for_page(desk)
    film.say("Đã tiếp nhận. Lỡ tay thì hoàn tác được trong vài giây")
    film.show(desk, 3)


def sheet(scenes: list[Image.Image]) -> Path:
    """Put the scenes of a second and more side by side into one picture; return its path."""
    rows = (len(scenes) + 3) // 4
    picture = Image.new("RGB", (4 * 427, rows * 240), "white")
    for at, scene in enumerate(scenes):
        picture.paste(scene, (at % 4 * 427, at // 4 * 240))
    picture.save(OUT / "scenes.png")
    return OUT / "scenes.png"


def walk(browser: Browser, config: Config, film: Film) -> None:
    """Walk through the visit, from the title to the last words."""
    app = create_app(config, FixedClock(AT))
    context: Context = app.extensions["context"]
    folder = config.paper_folder
    folder.mkdir(parents=True)
    with (
        context.store,
        VirtualPrinter(port=config.virtual_printer_port, folder=folder),
        served(app, **loopback_server.LIMITS) as address,
    ):
        _, password = signing.reset_demo_staff(context)
        worker = Worker(context, None, open_printers(config))
        beat(context)
        size = {"width": config.screen.width, "height": config.screen.height}
        touchscreen = browser.new_context(**TOUCHSCREEN | {"viewport": size})  # type: ignore[arg-type]
        person = FilmedPerson(touchscreen.new_page(), address, film)
        person.stay()
        film.card(TITLE, 3)
        film_citizen(person, film)
        while worker.step():
            pass
        beat(context)
        film_slip(folder, person, film)
        desk, board = (browser.new_context(**LAPTOP, base_url=address).new_page() for _ in range(2))  # type: ignore[arg-type]
        for page in (desk, board):
            page.set_default_timeout(PATIENCE)
            page.clock.set_fixed_time(context.clock.now())
        film_desk(desk, board, password, film)
        film.card(END, 3)


def main() -> None:
    """Make the film, and print its length and size."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play, opened_film() as film:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        walk(browser, settings(Path(folder)), film)
        browser.close()
    print(f"{FILM}: {film.seconds:.0f} s, {FILM.stat().st_size / 1e6:.1f} MB; {sheet(film.scenes)}")
    if not 50 <= film.seconds <= 70 or FILM.stat().st_size > MOST_BYTES:
        sys.exit("The film has to be about a minute long, and at most 3 MB")


if __name__ == "__main__":
    main()
