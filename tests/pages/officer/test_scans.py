"""Scans of a paper: sealed, shown at the counter that has the dossier, never unencrypted on disk."""

import os
import re
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from flask import Flask, request
from urllib3 import encode_multipart_formdata

from kiosk import uploads
from kiosk.acts import attaching, wiping
from kiosk.acts.attaching import PaperFile
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.pages.access import accept_file, allow
from kiosk.records import audit, scans
from kiosk.web import loopback_server
from tests.journeys import submission_checks
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.serving import served
from tests.uploads.files import pdf, photo


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter, on the page of its first paper."""
    desk = _tap(Desk(app), "next")
    return desk.go(_papers(desk)[0])


def _papers(desk: Desk) -> list[str]:
    return re.findall(r'href="(/officer/ticket/[^"]+/scans/[^"]+)"', desk.page)


def _upload(desk: Desk, content: bytes, name: str = "giay.jpg") -> Desk:
    """Send a file from the page of a paper, and follow its redirect."""
    form = re.search(r'enctype="multipart/form-data"', desk.page)
    assert form
    body, media = encode_multipart_formdata({"csrf": desk.token, "file": (name, content)})
    desk.answer = desk.browser.post(desk.answer.request.path, data=body, content_type=media)
    return desk.go(desk.answer.headers["Location"]) if desk.answer.status_code == 303 else desk


def _upload_many(desk: Desk, *contents: bytes, key: str = "", accept: str = "text/html") -> Desk:
    """Send files in one post, each by its own name; follow a redirect."""
    fields: list[tuple[str, object]] = [("csrf", desk.token)]
    fields += [("file", (f"NguyenVanBinh{number}.jpg", content)) for number, content in enumerate(contents, 1)]
    body, media = encode_multipart_formdata(fields)
    headers = {"Accept": accept} | ({"Idempotency-Key": key} if key else {})
    path = desk.answer.request.path
    desk.answer = desk.browser.post(path, data=body, content_type=media, headers=headers)
    return desk.go(desk.answer.headers["Location"]) if desk.answer.status_code == 303 else desk


def _shown(desk: Desk) -> list[str]:
    return re.findall(r'class="thumb" href="([^"]+)"', desk.page)


def test_a_photo_is_kept_and_shown_with_who_took_it(desk: Desk) -> None:
    _upload(desk, photo())
    assert "1 bản" in desk.words
    assert "Cán bộ hoaian, 08:30 24/11" in desk.words
    answer = desk.browser.get(_shown(desk)[0])
    assert answer.mimetype == "image/jpeg"
    assert answer.data == uploads.check_upload(photo()).content
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert "sandbox" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "1 bản chụp" in desk.go("/officer/").words


def test_a_pdf_says_its_pages(desk: Desk) -> None:
    _upload(desk, pdf(3), "giay.pdf")
    assert "3 trang" in desk.words
    assert desk.browser.get(_shown(desk)[0]).data == uploads.check_upload(pdf(3)).content


def test_the_same_file_twice_is_one(desk: Desk, practice: Config) -> None:
    for _ in range(2):
        _upload(desk, photo())
    assert len(_shown(desk)) == 1
    assert len(list(practice.scans_folder.iterdir())) == 1


def test_what_is_no_photo_is_explained_on_the_same_page(desk: Desk) -> None:
    _upload(desk, b"MZ\x90 a program", "giay.jpg")
    assert desk.answer.status_code == 422
    assert "JPG, PNG" in desk.words
    assert 'aria-invalid="true"' in desk.page
    assert _shown(desk) == []


def test_a_file_that_is_too_large_is_explained(desk: Desk) -> None:
    _upload(desk, b"\xff\xd8\xff" + bytes(uploads.MAX_BYTES))
    assert desk.answer.status_code == 422
    assert "10 MB" in desk.words


def test_many_files_of_one_post_are_kept_in_their_order(desk: Desk) -> None:
    sent = [photo((300, 200)), pdf(2), photo((200, 300))]
    _upload_many(desk, *sent)
    kept = [desk.browser.get(address).data for address in _shown(desk)]
    assert kept == [uploads.check_upload(content).content for content in sent]


def test_each_bad_file_of_a_post_is_named_with_its_reason_and_the_others_are_kept(desk: Desk) -> None:
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
    large = b"\xff\xd8\xff" + bytes(uploads.MAX_BYTES)
    _upload_many(desk, photo(), b"MZ a program", heic, large, pdf(1))
    assert desk.answer.status_code == 422
    assert len(_shown(desk)) == 2
    assert "Tệp 2 (NguyenVanBinh2.jpg): Máy nhận ảnh JPG, PNG" in desk.words
    assert "Tệp 3 (NguyenVanBinh3.jpg): Ảnh này là loại HEIC" in desk.words
    assert "Tệp 4 (NguyenVanBinh4.jpg): Tệp lớn quá 10 MB" in desk.words
    assert "Tệp 1 " not in desk.words


def test_files_that_are_too_large_together_are_explained(desk: Desk) -> None:
    _upload_many(desk, *[bytes(uploads.MAX_BYTES - 1000)] * 3)
    assert desk.answer.status_code == 422
    assert "các tệp gửi một lần lớn quá 20 MB" in desk.words


def test_too_many_files_of_one_post_are_refused_together(desk: Desk, practice: Config) -> None:
    _upload_many(desk, *[photo((20, 20))] * (uploads.MAX_POST_FILES + 1))
    assert "Một lần gửi nhiều nhất 20 tệp" in desk.words
    assert not practice.scans_folder.exists()


def test_a_script_gets_the_reason_of_its_file_alone_and_may_send_it_again(desk: Desk, practice: Config) -> None:
    key = str(uuid.uuid4())
    page = desk.answer.request.path
    _upload_many(desk, b"MZ a program", key=key, accept="application/json")
    assert desk.answer.status_code == 422
    assert desk.answer.json == {"bad": [desk.answer.json["bad"][0]]}
    assert desk.answer.json["bad"][0].startswith("Máy nhận ảnh JPG, PNG")
    for _ in range(2):
        _upload_many(desk.go(page), photo(), key=key, accept="application/json")
        assert (desk.answer.status_code, desk.answer.headers["Location"]) == (204, page)
    assert len(list(practice.scans_folder.iterdir())) == 1


@pytest.fixture
def room_for_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a dossier keep three scans: twenty are decoded by twenty processes, which takes 10 s."""
    assert attaching.MAX_SCANS == 20
    monkeypatch.setattr(attaching, "MAX_SCANS", 3)


