"""Errors of the speech engines, each with a code of its own."""

from kiosk.base.errors import KioskError


class NoSpeechEngine(KioskError):
    """No speech engine is installed."""

    code = "K-03"
    vi = "Chưa có giọng máy. Cài thêm: pip install espeakng-loader soundfile. Hoặc thu giọng của phường vào own."
    en = "There is no speech engine. Install it: pip install espeakng-loader soundfile. Or put recordings into own."


class BadVoiceModel(KioskError):
    """The voice model of the settings cannot speak; the sentence says why."""

    code = "K-55"
    vi = "Mô hình giọng ([voice] model) không dùng được."
    en = "The voice model ([voice] model) cannot be used."
