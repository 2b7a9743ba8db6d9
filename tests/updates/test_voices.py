"""Tests of voices that travel as signed content: packed, published, fetched by pieces, heard, replaced, refused."""

import importlib.util
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.i18n import load_own_languages, own_languages
from kiosk.cli import main
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal import kiosk_report
from kiosk.updates import archive, update, voices
from kiosk.updates.errors import BadContent
from kiosk.updates.trust import VOICE
from kiosk.voice import call_clips, page_clips, published, sound
from kiosk.voice.page_clips import PageClip
from kiosk.worker.updates import Updates
from sync.portals.base import ReportedVoice
from tests.pages.technician.sitting import Bench
from tests.pages.technician.test_copies import wait
from tests.updates.province import Province
from tests.voice.tones import Tones

QUESTION = page_clips.clips_of("Bé sinh ở đâu?", "vi")[0]
HINT = page_clips.clips_of("Ghi đúng như giấy chứng sinh.", "vi")[0]
FIRST, SECOND = "2026.11.28", "2026.12.01"
OGG = b"OggS and sound"


def _tree(folder: Path, voice: str, *clips: PageClip, **files: bytes) -> Path:
    """Make the folder of a voice with these clips, and other files by their paths."""
    for clip in clips:
        (folder / "pages").mkdir(parents=True, exist_ok=True)
        (folder / "pages" / f"{clip.name}.ogg").write_bytes(OGG)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / published.DESCRIPTION).write_text(f'voice = "{voice}"\n')
    return folder


def _publish(province: Province, voice: str, version: str, tree: Path) -> None:
    path = province.folder / f"{voice}-{version}.tar.gz"
    archive.pack(tree, path)
    assert province.publish(path, f"{VOICE}-{voice}-{version}.tar.gz", product=VOICE, version=version, voice=voice)


def _fetch(machine: Config, province: Province) -> list[str]:
    with closing(update.open_source(machine, str(province.place))) as source:
        return list(update.fetch_voices(machine, update.check(machine, source), source))


def _heard(machine: Config, clip: PageClip, dialect: str = "") -> Path | None:
    return page_clips.find_clip(page_clips.pages_folder(machine), "vi", clip.name, dialect)


@pytest.fixture
def voice(province: Province, tmp_path: Path) -> Path:
    """Publish a Vietnamese voice with one sentence and a word of the board."""
    tree = _tree(tmp_path / "tree", "vi", QUESTION, **{"board/mot.ogg": OGG})
    _publish(province, "vi", FIRST, tree)
    return tree


@pytest.mark.usefixtures("voice")
def test_a_voice_is_heard_after_recordings_of_the_ward_and_before_made_clips(
    province: Province, machine: Config
) -> None:
    folder = page_clips.pages_folder(machine)
    page_clips.make_clips(folder, "vi", clips=[QUESTION], engine=Tones())
    assert _fetch(machine, province) == [f"giọng vi {FIRST}"]
    heard = _heard(machine, QUESTION)
    assert heard is not None
    assert (heard.suffix, heard.read_bytes()) == (".ogg", OGG)
    own = page_clips.recording_folders(folder, "vi")[0] / f"{QUESTION.name}.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(sound.as_wav(Tones().speak("", "vi")))
    assert _heard(machine, QUESTION) == own
    board = call_clips.find_clip(call_clips.clips_folder(machine), "mot")
    assert board is not None
    assert board.suffix == ".ogg"
    assert _fetch(machine, province) == []
    assert list(update.downloads(machine.updates_folder).iterdir()) == []


@pytest.mark.usefixtures("voice")
def test_a_build_makes_no_clip_that_the_province_has_recorded(province: Province, machine: Config) -> None:
    _fetch(machine, province)
    engine = Tones()
    page_clips.build_clips(page_clips.pages_folder(machine), "vi", [QUESTION, HINT], engine)
    assert engine.spoken == [HINT.words]
    progress = page_clips.progress(page_clips.pages_folder(machine), "vi", [QUESTION, HINT])
    assert (progress.recorded, progress.published, progress.made, progress.missing) == (0, 1, 1, 0)


@pytest.mark.usefixtures("voice")
def test_a_newer_voice_replaces_the_former_which_is_deleted(
    province: Province, machine: Config, tmp_path: Path
) -> None:
    _fetch(machine, province)
    _publish(province, "vi", SECOND, _tree(tmp_path / "second", "vi", HINT))
    assert _fetch(machine, province) == [f"giọng vi {SECOND}"]
    assert _heard(machine, QUESTION) is None
    assert _heard(machine, HINT)
    folder = published.folder_of(call_clips.clips_folder(machine), "vi")
    assert sorted(path.name for path in folder.iterdir()) == [SECOND, "current"]