@pytest.mark.usefixtures("room_for_three")
def test_a_file_above_the_count_is_not_called_kept_when_its_post_is_repeated(desk: Desk, practice: Config) -> None:
    page = desk.answer.request.path
    _upload_many(desk, *[photo((100 + number, 80)) for number in range(attaching.MAX_SCANS)])
    key = str(uuid.uuid4())
    for _ in range(2):
        _upload_many(desk.go(page), photo((99, 99)), key=key, accept="application/json")
        assert desk.answer.status_code == 422
        assert "nhiều nhất 3 bản chụp" in desk.answer.json["bad"][0]
    assert len(list(practice.scans_folder.iterdir())) == attaching.MAX_SCANS


def test_the_name_of_a_file_is_neither_kept_nor_logged(
    desk: Desk, practice: Config, caplog: pytest.LogCaptureFixture
) -> None:
    page = desk.answer.request.path
    _upload_many(desk, photo(), b"MZ a program")
    _upload_many(desk.go(page), pdf(1), b"MZ a program", key=str(uuid.uuid4()))
    desk.go(desk.answer.headers["Location"])
    assert "Tệp 2: Máy nhận" in desk.words, "the page of a keyed post is stored"
    assert "NguyenVanBinh" not in desk.page
    assert len(_shown(desk.go(page))) == 2
    contents = [path.read_bytes() for path in practice.folder.rglob("*") if path.is_file()]
    assert not [content for content in contents if b"NguyenVanBinh" in content]
    assert "NguyenVanBinh" not in caplog.text


def test_other_posts_still_take_words_alone(desk: Desk) -> None:
    desk.go("/officer/")
    note = re.search(r'action="(/officer/ticket/[^"]+/notes)"', desk.page)
    assert note
    assert desk.browser.post(note[1], data={"csrf": desk.token, "note": "x" * 70_000}).status_code in {413, 422}


def test_a_scan_is_taken_away_for_good_and_the_trail_knows(desk: Desk, practice: Config) -> None:
    _upload(desk, photo())
    (shown,) = _shown(desk)
    desk.post(f"{desk.answer.request.path}/remove", scan=shown.rpartition("/")[2])
    assert _shown(desk) == []
    assert list(practice.scans_folder.iterdir()) == []
    assert desk.browser.get(shown).status_code == 404
    with desk.context.store.read() as db:
        lines = [line for _at, line in audit.of_subject(db, submission_checks.only_submission(desk.context).id)]
    assert [line.act for line in lines if line.act in {"attach", "detach"}] == ["attach", "detach"]


