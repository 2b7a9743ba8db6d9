"""Tests of the pages' clips: a build makes only what changed, recordings come first, faults of recordings are named."""

import array
from datetime import date
from pathlib import Path
from random import Random

import pytest
import soundfile

from kiosk.cli import main
from kiosk.config import Config
from kiosk.startup.context_factory import open_catalogue
from kiosk.voice import opus, page_clips, sound
from kiosk.voice.espeak import Espeak, is_installed
from kiosk.voice.page_clips import PageClip
from tests.voice.tones import Tones, clips_of_pages

SENTENCE_SECONDS = 2
"""Length of a sentence as espeak-ng speaks it, on average: 1.93 s in Vietnamese, 2.04 s in English."""
TEXTS = ("Bé sinh ở đâu?", "Ghi đúng như giấy chứng sinh. Sinh tại nhà thì chọn “Tại nhà”.", "Lệ phí 8.000 đồng.")


def _clips(*texts: str) -> list[PageClip]:
    return page_clips.all_clips(texts or TEXTS, "vi")


def _build(folder: Path, clips: list[PageClip]) -> tuple[list[str], tuple[int, int]]:
    engine = Tones()
    counts = page_clips.build_clips(folder, lang="vi", clips=clips, engine=engine)
    return engine.spoken, counts


def _record(folder: Path, clip: PageClip, seconds: float = 0.2) -> Path:
    file = folder / f"{clip.name}.wav"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_bytes(sound.as_wav(Tones(seconds).speak("", "vi")))
    return file


def test_each_sentence_is_one_clip_of_its_spoken_words() -> None:
    assert [clip.words for clip in _clips()] == [
        "Bé sinh ở đâu?",
        "Ghi đúng như giấy chứng sinh.",
        "Sinh tại nhà thì chọn Tại nhà.",
        "Lệ phí tám nghìn đồng.",
    ]
    assert len({clip.name for clip in _clips(*TEXTS, *TEXTS)}) == 4
    assert _clips("Lệ phí 8.000 đồng.")[0].name == _clips("Lệ phí 8000 đồng.")[0].name
    assert page_clips.clips_of("Bé sinh ở đâu?", "ktv")[0].name != _clips()[0].name


def test_a_build_makes_only_what_changed_and_deletes_what_no_page_says(tmp_path: Path) -> None:
    spoken, counts = _build(tmp_path, _clips())
    assert (len(spoken), counts) == (4, (4, 0))
    assert _build(tmp_path, _clips()) == ([], (0, 0))
    changed = _clips(TEXTS[0], TEXTS[1], "Lệ phí 10.000 đồng.")
    assert _build(tmp_path, changed) == (["Lệ phí mười nghìn đồng."], (1, 1))
    made = page_clips.made_folder(tmp_path, "vi")
    assert {file.name for file in made.iterdir()} == {f"{clip.name}.ogg" for clip in changed}


def test_clips_are_made_in_the_order_of_the_texts(tmp_path: Path) -> None:
    texts = [f"Câu {number}." for number in range(1, 9)]
    spoken, _counts = _build(tmp_path, _clips(*texts))
    assert spoken == [clip.words for clip in _clips(*texts)]


def test_a_wav_file_of_an_earlier_release_is_heard_until_it_is_replaced(tmp_path: Path) -> None:
    made = page_clips.made_folder(tmp_path, "vi")
    made.with_name("vi.voice").parent.mkdir(parents=True)
    made.with_name("vi.voice").write_text(Tones.name)
    old = [_record(made, clip) for clip in [*_clips(), *_clips("Câu của bản trước.")]]
    heard = list[bool]()

    class Watched(Tones):
        def speak(self, words: str, lang: str) -> bytes:
            places = [page_clips.find_clip(tmp_path, "vi", clip.name) for clip in _clips()]
            heard.append(None not in places)
            return super().speak(words, lang)

    assert page_clips.build_clips(tmp_path, "vi", _clips(), Watched()) == (4, 1)
    assert heard == [True] * 4
    assert [file for file in old if file.exists()] == []
    assert {file.suffix for file in made.iterdir()} == {".ogg"}


def test_the_clips_of_both_languages_take_at_most_40_mb(tmp_path: Path) -> None:
    noise = Random(7)
    speech = array.array("h", [noise.randrange(-12000, 12000) for _ in range(sound.SAMPLE_RATE * SENTENCE_SECONDS)])
    file = opus.write_clip(tmp_path / "a.ogg", speech.tobytes())
    catalogue = open_catalogue(Config())
    day = date(2026, 11, 28)
    count = sum(len(clips_of_pages(Config(), catalogue, day, lang)) for lang in ("vi", "en"))
    assert count * file.stat().st_size <= 40e6


