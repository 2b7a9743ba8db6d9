"""Tests of the board's voice: clips of every number, their files, and the checks of a ward's recordings."""

import array
import math
import os
import wave
from pathlib import Path

import pytest
import soundfile

from kiosk.base.errors import KioskError
from kiosk.cli import main, voice
from kiosk.config import Config
from kiosk.pages.citizen.spoken_texts import PAGES, SpokenText
from kiosk.voice import call_clips, sound
from kiosk.voice.espeak import Espeak
from tests.voice.tones import Tones

WORDS = {
    0: "không",
    1: "một",
    4: "bốn",
    5: "năm",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi bốn",
    25: "hai mươi lăm",
    30: "ba mươi",
    50: "năm mươi",
    55: "năm mươi lăm",
    91: "chín mươi mốt",
    100: "một trăm",
    101: "một trăm linh một",
    104: "một trăm linh bốn",
    105: "một trăm linh năm",
    110: "một trăm mười",
    111: "một trăm mười một",
    115: "một trăm mười lăm",
    121: "một trăm hai mươi mốt",
    205: "hai trăm linh năm",
    300: "ba trăm",
    555: "năm trăm năm mươi lăm",
    615: "sáu trăm mười lăm",
    741: "bảy trăm bốn mươi mốt",
    999: "chín trăm chín mươi chín",
}
"""Written by hand, as a speaker of Vietnamese reads them."""


def spoken(clips: list[str]) -> str:
    return " ".join(call_clips.CLIP_TEXTS[clip] for clip in clips)


def tone(seconds: float = 0.3, peak: int = 12000, silence_seconds: float = 0.0) -> bytes:
    """Return a tone with silence before and after it, like an engine's output."""
    silence = [0] * round(sound.SAMPLE_RATE * silence_seconds)
    samples = [round(peak * math.sin(n / 9)) for n in range(round(sound.SAMPLE_RATE * seconds))]
    return array.array("h", [*silence, *samples, *silence]).tobytes()


def write(file: Path, frames: bytes, width: int = 2) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as clip:
        clip.setparams((1, width, sound.SAMPLE_RATE, 0, "NONE", ""))
        clip.writeframes(frames)


def length(file: Path) -> float:
    with wave.open(str(file)) as clip:
        return clip.getnframes() / clip.getframerate()


@pytest.mark.parametrize(("number", "words"), WORDS.items())
def test_a_number_is_said_as_people_say_it(number: int, words: str) -> None:
    assert spoken(call_clips.clips_of_number(number)) == words


def test_every_number_of_a_day_has_its_own_words() -> None:
    assert len({spoken(call_clips.clips_of_number(number)) for number in range(1000)}) == 1000
    for beyond in (-1, 1000):
        with pytest.raises(ValueError, match="0 to 999"):
            call_clips.clips_of_number(beyond)


def test_a_call_is_one_sentence() -> None:
    assert spoken(call_clips.clips_of_call("A017", 3)) == "Mời số a mười bảy đến quầy số ba"
    assert spoken(call_clips.clips_of_call("B105", 21)) == "Mời số bê một trăm linh năm đến quầy số hai mươi mốt"
    assert spoken(call_clips.clips_of_call("D000", 30)) == "Mời số dê không đến quầy số ba mươi"


def test_a_short_call_has_no_opening_and_reads_large_numbers_digit_by_digit() -> None:
    assert spoken(call_clips.short_clips_of_call("A017", 3)) == "a mười bảy đến quầy số ba"
    assert spoken(call_clips.short_clips_of_call("B105", 21)) == "bê một không năm đến quầy số hai mươi mốt"
    assert call_clips.short_clips_of_call("A1000", 1) == []


@pytest.mark.parametrize(
    ("label", "counter"), [("A1000", 1), ("Đ001", 1), ("", 1), ("a017", 1), ("A017", 0), ("A017", 31)]
)
def test_what_has_no_words_is_not_said(label: str, counter: int) -> None:
    assert call_clips.clips_of_call(label, counter) == []


def test_no_two_clips_are_one_file_and_every_letter_has_one() -> None:
    assert len({clip.casefold() for clip in call_clips.CLIP_TEXTS}) == len(call_clips.CLIP_TEXTS) == 44
    assert all(clip.isascii() for clip in call_clips.CLIP_TEXTS)
    assert len(set(call_clips.CLIP_TEXTS.values())) == len(call_clips.CLIP_TEXTS)


def test_clips_are_made_whole_alike_in_loudness_and_without_silence(tmp_path: Path) -> None:
    tones = iter(
        [
            tone(peak=2000, silence_seconds=0.2),
            *[tone(peak=30000, silence_seconds=0.2)] * (len(call_clips.CLIP_TEXTS) - 1),
        ]
    )
    made = call_clips.build_clips(tmp_path, lambda _words: next(tones))
    assert {file.stem for file in made} == call_clips.CLIP_TEXTS.keys()
    heard = [soundfile.read(file) for file in made]
    assert {round(len(samples) / rate, 2) for samples, rate in heard} == {0.3}
    loudness = [float((samples**2).mean()) ** 0.5 for samples, _rate in heard[:2]]
    assert loudness == pytest.approx([sound.TARGET_RMS / sound.FULL_SCALE] * 2, rel=0.1)
    assert {file.suffix for file in (tmp_path / "made").iterdir()} == {".ogg"}