def test_a_paper_that_the_form_does_not_want_is_refused_but_any_other_may_be_kept(desk: Desk) -> None:
    base = desk.answer.request.path.rpartition("/")[0]
    assert desk.go(f"{base}/giay_khong_co").answer.status_code == 404
    _upload(desk.go(f"{base}/khac"), photo())
    assert "1 bản chụp giấy khác" in desk.go("/officer/").words


def test_another_counter_sees_no_scan(app: Flask, desk: Desk) -> None:
    _upload(desk, photo())
    (shown,) = _shown(desk)
    other = Desk(app, "minhtam", 2)
    assert other.browser.get(shown).status_code == 403
    assert other.browser.get(desk.answer.request.path).status_code == 403


@pytest.mark.usefixtures("room_for_three")
def test_a_dossier_keeps_so_many_and_says_so(desk: Desk, practice: Config) -> None:
    for number in range(attaching.MAX_SCANS):
        attaching.attach(
            desk.context,
            submission_checks.only_submission(desk.context),
            [PaperFile(paper=ScannedPaper("khac", "Giấy khác"), content=photo((100 + number, 80)))],
            actor="CB01",
        )
    _upload(desk, photo((99, 99)))
    assert "nhiều nhất 3 bản chụp" in desk.words
    assert len(list(practice.scans_folder.iterdir())) == attaching.MAX_SCANS


def test_nothing_of_a_scan_lies_in_the_clear(desk: Desk, practice: Config) -> None:
    _upload(desk, pdf(2), "giay.pdf")
    contents = [path.read_bytes() for path in practice.folder.rglob("*") if path.is_file()]
    assert len(contents) > 2
    assert not [content for content in contents if pdf(2)[:400] in content or b"%PDF" in content]


def _nameless() -> set[str]:
    """Return the open files of this process that no folder lists: a library puts large uploads there."""
    links = set()
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            links.add(str(handle.readlink()))
    return {name for name in links if "(deleted)" in name or name.startswith(tempfile.gettempdir())}


def test_while_a_large_file_comes_in_nothing_of_it_lies_in_a_temporary_file(own_app: Flask) -> None:
    """Look from inside the page: server and form parser are done, and have not yet cleaned up."""
    before = _nameless()
    seen = []

    @allow("anyone")
    @accept_file(uploads.MAX_BYTES, lambda: True)
    def probe() -> str:
        sizes = [len(file.read()) for file in request.files.values()]
        seen.append((sizes, _nameless() - before))
        return "ok"

    own_app.add_url_rule("/probe", "probe", probe, methods=["POST"])
    with served(own_app, **loopback_server.LIMITS) as address:
        answer = requests.post(f"{address}/probe", files={"file": ("giay.pdf", bytes(3_000_000))}, timeout=60)
    assert (answer.text, seen) == ("ok", [([3_000_000], set())])


def test_while_a_large_scan_goes_out_nothing_of_it_lies_in_a_temporary_file(own_app: Flask) -> None:
    """Look while the browser has read only the beginning of the answer."""

    @allow("anyone")
    def large() -> bytes:
        return bytes(uploads.MAX_POST_BYTES)

    own_app.add_url_rule("/large", "large", large)
    before = _nameless()
    with (
        served(own_app, **loopback_server.LIMITS) as address,
        requests.get(f"{address}/large", stream=True, timeout=60) as answer,
    ):
        assert answer.raw.read(1000) == bytes(1000)
        assert _nameless() == before


def test_scans_go_when_the_body_goes(desk: Desk, clock: FixedClock, practice: Config) -> None:
    _upload(desk, photo())
    for path in practice.scans_folder.iterdir():
        os.utime(path, (0, 0))
    wiping.wipe_expired(desk.context)
    assert len(list(practice.scans_folder.iterdir())) == 1, "the dossier lives"
    with desk.context.store.write() as db:
        db.execute("update submissions set delivery = 'confirmed'")
    clock.advance(400 * 24 * 3600)
    wiping.wipe_expired(desk.context)
    assert list(practice.scans_folder.iterdir()) == []
    with desk.context.store.read() as db:
        assert scans.file_names(db) == set()


def test_only_the_page_of_scans_may_ask_for_a_camera(desk: Desk) -> None:
    (policy,) = desk.answer.headers.getlist("Permissions-Policy")
    assert "camera=(self)" in policy
    (policy,) = desk.go("/officer/").answer.headers.getlist("Permissions-Policy")
    assert "camera=()" in policy
