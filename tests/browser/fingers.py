"""Fingers on the glass: touch events of Chromium, in small steps as a hand makes them."""

from playwright.sync_api import CDPSession, Page

Point = tuple[float, float]
STEPS = 15


class Fingers:
    """Fingers on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._cdp: CDPSession = page.context.new_cdp_session(page)

    def _touch(self, kind: str, *points: Point) -> None:
        touch_points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch_points})

    def move(self, *paths: tuple[Point, Point]) -> None:
        """Move each finger along its path, from the first point to the second."""
        for step in range(STEPS + 1):
            part = step / STEPS
            points = [(x + (to_x - x) * part, y + (to_y - y) * part) for (x, y), (to_x, to_y) in paths]
            self._touch("touchMove" if step else "touchStart", *points)
            self.page.wait_for_timeout(16)
        self._touch("touchEnd")
        self.page.wait_for_timeout(400)
