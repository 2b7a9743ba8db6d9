"""Requests of a page that are held until the test goes on, or fail as while the server starts again."""

from playwright.sync_api import Page, Route


def hold_requests(page: Page, address: str, method: str = "") -> list[Route]:
    """Hold the requests for an address, all or those of one method; return the list that they are added to."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if method in ("", route.request.method):
            held.append(route)
        else:
            route.fallback()

    page.route(address, hold)
    return held


def fail_once(page: Page, address: str) -> None:
    """Let the next request for an address fail."""
    page.route(address, lambda route: route.abort(), times=1)


def wait_for_worker(page: Page) -> None:
    """Wait until the service worker of the desk is active: until then it may take over the page that is open."""
    page.evaluate(
        """(async () => {
          const { active } = await navigator.serviceWorker.ready;
          while (active.state !== "activated")
            await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
        })()"""
    )
