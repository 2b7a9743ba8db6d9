"""Recovery paper for the ward's safe: 18 words and their QR code, printed once and past the spool."""

from collections.abc import Iterator, Sequence

from kiosk.config import Config
from kiosk.papers import letterhead
from printers.document import Code, Document, Gap, Rule, Text

WORDS_A_LINE = 3


def compose(config: Config, words: Sequence[str], code: str) -> Document:
    """Return the paper with these words and this text of the QR code."""
    return Document(
        (
            *letterhead.head(config),
            *letterhead.title("Giấy khôi phục"),
            Text(f"Của {letterhead.machine_name(config)}. Cất ở két của phường, không chụp ảnh."),
            Text("Giấy nhiệt phai sau vài năm: chép tay thêm một tờ."),
            Rule(),
            *(Text(line, weight="strong") for line in numbered_lines(words)),
            Gap(2),
            Code(kind="qr", data=code),
            Rule(),
            Text("Dùng khi mất máy hoặc mất tệp khóa: kiosk restore --paper"),
        )
    )


def numbered_lines(words: Sequence[str]) -> Iterator[str]:
    """Yield the words in lines of three, each with the number of its first word."""
    for start in range(0, len(words), WORDS_A_LINE):
        yield f"{start + 1:2}. {'   '.join(words[start : start + WORDS_A_LINE])}"