def test_wav_files_that_an_earlier_release_made_are_replaced(tmp_path: Path) -> None:
    old = tmp_path / "made" / "so-7.wav"
    write(old, tone())
    call_clips.build_clips(tmp_path, lambda _words: tone())
    assert not old.exists()
    assert call_clips.find_clip(tmp_path, "so-7") == old.with_suffix(".ogg")


def test_a_recording_of_the_ward_is_heard_before_the_made_clip_and_survives_a_build(tmp_path: Path) -> None:
    call_clips.build_clips(tmp_path, lambda _words: tone())
    own = tmp_path / "own" / "so-7.wav"
    write(own, tone(0.5))
    call_clips.build_clips(tmp_path, lambda _words: tone())
    assert call_clips.find_clip(tmp_path, "so-7") == own
    assert call_clips.find_clip(tmp_path, "so-8") == tmp_path / "made" / "so-8.ogg"
    assert length(own) == pytest.approx(0.5)


def test_a_call_with_a_word_left_out_is_not_said(tmp_path: Path) -> None:
    clips = call_clips.clips_of_call("A017", 3)
    assert call_clips.playable_clips(tmp_path, clips) == []
    call_clips.build_clips(tmp_path, lambda _words: tone())
    assert call_clips.playable_clips(tmp_path, clips) == clips
    (tmp_path / "made" / "so-7.ogg").unlink()
    assert call_clips.playable_clips(tmp_path, clips) == []


@pytest.mark.parametrize("clip", ["../made/so-7", "so-77", "", "/etc/passwd", "so-7.wav"])
def test_no_other_file_is_a_clip(tmp_path: Path, clip: str) -> None:
    call_clips.build_clips(tmp_path, lambda _words: tone())
    assert call_clips.find_clip(tmp_path, clip) is None


def test_what_keeps_a_recording_from_being_heard_is_said(tmp_path: Path) -> None:
    file = tmp_path / "x.wav"
    for frames, width, problem in (
        (tone(), 2, ""),
        (tone(0.02), 2, "dài 0.0 giây"),
        (tone(3.5), 2, "dài 3.5 giây"),
        (tone(peak=500), 2, "nhỏ quá"),
        (tone(), 1, "đang là 8 bit"),
    ):
        write(file, frames, width)
        assert problem in call_clips.clip_problem(file)
        assert bool(problem) == bool(call_clips.clip_problem(file))
    file.write_bytes(b"ID3 an mp3 with another name")
    assert "WAV" in call_clips.clip_problem(file)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("[[series]]\nletter = 'A'\nid = 'A-HOTICH'\n")
    return file


def test_without_an_engine_the_command_says_what_to_install(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "espeakng_loader", None)
    assert main(["--config", str(settings), "voice", "build"]) == 2
    message = capsys.readouterr().err
    assert "pip install espeakng-loader" in message
    assert not (settings.parent / "data").exists(), "nothing was begun"


def test_without_an_encoder_the_command_says_what_to_install(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "open_engine", lambda _model, _lang: Tones())
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    assert main(["--config", str(settings), "voice", "build"]) == 2
    assert "pip install soundfile" in capsys.readouterr().err
    assert not (settings.parent / "data").exists(), "nothing was begun"


def test_a_build_runs_when_nothing_else_needs_the_machine_and_begins_with_the_pages_of_every_visit(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = list[int]()
    engine = Tones()
    texts = [SpokenText(PAGES, "Bắt đầu."), SpokenText("1.001193", "Khai sinh."), SpokenText(PAGES, "Lấy số.")]
    monkeypatch.setattr(os, "sched_setscheduler", lambda _process, policy, _parameter: policies.append(policy))
    monkeypatch.setattr(voice, "open_engine", lambda _model, _lang: engine)
    monkeypatch.setattr(voice, "spoken_texts", lambda *_config, **_day: texts)
    assert main(["--config", str(settings), "voice", "build"]) == 0
    assert policies == [os.SCHED_IDLE]
    pages = [words for words in engine.spoken if words not in call_clips.CLIP_TEXTS.values()]
    assert pages == ["Bắt đầu.", "Lấy số.", "Bắt đầu.", "Lấy số.", "Khai sinh.", "Khai sinh."]


def test_a_broken_engine_is_no_crash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Loader:
        get_library_path = staticmethod(lambda: str(tmp_path / "gone.so"))
        get_data_path = staticmethod(lambda: str(tmp_path))

    monkeypatch.setitem(__import__("sys").modules, "espeakng_loader", Loader)  # type: ignore[arg-type]
    with pytest.raises(KioskError):
        Espeak()


def test_the_check_names_every_clip_that_is_missing_or_faulty(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = settings.parent / "data" / "voice"
    command = ["--config", str(settings), "voice", "check"]
    assert main(command) == 1
    output = capsys.readouterr().out
    assert output.count("thiếu") >= 19
    assert "chu-a.wav" in output
    assert "chu-b.wav" not in output, "this ward has no series B"
    call_clips.build_clips(folder, lambda _words: tone())
    write(folder / "own" / "mot.wav", tone(peak=400))
    write(folder / "own" / "mốt.wav", tone())
    assert main(command) == 1
    output = capsys.readouterr().out
    assert "phường mot.wav" in output
    assert "nhỏ quá" in output
    assert "Tệp lạ" in output
    (folder / "own" / "mot.wav").unlink()
    assert main(command) == 0


def test_practice_and_the_real_kiosk_speak_with_one_voice() -> None:
    assert call_clips.clips_folder(Config()) == call_clips.clips_folder(Config().practising())
