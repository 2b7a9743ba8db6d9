"""Twin bank: an account that is paid to, its signed notices and its statements, with the faults of real ones."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from sync.gateway.payments.bank_line import BankLine, Direction
from sync.gateway.payments.web_hook import sign

StatementShape = Literal["two columns", "sign"]
_WARD_TIME = timezone(timedelta(hours=7))
_LINE_LENGTH = 24
"""Characters of a text after which an export of the second shape begins a new line."""


@dataclass(frozen=True)
class SignedBody:
    """A body of a notice, and its headers."""

    body: bytes
    headers: dict[str, str]


@dataclass
class TwinBank:
    """A bank with one account; `lines` are the movements so far, numbered from `first`."""

    secret: str
    first: int = 1
    lines: list[BankLine] = field(default_factory=list)

    def move(self, amount: int, text: str, at: datetime, direction: Direction = "in") -> BankLine:
        """Book a movement, with words of the bank's own around the text of the payer."""
        number = self.first + len(self.lines)
        line = BankLine(
            reference=f"FT{at.astimezone(_WARD_TIME):%y%j}{number:06d}",
            direction=direction,
            amount=amount,
            booked_at=at,
            text=f"MBVCB.{4_000_000 + number}.{text}.CT tu 0071000{number:06d} toi TAI KHOAN THU PHI",
        )
        self.lines.append(line)
        return line

    def notice(self, lines: Sequence[BankLine], at: datetime) -> SignedBody:
        """Return the signed notice of some movements."""
        notices = [
            {
                "reference": line.reference,
                "direction": line.direction,
                "amount": line.amount,
                "bookedAt": line.booked_at.astimezone(_WARD_TIME).isoformat(timespec="seconds"),
                "text": line.text,
            }
            for line in lines
        ]
        body = json.dumps({"notices": notices}, ensure_ascii=False).encode()
        return SignedBody(body, sign(self.secret, at, body))

    def statement(self, shape: StatementShape) -> str:
        """Return a statement of all movements as CSV, with head and totals."""
        file = io.StringIO()
        writer = csv.writer(file, delimiter="," if shape == "two columns" else ";")
        writer.writerow(["SAO KÊ TÀI KHOẢN"])
        writer.writerow([])
        write = self._write_two_columns if shape == "two columns" else self._write_signs
        write(writer)
        return file.getvalue()

    def _write_two_columns(self, writer: Any) -> None:
        writer.writerow(
            ["STT", "Ngày giao dịch", "Số CT/Doc No", "Số tiền ghi nợ/Debit", "Số tiền ghi có/Credit", "Nội dung"]
        )
        for number, line in enumerate(self.lines, 1):
            amount = f"{line.amount:,}"
            amounts = ["", amount] if line.direction == "in" else [amount, ""]
            day = f"{line.booked_at.astimezone(_WARD_TIME):%d/%m/%Y}"
            writer.writerow([number, day, line.reference, *amounts, line.text])
        writer.writerow(["", "Tổng cộng", "", "", f"{sum(line.amount for line in self.lines):,}", ""])

    def _write_signs(self, writer: Any) -> None:
        writer.writerow(["Thời gian", "Mã giao dịch", "+/-", "Số tiền", "Nội dung"])
        for line in self.lines:
            at = f"{line.booked_at.astimezone(_WARD_TIME):%d/%m/%Y %H:%M:%S}"
            amount = f"{line.amount:,}".replace(",", ".")
            parts = [line.text[start : start + _LINE_LENGTH] for start in range(0, len(line.text), _LINE_LENGTH)]
            writer.writerow([at, line.reference, "+" if line.direction == "in" else "-", amount, parts[0]])
            writer.writerows(["", "", "", "", part] for part in parts[1:])
