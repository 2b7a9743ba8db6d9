"""Tests of the ward's words for numbers: what an engine speaks, what a person reads, and what stays."""

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.voice import page_clips
from kiosk.voice.dialect import in_number_words
from kiosk.voice.reading import spoken_words
from tests.voice.tones import Tones

ALL = ("lẻ", "ngàn", "bẩy", "tư")
SPOKEN = {
    ("105 bản", ()): "một trăm linh năm bản",
    ("105 bản", ("lẻ",)): "một trăm lẻ năm bản",
    ("năm 2004", ("lẻ", "tư")): "năm hai nghìn không trăm lẻ tư",
    ("năm 2004", ("ngàn",)): "năm hai ngàn không trăm linh bốn",
    ("8.000 đồng", ("ngàn",)): "tám ngàn đồng",
    ("17 người", ("bẩy",)): "mười bẩy người",
    ("Bảy người", ("bẩy",)): "Bẩy người",
    ("24 giờ", ("tư",)): "hai mươi tư giờ",
    ("24 giờ", ("lẻ", "ngàn", "bẩy")): "hai mươi bốn giờ",
    ("14 giờ", ("tư",)): "hai giờ chiều",
    ("4 bản, 14 bản", ALL): "bốn bản, mười bốn bản",
    ("ngày 24/4/2027", ALL): "ngày hai mươi tư tháng tư năm hai ngàn không trăm hai mươi bẩy",
    ("1.107.004 đồng", ALL): "một triệu một trăm lẻ bẩy ngàn không trăm lẻ tư đồng",
    # no numbers
    ("Phục vụ linh hoạt", ALL): "Phục vụ linh hoạt",
    ("Đường Linh Hựu", ALL): "Đường Linh Hựu",
}


@pytest.mark.parametrize(("written", "chosen"), SPOKEN)
def test_a_number_is_said_with_the_words_of_the_ward(written: str, chosen: tuple[str, ...]) -> None:
    assert in_number_words(spoken_words(written, "vi"), chosen) == SPOKEN[written, chosen]


@pytest.mark.parametrize(("clip", "word"), [("linh", "lẻ"), ("bảy", "bẩy"), ("bốn", "bốn"), ("trăm", "trăm")])
def test_a_clip_of_the_board_is_said_with_them_too(clip: str, word: str) -> None:
    assert in_number_words(clip, ALL) == word


def test_other_words_or_another_engine_make_every_clip_again_and_the_former_are_heard_meanwhile(tmp_path: Path) -> None:
    clips = page_clips.all_clips(["Năm 2004.", "Bé sinh ở đâu?"], "vi")
    engine = Tones()
    page_clips.build_clips(tmp_path, "vi", clips, engine)
    engine.spoken.clear()
    page_clips.build_clips(tmp_path, "vi", clips, engine)
    assert engine.spoken == []
    assert page_clips.build_clips(tmp_path, "vi", clips, engine, number_words=("lẻ",)) == (2, 0)
    assert "Năm hai nghìn không trăm lẻ bốn." in engine.spoken

    class Stops(Tones):
        name = "another"

        def speak(self, words: str, lang: str) -> bytes:
            if self.spoken:
                raise KeyboardInterrupt
            return super().speak(words, lang)

    with pytest.raises(KeyboardInterrupt):
        page_clips.build_clips(tmp_path, "vi", clips, Stops(), number_words=("lẻ",))
    places = [page_clips.find_clip(tmp_path, "vi", clip.name) for clip in clips]
    assert sorted(file.parent.name for file in places if file) == ["vi", "vi.former"]
    other = Tones()
    other.name = "another"
    assert page_clips.build_clips(tmp_path, "vi", clips, other, number_words=("lẻ",)) == (1, 0)
    assert not (tmp_path / "made" / "vi.former").exists()


def test_the_list_to_record_has_the_words_of_the_ward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("")
    names = {}
    for chosen in ("[]", '["lẻ", "ngàn"]'):
        settings.write_text(f"[voice]\nnumber_words = {chosen}\n")
        assert main(["--config", str(settings), "voice", "list"]) == 0
        lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
        names[chosen] = [line[0] for line in lines]
        words = {line[3] for line in lines}
        assert ("linh năm" in words) == (chosen == "[]")
        assert ("lẻ năm" in words) == (chosen != "[]")
        assert [word for word in words if "nghìn" in word.split()] == [] or chosen == "[]"
    assert names["[]"] == names['["lẻ", "ngàn"]'], "a recording is found whatever the ward says"


def test_another_word_is_refused_with_the_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text('[voice]\nnumber_words = ["lẽ"]\n')
    assert main(["--config", str(settings), "voice", "check"]) == 2
    assert "number_words" in capsys.readouterr().err
