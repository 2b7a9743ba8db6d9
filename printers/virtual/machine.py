"""Mechanism of the virtual printer: executes commands from the buffer, burns rows, cuts.

It has no sockets. `feed` gets the content of the buffer and executes one command, or one row of a picture. It returns
how many bytes that used, so that a power loss can lose the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

# Commands without a picture: their first bytes, and the number of parameter bytes.
PLAIN = {b"\x1b@": 0, b"\x1bJ": 1, b"\x1bd": 1, b"\x1ba": 1, b"\x1b3": 1, b"\x1b2": 0, b"\x1bt": 1, b"\x1bE": 1}
PLAIN |= {b"\x1b!": 1, b"\x1d!": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1dP": 2, b"\x1bR": 1, b"\x1b-": 1, b"\x1bM": 1}
RASTER = b"\x1dv0"
CUT = b"\x1dV"
ASK = b"\x1dr"
AUTOMATIC = b"\x1da"
LINE_ROWS = 30  # of a line feed


@dataclass
class Mechanism:
    """Paper under a head of `dots`; `answer` sends bytes back, `watch` switches the automatic status on."""

    dots: int
    answer: Callable[[bytes], None]
    watch: Callable[[int], None]
    roll_status: Callable[[], int]
    rows: bytearray = field(default_factory=bytearray)
    strays: bytearray = field(default_factory=bytearray)
    papers: list[Image.Image] = field(default_factory=list)
    _row_bytes: int = 0
    _rows_left: int = 0  # of the picture that is being received

    @property
    def width(self) -> int:
        """Return the bytes a row."""
        return self.dots // 8

    def feed(self, data: bytes) -> tuple[int, int]:
        """Execute the first command.

        Returns:
            The number of bytes used (0: more are needed) and of rows burned.
        """
        if self._rows_left:
            return self._row(data)
        head = data[:1]
        if head not in (b"\x1b", b"\x1d"):
            return self._text(data)
        actions = {RASTER: self._raster, CUT: self._cut, ASK: self._ask, AUTOMATIC: self._automatic}
        for command, action in actions.items():
            if data.startswith(command):
                return action(data)
        if len(data) < 2:
            return 0, 0
        return self._plain(data)

    def _plain(self, data: bytes) -> tuple[int, int]:
        """Execute feeds, ignore settings, and count unknown commands as stray bytes."""
        command = bytes(data[:2])
        if command not in PLAIN:
            if RASTER.startswith(data):
                return 0, 0
            self.strays += command
            return 2, 0
        length = 2 + PLAIN[command]
        if len(data) < length:
            return 0, 0
        rows = {b"\x1bJ": 1, b"\x1bd": LINE_ROWS}.get(command, 0) * (data[2] if length > 2 else 0)
        self.rows += bytes(rows * self.width)
        return length, rows

    def _text(self, data: bytes) -> tuple[int, int]:
        """Process text mode: letters are stray bytes and not drawn; NUL does nothing, a line feed moves the paper."""
        if data[:1] == b"\0":
            return len(data) - len(data.lstrip(b"\0")), 0
        if data[:1] != b"\n":
            self.strays += data[:1]
            return 1, 0
        self.rows += bytes(LINE_ROWS * self.width)
        return 1, LINE_ROWS

    def _raster(self, data: bytes) -> tuple[int, int]:
        """Process GS v 0 m xL xH yL yH: the size of the picture that follows."""
        if len(data) < 8:
            return 0, 0
        self._row_bytes = int.from_bytes(data[4:6], "little")
        self._rows_left = int.from_bytes(data[6:8], "little")
        return 8, 0

    def _row(self, data: bytes) -> tuple[int, int]:
        """Burn one row of a picture; what is wider than the head is lost, as on paper."""
        if len(data) < self._row_bytes:
            return 0, 0
        self.rows += data[: min(self._row_bytes, self.width)].ljust(self.width, b"\0")
        self._rows_left -= 1
        return self._row_bytes, 1

    def _cut(self, data: bytes) -> tuple[int, int]:
        """Process GS V m, or GS V m n."""
        if len(data) < 3 or (data[2] >= 65 and len(data) < 4):
            return 0, 0
        self.cut()
        return (4 if data[2] >= 65 else 3), 0

    def _ask(self, data: bytes) -> tuple[int, int]:
        """Process GS r n, in its turn."""
        if len(data) < 3:
            return 0, 0
        self.answer(bytes((self.roll_status(),)))
        return 3, 0

    def _automatic(self, data: bytes) -> tuple[int, int]:
        """Process GS a n."""
        if len(data) < 3:
            return 0, 0
        self.watch(data[2])
        return 3, 0

    def lose_power(self) -> None:
        """Lose the picture that is being received."""
        self._rows_left = 0

    def cut(self) -> None:
        """Cut the paper: the burned rows become one paper."""
        if self.rows:
            self.papers.append(self.picture())
            self.rows = bytearray()

    def picture(self) -> Image.Image:
        """Return the rows that are not cut off yet, black on white."""
        size = (self.width * 8, len(self.rows) // self.width)
        dark = Image.frombytes("1", size, bytes(self.rows))
        return dark.convert("L").point([255] * 128 + [0] * 128, "1")