def test_a_clip_is_as_long_as_what_was_spoken(tmp_path: Path) -> None:
    for seconds in (0.1, 1.0, 59.5):
        frames = Tones(seconds).speak("", "vi")
        samples, rate = soundfile.read(opus.write_clip(tmp_path / "a.ogg", frames))
        spoken_seconds = len(sound.normalize_loudness(frames)) / 2 / sound.SAMPLE_RATE
        assert len(samples) / rate == pytest.approx(spoken_seconds, abs=1 / rate)


def test_recordings_come_first_those_of_the_dialect_before_the_others(tmp_path: Path) -> None:
    question, hint, _home, _fee = _clips()
    common = _record(tmp_path / "own" / "vi", question)
    only_here = _record(tmp_path / "own" / "vi-hue", hint)
    assert len(_build(tmp_path, _clips())[0]) == 3, "a recorded sentence is not made, one of a dialect is"
    assert page_clips.find_clip(tmp_path, "vi", question.name, dialect="hue") == common
    assert page_clips.find_clip(tmp_path, "vi", hint.name, dialect="hue") == only_here
    assert (
        page_clips.find_clip(tmp_path, "vi", hint.name) == page_clips.made_folder(tmp_path, "vi") / f"{hint.name}.ogg"
    )
    of_hue = _record(tmp_path / "own" / "vi-hue", question)
    assert page_clips.find_clip(tmp_path, "vi", question.name, dialect="hue") == of_hue
    assert page_clips.find_clip(tmp_path, "vi", question.name) == common


@pytest.mark.parametrize("name", ["../vi/0123456789abcdef", "", "0123", "0123456789ABCDEF", "0123456789abcdef.wav"])
def test_no_other_file_is_a_clip(tmp_path: Path, name: str) -> None:
    _build(tmp_path, _clips())
    assert page_clips.find_clip(tmp_path, "vi", name) is None


def test_progress_counts_and_names_what_is_wrong(tmp_path: Path) -> None:
    question, hint, home, fee = _clips()
    assert page_clips.progress(tmp_path, "vi", _clips()).missing == 4
    own = tmp_path / "own" / "vi"
    _record(own, question)
    _record(own, hint).write_bytes(b"ID3 an mp3 with another name")
    old = _record(own, page_clips.clips_of("Câu của bản trước.", "vi")[0])
    page_clips.build_clips(tmp_path, lang="vi", clips=[home], engine=Tones())
    state = page_clips.progress(tmp_path, "vi", [question, hint, home, fee])
    assert (state.recorded, state.made, state.missing) == (2, 1, 1)
    assert state.problems == ((own / f"{hint.name}.wav", "không phải tệp WAV (PCM)"),)
    assert state.unknown == (old,)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("[voice]\ndialect = 'hue'\n")
    return file


def test_the_list_shrinks_with_each_recording(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(settings), "voice", "list"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert len(lines) > 1500
    assert {len(line) for line in lines} == {4}
    assert lines[0][1] == "trang", "the sentences of every page come first"
    own = settings.parent / "data" / "voice" / "pages" / "own" / "vi-hue"
    own.mkdir(parents=True)
    (own / lines[0][0]).write_bytes(sound.as_wav(Tones().speak("", "vi")))
    assert main(["--config", str(settings), "voice", "list", "--missing"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(lines) - 1
    assert main(["--config", str(settings), "voice", "status"]) == 0
    assert f"vi: {len(lines)} câu; người đọc đã thu 1, của tỉnh 0, giọng máy 0" in capsys.readouterr().out
    (own / lines[1][0]).write_bytes(b"no sound")
    assert main(["--config", str(settings), "voice", "status"]) == 1
    assert "không phải tệp WAV" in capsys.readouterr().out


def test_practice_and_the_real_kiosk_speak_with_one_voice() -> None:
    assert page_clips.pages_folder(Config()) == page_clips.pages_folder(Config().practising())


def test_every_text_has_its_own_clip_in_both_languages() -> None:
    day = date(2026, 11, 28)
    catalogue = open_catalogue(Config())
    vietnamese, english = (clips_of_pages(Config(), catalogue, day, lang) for lang in ("vi", "en"))
    assert min(len(vietnamese), len(english)) > 1500
    assert not {clip.name for clip in vietnamese} & {clip.name for clip in english}


if is_installed():  # espeak-ng is an extra

    def test_espeak_speaks_both_languages_of_the_pages(tmp_path: Path) -> None:
        engine = Espeak()
        for lang, text in (("vi", "Bé sinh ở đâu?"), ("en", "Where was the baby born?"), ("vi", "Bé sinh ở đâu?")):
            file = tmp_path / f"{lang}.wav"
            file.write_bytes(sound.as_wav(engine.speak(text, lang)))
            assert sound.clip_problem(file, 3) == ""
