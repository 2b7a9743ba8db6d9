"""Sender for practice and trials: each message becomes a file with its text, named by its tracking id."""

import os
from pathlib import Path

from sync.gateway.message_port import NO_DAY, MessagePresence, OutgoingMessage, SendResult

TEXTS = {
    "received": "Hồ sơ {receipt_no}: phường đã nhận. Ngày hẹn: {day}.",
    "paper-missing": "Hồ sơ {receipt_no}: còn thiếu giấy. Mời mở trang trên phiếu, hoặc mang phiếu tới quầy.",
    "new-day": "Hồ sơ {receipt_no}: có ngày hẹn mới, {day}.",
    "result-ready": "Hồ sơ {receipt_no}: đã có kết quả. Mời mang thẻ và phiếu tới quầy.",
}


def words_of_message(message: OutgoingMessage) -> str:
    """Return the text of a message."""
    return TEXTS[message.occasion].format(receipt_no=message.receipt_no, day=message.day or NO_DAY)


class FileSender:
    """Writes messages into a folder."""

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: OutgoingMessage) -> SendResult:
        """Write a message; one that is there is not written again."""
        path = self._path(message)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            whole = path.with_suffix(f".{os.getpid()}")
            whole.write_text(f"{message.phone}\n{words_of_message(message)}\n", encoding="utf-8")
            try:
                os.link(whole, path)  # a file that is there was written whole, once
            finally:
                whole.unlink()
        except FileExistsError:
            return SendResult(outcome="accepted", code="known")
        except OSError as error:
            return SendResult(outcome="later", code=type(error).__name__)
        return SendResult(outcome="accepted")

    def find(self, message: OutgoingMessage) -> MessagePresence:
        """Return whether a message is in the folder."""
        return "present" if self._path(message).exists() else "absent"

    def close(self) -> None:
        """Close nothing."""

    def _path(self, message: OutgoingMessage) -> Path:
        return self._folder / f"{message.tracking_id}.txt"
