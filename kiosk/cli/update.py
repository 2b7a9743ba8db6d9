"""`kiosk update`: the state of the updates, and check, fetch, apply, back; `night` and `probe` are for units.

Downloads that a gateway offers are the worker's; here a technician acts at once, mostly with a USB stick.
"""

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from kiosk.base import release
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import KioskError
from kiosk.config import Config
from kiosk.startup.context_factory import open_catalogue
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.updates import content, status
from kiosk.updates.errors import NothingThere, NotIdle

if TYPE_CHECKING:
    from kiosk.updates.sources import Source
    from kiosk.updates.voices import VoiceState

STATES = {
    "none": "chưa có lần cập nhật nào",
    "fetching": "đang tải bản {target}",
    "ready": "đã tải bản {target}, đợi đêm để đổi",
    "trial": "đang chạy thử bản {target}",
    "confirmed": "bản {target} chạy tốt",
    "went_back": "đã bỏ bản {target}, về bản trước",
    "refused": "không nhận bản {target}",
}


def add_update(update: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk update`."""
    acts = update.add_subparsers(dest="verb", required=True, metavar="verb")
    acts.add_parser("status", help="what runs, what is there, what was tried").set_defaults(act=show)
    for name, act, words in (
        ("check", check, "fetch the list of releases and verify it"),
        ("fetch", fetch, "download the newest release and verify it"),
    ):
        command = acts.add_parser(name, help=words)
        command.add_argument("--from", dest="place", default="", metavar="PLACE", help="a USB stick, or an address")
        command.set_defaults(act=act)
    acts.add_parser("apply", help="switch to the downloaded release now").set_defaults(act=apply)
    acts.add_parser("back", help="switch to the release before").set_defaults(act=back)
    acts.add_parser(
        "night", help="for the timer: do what a page asked for, or switch when nobody is there"
    ).set_defaults(act=night)
    probe = acts.add_parser("probe", help="for an update: open a copy of the store with this release")
    probe.add_argument("copy")
    probe.set_defaults(act=try_copy)


def show(config: Config, args: argparse.Namespace) -> int:
    """Print the state of the updates."""
    from kiosk.updates import update

    view = update.look(config)
    print(f"Bản đang chạy: {release.current().text}")
    print(f"Nội dung: {view.status.content or 'của bản đang chạy'}")
    print(f"Cập nhật: {STATES[view.status.state].format(target=view.status.target)}{_code(view.status)}")
    print(f"Bản mới nhất trong danh mục: {view.newest or 'chưa có danh mục'}")
    print(f"Bản trước còn giữ: {view.before or 'không'}")
    for voice in update.look_at_voices(config):
        print(f"Giọng {voice.voice}: {_voice_words(voice)}")
    return 0


def _voice_words(voice: "VoiceState") -> str:
    words = voice.present or "chưa có"
    coming = f", đang tải bản {voice.coming}: {voice.percent}%" if voice.coming else ""
    return words + coming + (f", không nhận, mã {voice.code}" if voice.code else "")


def check(config: Config, args: argparse.Namespace) -> int:
    """Fetch and verify the list of releases, and print it."""
    from kiosk.updates import update

    with closing(update.open_source(config, args.place)) as source:
        published = update.check(config, source)
    for found in published:
        print(f"  {found.product:14} {found.version:14} {found.target.length / 1e6:8.1f} MB  {found.machine}")
    return 0


def fetch(config: Config, args: argparse.Namespace) -> int:
    """Download the newest release and the newest content; a content is used at once."""
    from kiosk.updates import update

    with closing(update.open_source(config, args.place)) as source:
        return _fetch(config, source)


def _fetch(config: Config, source: "Source") -> int:
    from kiosk.updates import trust, update

    published = update.check(config, source)
    program = trust.newest(published, trust.PROGRAM)
    if config.updates.programs and program is not None and program.version != release.current().version:
        while not update.fetch(config, program, source):
            continue
        update.record(config.updates_folder, SYSTEM, state="ready", target=program.version)
        print(f"Đã tải và soát bản {program.version}. Đổi sang bản này: kiosk update apply")
    found = trust.newest(published, trust.CONTENT)
    if found is not None and found.version != content.present(config.content_folder):
        update.fetch_content(config, found, source)
        print(f"Đã dùng nội dung {found.version}.")
    fetched = list(update.fetch_voices(config, published, source))
    for words in fetched:
        print(f"Đã dùng {words}.")
    if program is None and found is None and not fetched:
        raise NothingThere
    return 0


def apply(config: Config, args: argparse.Namespace) -> int:
    """Switch to the downloaded release."""
    from kiosk.updates import update

    version = update.apply(config, SYSTEM)
    print(f"Đã đổi sang bản {version}. Máy đang chạy tự khởi động lại; ba lần không lên thì máy tự về bản trước.")
    return 0


def back(config: Config, args: argparse.Namespace) -> int:
    """Switch to the release before."""
    from kiosk.updates import update

    print(f"Đã về bản {update.back(config, SYSTEM)}. Máy đang chạy tự khởi động lại.")
    return 0


def night(config: Config, args: argparse.Namespace) -> int:
    """Do what a page asked for; else switch to a downloaded release, in its hours and when nobody is there."""
    from kiosk.updates import update

    asked = update.take_request(config.updates_folder)
    if asked == "back":
        return back(config, args)
    try:
        if not asked and update.is_recalled(config):
            update.require_idle(config, SYSTEM)
            return back(config, args)
        if asked != "apply":
            _require_due(config)
        update.apply(config, SYSTEM, attempt=_attempt(config))
    except (NotIdle, NothingThere) as cause:
        print(cause.vi)
    return 0


def _require_due(config: Config) -> None:
    """Refuse when nothing is due by itself: not the hour, somebody is there, not offered, or it has failed before."""
    from kiosk.updates import update

    found = update.ready(config.updates_folder)
    offered = update.read_offer(config.store_path)
    if found is None or (offered is not None and offered.version != found.version):
        raise NothingThere
    if status.read(config.updates_folder).is_held(found.version, _attempt(config)):
        raise NothingThere
    update.require_idle(config, SYSTEM)


def _attempt(config: Config) -> int:
    from kiosk.updates import update

    offered = update.read_offer(config.store_path)
    return offered.attempt if offered else 1


def try_copy(config: Config, args: argparse.Namespace) -> int:
    """Open a copy of the store and the procedures with this release; exit status 0 when it would start."""
    from pathlib import Path

    with Store(Path(args.copy)) as store:
        grow(store)
    if not open_catalogue(config).every_version():
        raise KioskError
    print(release.current().version)
    return 0


def _code(found: status.UpdateStatus) -> str:
    return f" ({found.code})" if found.code else ""