@pytest.mark.usefixtures("voice")
def test_a_dialect_comes_only_to_a_ward_that_has_set_it(province: Province, machine: Config, tmp_path: Path) -> None:
    _publish(province, "vi-hue", FIRST, _tree(tmp_path / "hue", "vi-hue", HINT))
    assert _fetch(machine, province) == [f"giọng vi {FIRST}"]
    hue = replace(machine, voice=replace(machine.voice, dialect="hue"))
    assert _fetch(hue, province) == [f"giọng vi-hue {FIRST}"]
    assert _heard(hue, HINT, "hue")
    assert _heard(hue, HINT) is None
    assert _heard(hue, QUESTION, "hue"), "the other sentences are those of the language"


def test_a_language_travels_with_its_texts(province: Province, machine: Config, tmp_path: Path) -> None:
    texts = 'name = "Tiếng thử"\n[texts]\n"Lấy số" = "Zố"\n'.encode()
    tree = _tree(tmp_path / "zz", "zz", page_clips.clips_of("Zố", "zz")[0], **{"language.toml": texts})
    _publish(province, "zz", FIRST, tree)
    assert _fetch(machine, province) == []
    wants = replace(machine, voice=replace(machine.voice, languages=("zz",)))
    assert _fetch(wants, province) == [f"giọng zz {FIRST}"]
    files = published.language_files(call_clips.clips_folder(machine))
    assert load_own_languages(machine.languages_folder, files) == []
    assert own_languages() == {"zz": "Tiếng thử"}
    assert page_clips.has_voice(page_clips.pages_folder(machine), "zz")
    load_own_languages(machine.languages_folder)
    assert own_languages() == {}


def _another_file(tree: Path) -> None:
    (tree / "run.py").write_text("print()")


def _no_sound(tree: Path) -> None:
    (tree / "pages" / f"{HINT.name}.ogg").write_bytes(b"<html>")


def _another_name(tree: Path) -> None:
    (tree / "pages" / "bad name.ogg").write_bytes(OGG)


def _texts_of_vietnamese(tree: Path) -> None:
    (tree / "language.toml").write_text('name = "x"')


@pytest.mark.parametrize("spoil", [_another_file, _no_sound, _another_name, _texts_of_vietnamese])
def test_a_package_with_anything_else_is_refused_and_the_former_voice_stays(
    province: Province, machine: Config, voice: Path, spoil: Callable[[Path], None]
) -> None:
    _fetch(machine, province)
    spoil(voice)
    _publish(province, "vi", SECOND, voice)
    with pytest.raises(BadContent):
        _fetch(machine, province)
    assert voices.present(machine, "vi") == FIRST
    assert _heard(machine, QUESTION)
    (state,) = update.look_at_voices(machine)
    assert (state.present, state.coming, state.code) == (FIRST, SECOND, "K-53")


@pytest.fixture
def context(app: Flask, machine: Config) -> Context:
    context: Context = app.extensions["context"]
    context.config = replace(machine, live_folder=None)
    return context


def _steps(worker: Updates, most: int = 60) -> int:
    return next((count for count in range(most) if not worker.step()), most)


