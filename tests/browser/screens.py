"""The four screens of the citizen pages: pixels and diagonal, upright and landscape, 10 to 21.5 inches."""

from kiosk.base.screen_size import ScreenSize

SCREENS = {
    "1080x1920": ScreenSize(1080, 1920, 546),
    "1366x768": ScreenSize(1366, 768, 396),
    "1280x800": ScreenSize(1280, 800, 257),
    "1920x1080": ScreenSize(1920, 1080, 546),
}
