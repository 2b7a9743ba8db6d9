"""Page of the updates: the release that runs, a search for a newer one with progress, the switch, and the way back.

The acts are those of `kiosk update` (kiosk/updates). A page may not replace the program: it leaves a request that the
update unit carries out at once, and the unit refuses what is not signed or does not start.
"""

from contextlib import closing
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import updating
from kiosk.base import clock, release
from kiosk.base.errors import NotFound
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.long_work import Report
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician

if TYPE_CHECKING:
    from kiosk.updates.sources import Source
    from kiosk.updates.trust import Published

LONGEST = 300
STATES = {
    "none": "Chưa có lần cập nhật nào.",
    "fetching": "Đang tải bản {target}.",
    "ready": "Đã tải bản {target}, đợi đêm để đổi.",
    "trial": "Đang chạy thử bản {target}.",
    "confirmed": "Bản {target} chạy tốt.",
    "went_back": "Đã bỏ bản {target}, về bản trước.",
    "refused": "Không nhận bản {target}.",
}
ASKED = {
    "apply": (
        "Đổi sang bản mới ngay bây giờ?",
        (
            "Máy chép kho, chạy thử bản mới trên bản chép, rồi đổi và khởi động lại.",
            "Ba lần không lên thì máy tự về bản đang chạy.",
            "Không vội thì cứ để: máy tự đổi ban đêm, khi vắng.",
        ),
        "Đổi ngay",
    ),
    "back": (
        "Quay lại bản trước?",
        ("Máy khởi động lại bằng bản trước.", "Kho đã đổi theo bản mới thì máy từ chối và giữ bản này."),
        "Quay lại",
    ),
}
"""Acts that are asked first: title, consequences, button."""
MESSAGES = {"asked": "Đã giao việc. Máy làm ngay, rồi tự khởi động lại."}


@technician.get("/updates")
@allow("technician")
def updates() -> str:
    """Show the state of the updates."""
    from kiosk.updates import update  # imports TUF and requests, which would slow down the start

    config = context().config
    view = update.look(config)
    found = update.ready(config.updates_folder) if config.updates.programs else None
    at = view.status.at
    return render(
        "technician/updates.html",
        running=release.current().text,
        content=view.status.content,
        state=STATES[view.status.state].format(target=view.status.target),
        code=view.status.code,
        at=f"{clock.local(clock.parse_timestamp(at)):%H:%M, %d/%m/%Y}" if at else "",
        newest=view.newest,
        before=view.before,
        ready=found.version if found else "",
        voices=update.look_at_voices(config),
        replaces=bool(config.updates.programs),
        switch=config.updates.switch,
        searching=context().work.state("update"),
        message=MESSAGES.get(request.args.get("said", ""), ""),
    )


@technician.post("/updates/search")
@allow("technician")
def search_updates() -> Answer:
    """Begin to fetch the list of releases, and a newer release and content."""
    kiosk = context()
    place = request.form.get("place", "")[:LONGEST].strip()

    def fetch(report: Report) -> object:
        from kiosk.updates import update

        with closing(update.open_source(kiosk.config, place)) as source:
            return _fetch_newest(kiosk, source, report)

    kiosk.work.begin("update", kiosk.clock.now, fetch)
    return redirect(url_for("technician.updates"), 303)


@technician.post("/updates/<act>")
@allow("technician")
def request_update(act: str) -> Answer | str:
    """Ask first, then let the update unit switch or go back."""
    if act not in ASKED:
        raise NotFound("Không có việc này.", "There is no such act.")
    if not request.form.get("sure"):
        title, consequences, button = ASKED[act]
        return render(
            "technician/sure.html",
            question=title,
            consequences=consequences,
            button=button,
            address=url_for("technician.request_update", act=act),
            back=url_for("technician.updates"),
        )
    updating.request_update(context(), act, actor())
    return redirect(url_for("technician.updates", said="asked"), 303)


def _fetch_newest(kiosk: Context, source: "Source", report: Report) -> str:
    """Fetch the list, then the newest release and content that this machine does not have; return what was fetched."""
    from kiosk.updates import content, trust, update

    config = kiosk.config
    report("Đang lấy danh mục bản phát hành", 0, 0)
    published = update.check(config, source)
    fetched: list[str] = []
    program = trust.newest(published, trust.PROGRAM)
    if config.updates.programs and program is not None and program.version != release.current().version:
        while not update.fetch(config, program, source):
            report(f"Đang tải bản {program.version}", _arrived(config, program), program.target.length)
        update.record(config.updates_folder, kiosk.clock, state="ready", target=program.version)
        fetched.append(f"bản {program.version}")
    found = trust.newest(published, trust.CONTENT)
    if found is not None and found.version != content.present(config.content_folder):
        report(f"Đang tải nội dung {found.version}", 0, 0)
        update.fetch_content(config, found, source)
        fetched.append(f"nội dung {found.version}")
    report("Đang tải giọng đọc", 0, 0)
    fetched += update.fetch_voices(config, published, source)
    return ", ".join(fetched)


def _arrived(config: Config, program: "Published") -> int:
    """Return how many bytes of a release are on the disk."""
    from kiosk.updates import download, update

    path = download.path_of(update.downloads(config.updates_folder), program)
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
