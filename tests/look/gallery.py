"""Gallery of the citizen templates with made-up view models: a web server, and a command that takes screenshots.

`python tests/look/gallery.py [name ...]` writes build/look/*.png and a contact sheet. The pages have the product's
Content-Security-Policy, so a screenshot shows the page as a person sees it.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, render_template, request

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kiosk.base.i18n import translator  # noqa: E402 (as below)
from kiosk.base.screen_size import LOW_GLASS  # noqa: E402 (as below)
from kiosk.pages.citizen.start import HIGH_GLASS  # noqa: E402 (as below)
from kiosk.vietnam import id_card  # noqa: E402 (the root comes first when this file is run by itself)
from tests.chromium import ARGS, CHROMIUM  # noqa: E402 (the root comes first when this file is run by itself)
from tests.look.scenes import FRAGMENTS, SCENES  # noqa: E402 (the root comes first when this file is run by itself)
from tests.serving import served  # noqa: E402 (the root comes first when this file is run by itself)

OUT = ROOT / "build" / "look"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ENDPOINTS = {
    "start": "/",
    "choose": "/choose",
    "results": "/choose/results",
    "need": "/need/<code>",
    "begin": "/begin/<code>",
    "step": "/form/<page>",
    "pick": "/form/<page>/pick/<key>",
    "rows": "/form/<page>/pick/<key>/rows",
    "missing": "/form/missing",
    "check": "/form/check",
    "submit": "/form/submit",
    "print_missing": "/form/missing/print",
    "papers": "/form/papers",
    "camera": "/form/papers/<paper>",
    "paper_page": "/form/papers/<paper>/<page_id>",
    "remove_page": "/form/papers/<paper>/<page_id>/remove",
    "page_picture": "/form/papers/<paper>/<page_id>/picture",
    "feeder": "/form/papers/<paper>/feeder",
    "scan_feeder": "/form/papers/<paper>/feeder",
    "feeder_picture": "/form/papers/<paper>/feeder/<int:number>",
    "stop_feeder": "/form/papers/<paper>/feeder/stop",
    "drop_feeder": "/form/papers/<paper>/feeder/drop",
    "use_feeder": "/form/papers/<paper>/feeder/use",
    "print_papers": "/need/<code>/print",
    "keep_paper": "/keep/paper/<int:job>",
    "done": "/done",
    "opinion": "/opinion",
    "pay": "/pay",
    "status": "/status",
    "ticket": "/ticket",
    "priority": "/priority/<ticket_id>",
    "back": "/back",
    "help": "/help",
    "help_state": "/help/state",
    "cover": "/cover",
    "covered": "/covered",
    "open_cover": "/covered/open",
    "covered_state": "/covered/state",
    "cover_digits": "/cover/digits",
    "easier": "/easier",
    "privacy": "/privacy",
    "leave": "/leave",
    "set": "/set",
    "read_code": "/scan",
    "open_kept": "/kept",
    "keep": "/keep",
    "together": "/form/together",
    "turn_state": "/form/turn",
    "turn_act": "/form/turn/<act>",
    "live": "/form/<page>/live",
}
BESIDE_ENDPOINTS = {
    "beside": {"enter": "/tap"},
    "tasks": {"story": "/task/<key>", "begin": "/task/<key>/begin", "hide_tips": "/tips", "is_open": "/visit"},
    "results": {"print_sheet": "/result/print"},
}
ANSWER_SCENES = {
    "easier": "26-easier",
    "leave": "29-leave",
    "need": "03b-officer",
    "privacy": "26c-privacy",
    "results": "02d-rows",
    "rows": "07b-rows",
    "start": "01-start",
}
MAX_AGE = 600
"""Seconds: a browser asks for each script, font and style sheet once, as it does at a kiosk."""
FRAMES = {
    "": {},
    "dark": {"theme": "dark"},
    "large": {"size": "large"},
    "xl": {"size": "xl"},
    "practice": {"practice": True},
    "en": {"lang": "en"},
}


def frame(**changes: Any) -> dict[str, Any]:
    """Return the template context that all pages share."""
    context = {
        "lang": "vi",
        "size": "",
        "theme": "",
        "practice": False,
        "voice": None,
        "voice_settings": {"aloud": "", "speed": "", "volume": ""},
        "own_path": "/form/nguoi_me",
        "ward": {"name": "Phường Phú Xuân", "center": "Trung tâm Phục vụ hành chính công"},
        "place": "Phường Phú Xuân",
        "csrf": "q3v8Zk2mX9wT4bN7",
        "call": None,
        "call_page": "/form/nguoi_me",
        "has_form": True,
        "idle": {"seconds": 60, "reading_seconds": 180, "warning_seconds": 20},
        "now": {"clock": "8:42", "day": "Thứ Tư, 25/11"},
    } | changes
    context |= {"tray_cards": id_card.practice_cards(), "tray_codes": id_card.practice_codes()}
    return context | {"_": translator(str(context["lang"]))}


def measure(mm: float) -> Response:
    """Return the style sheet: the millimetre, the font, then the rules."""
    static = ROOT / "static"
    sheets = [static / "system" / "tokens.css", *sorted((static / "css").glob("*.css")), static / "keyboard.css"]
    sheet = "\n".join(path.read_text() for path in sheets)
    low, high = f"{LOW_GLASS * mm}px", f"{HIGH_GLASS * mm}px"
    rules = render_template("measure.css", mm=f"{mm}px", low=low, high=high, sheet=sheet)
    return Response(rules, mimetype="text/css", headers={"Cache-Control": f"max-age={MAX_AGE}"})


def render_scene(name: str) -> str:
    """Return a scene in the frame of the URL."""
    template, page = SCENES.get(name) or FRAGMENTS[name]
    return render_template(template, **(frame(**FRAMES[request.args.get("frame", "")]) | page))


def answer(endpoint: str) -> Callable[..., Any]:
    """Return a stub of a page: GET answers its scene, POST answers 204."""
    scene = ANSWER_SCENES.get(endpoint)

    def page(**_: str) -> Any:
        return render_scene(scene) if scene and request.method == "GET" else Response(status=204)

    return page


def create_gallery(mm: float = 5.6) -> Flask:
    """Return an app that shows each scene at /look/<name>?frame=... and answers the product's URLs with stubs."""
    app = Flask("gallery", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = MAX_AGE
    app.add_url_rule("/alive", "alive", lambda: {"alive": True})
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["screen_millimetre"] = lambda: mm
    app.jinja_env.globals["is_low_glass"] = lambda: False
    citizen = Blueprint("citizen", "gallery")
    citizen.add_url_rule("/measure.css", "measure", lambda: measure(mm))
    for name, path in ENDPOINTS.items():
        citizen.add_url_rule(path, name, answer(name), methods=["GET", "POST"])
    citizen.add_url_rule("/pay/state", "pay_state", lambda: {"state": "waits 0"})
    app.register_blueprint(citizen)
    practice = Blueprint("practice", "gallery")
    practice.add_url_rule("/practice/cards/<page>/<key>", "card", answer("card"), methods=["POST"])
    app.register_blueprint(practice)
    for name, paths in BESIDE_ENDPOINTS.items():
        blueprint = Blueprint(name, "gallery")
        for endpoint, path in paths.items():
            blueprint.add_url_rule(path, endpoint, answer(endpoint), methods=["GET", "POST"])
        if name == "results":
            blueprint.add_url_rule("/result/paper", "paper", lambda: {"state": "printing"})
        app.register_blueprint(blueprint)

    @app.get("/form/<page>/scan")
    def scan(page: str) -> dict[str, int]:
        return {"version": app.config.get("CARDS_READ", 0)}

    @app.get("/look/<name>")
    def look(name: str) -> str:
        return render_scene(name) if name in SCENES else abort(404)

    @app.after_request
    def set_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


shared_gallery = cache(create_gallery)
"""`create_gallery`, once a size of the millimetre: each app compiles its templates, 0.4 s for the first page."""


@contextmanager
def serving(mm: float = 5.6, app: Flask | None = None) -> Iterator[str]:
    """Serve the gallery and yield its URL."""
    with served(app or shared_gallery(mm), threads=8) as address:
        yield address


def screenshots(patterns: list[str]) -> None:
    """Take a screenshot of every scene in every frame, or of those that match, and write the contact sheet."""
    from playwright.sync_api import sync_playwright

    OUT.mkdir(parents=True, exist_ok=True)
    with serving() as address, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = browser.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
        for name in SCENES:
            for kind in FRAMES:
                shot = name + (f"-{kind}" if kind else "")
                if patterns and not any(re.fullmatch(pattern, shot) for pattern in patterns):
                    continue
                page.goto(f"{address}/look/{name}?frame={kind}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=str(OUT / f"{shot}.png"))
        browser.close()
    contact_sheet()


def contact_sheet() -> None:
    """Write all screenshots as thumbnails on one sheet."""
    from PIL import Image

    files = sorted(p for p in OUT.glob("*.png") if p.name != "contact.png")
    width = 216
    height = 384
    columns = 10
    rows = -(-len(files) // columns)
    sheet = Image.new("RGB", ((width + 8) * columns, (height + 8) * rows), "#888")
    for n, path in enumerate(files):
        small = Image.open(path).convert("RGB").resize((width, height))
        sheet.paste(small, ((width + 8) * (n % columns) + 4, (height + 8) * (n // columns) + 4))
    sheet.save(OUT / "contact.png")


if __name__ == "__main__":
    screenshots(sys.argv[1:])