def test_the_worker_fetches_it_by_pieces_and_the_page_shows_how_far(
    context: Context, province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.updates.download.PIECE_BYTES", 50)
    _publish(province, "vi", FIRST, _tree(tmp_path / "tree", "vi", QUESTION, HINT))
    config = context.config
    with closing(update.open_source(config, str(province.place))) as source:
        worker = Updates(context, source)
        assert worker.step(), "the list"
        assert worker.step(), "the first piece"
        (state,) = update.look_at_voices(config)
        assert (state.present, state.coming) == ("", FIRST)
        assert 0 < state.percent < 100
        assert _steps(worker) > 1
    assert voices.present(config, "vi") == FIRST
    assert update.look_at_voices(config)[0].coming == ""


def test_the_worker_leaves_a_refused_voice_until_the_next_list(
    context: Context, province: Province, voice: Path
) -> None:
    _another_file(voice)
    _publish(province, "vi", SECOND, voice)
    with closing(update.open_source(context.config, str(province.place))) as source:
        worker = Updates(context, source)
        assert _steps(worker) < 10
        assert not worker.step()
    assert update.look_at_voices(context.config)[0].code == "K-53"
    assert voices.present(context.config, "vi") == ""


@pytest.mark.usefixtures("voice")
def test_a_kiosk_reports_the_voice_that_it_uses(context: Context, province: Province) -> None:
    assert kiosk_report.find_report(context).voices == ()
    _fetch(context.config, province)
    assert kiosk_report.find_report(context).voices == (ReportedVoice(voice="vi", version=FIRST),)


@pytest.mark.usefixtures("voice")
def test_outside_the_hours_nothing_is_fetched(context: Context, province: Province) -> None:
    at = context.clock.now().astimezone().hour
    closed = f"{(at + 12) % 24:02}:00-{(at + 13) % 24:02}:00"
    context.config = replace(context.config, updates=replace(context.config.updates, hours=(closed,)))
    with closing(update.open_source(context.config, str(province.place))) as source:
        assert not Updates(context, source).step()
    assert update.look_at_voices(context.config) == []


@pytest.mark.usefixtures("voice")
def test_the_technician_fetches_it_from_a_stick_and_sees_it(app: Flask, context: Context, province: Province) -> None:
    bench = Bench(app)
    bench.go("/technician/updates").post("/technician/updates/search", place=str(province.place))
    wait(context, "update")
    words = bench.go("/technician/updates").words
    assert f"Đã tải và soát chữ ký: giọng vi {FIRST}." in words
    assert f"Giọng đọc vi {FIRST}" in words


@pytest.mark.usefixtures("voice")
def test_the_command_fetches_it_from_a_stick(
    machine: Config, province: Province, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ["--config", str(machine.root / "kiosk.toml")]
    assert main([*settings, "update", "fetch", "--from", str(province.place)]) == 0
    assert f"Đã dùng giọng vi {FIRST}." in capsys.readouterr().out
    assert main([*settings, "update", "status"]) == 0
    assert f"Giọng vi: {FIRST}" in capsys.readouterr().out


if importlib.util.find_spec("soundfile"):  # the encoder is an extra

    def test_a_voice_is_packed_signed_and_heard_from_end_to_end(
        machine: Config, province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        studio = tmp_path / "studio"
        studio.mkdir()
        (studio / "kiosk.toml").write_text("")
        home = page_clips.clips_of("Hôm nay ông/bà cần làm việc gì?", "vi")[0]
        own = studio / "data" / "voice" / "pages" / "own" / "vi-hue"
        own.mkdir(parents=True)
        (own / f"{home.name}.wav").write_bytes(sound.as_wav(Tones(2.0).speak("", "vi")))
        (own / f"{QUESTION.name[::-1]}.wav").write_bytes(b"of a sentence that no page says")
        settings = ["--config", str(studio / "kiosk.toml")]
        tree, packed = tmp_path / "vi-hue", tmp_path / "voice.tar.gz"
        assert main([*settings, "voice", "pack", str(tree), "--dialect", "hue"]) == 0
        assert "1 tiếng" in capsys.readouterr().out
        assert main([*settings, "release", "pack", str(tree), str(packed)]) == 0
        keys = [
            f"--key={province.folder / 'keys' / 'targets-1.pem'}",
            f"--online={province.folder / 'keys' / 'online.pem'}",
        ]
        repository = f"--repository={province.place}"
        assert main([*settings, "release", "publish", str(packed), "--voice", FIRST, repository, *keys]) == 0
        hue = replace(machine, voice=replace(machine.voice, dialect="hue"))
        assert _fetch(hue, province) == [f"giọng vi-hue {FIRST}"]
        heard = _heard(hue, home, "hue")
        assert heard is not None
        assert b"OpusHead" in heard.read_bytes()[:64]
        assert heard.stat().st_size * 10 < (own / f"{home.name}.wav").stat().st_size


def test_what_is_no_voice_is_not_published(
    province: Province, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = tmp_path / "content"
    (tree / "procedures").mkdir(parents=True)
    packed = tmp_path / "content.tar.gz"
    archive.pack(tree, packed)
    repository = f"--repository={province.place}"
    assert main(["release", "publish", str(packed), "--voice", FIRST, repository]) == 2
    assert "kiosk voice pack" in capsys.readouterr().err
    assert main(["voice", "pack", str(tree)]) == 2
    assert "Chọn thư mục khác" in capsys.readouterr().err
    assert main(["voice", "pack", str(tmp_path / "new"), "--dialect", "../hue"]) == 2
    assert "không phải tên giọng" in capsys.readouterr().err
    assert province.repository.targets() == {}
