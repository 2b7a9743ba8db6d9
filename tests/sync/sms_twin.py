"""Twin of two SMS providers, as the sample files of docs/gateway.md describe them; never compared with them.

`esms` refuses a second request with the same `RequestId`; `speedsms` takes every request and knows no id. Faults: those
of the line, and the codes `balance` and `blocked`.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from sync.gateway.targets.twin import LINE_FAULTS, TwinAnswer, TwinFaults, TwinRequest, TwinServer, TwinState

GUIDE = Path("docs/gateway.md")
SHAPES = ("esms", "speedsms")
CODES = {"balance": "103", "blocked": "99", "new-code": "871"}
_SECRET = "khoa-cua-ban-tap"


def sample(shape: str) -> str:
    """Return the sample file of a provider from the guide."""
    return next(
        text for text in re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S) if shape in text
    )


class SmsTwin:
    """A provider, its state and its faults."""

    def __init__(self, folder: Path, shape: str) -> None:
        self._folder = folder
        self._shape = shape
        self._sample = sample(shape)
        self.state = TwinState(folder / "sms-twin.db", {"told": "id text, phone text, words text"})
        self.faults_ahead = TwinFaults((*LINE_FAULTS, *CODES))
        self.server = TwinServer(self)

    def settings_file(self, *, refuses_same_id: bool = True) -> Path:
        """Write the sample with the address of this twin and its secrets, and return its path."""
        text = re.sub(r'^url = "https://[^/]*', f'url = "{self.server.url}', self._sample, flags=re.M)
        for name in tomllib.loads(text)["secrets"].values():
            secret = self._folder / Path(name).name
            secret.write_text(_SECRET + "\n", encoding="utf-8")
            text = text.replace(name, str(secret))
        if not refuses_same_id:
            text = text.replace("refuses_same_id = true", "refuses_same_id = false")
        path = self._folder / "sms.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def told(self) -> list[tuple[str, str]]:
        """Return what reached phones: number and words."""
        with self.state.write() as db:
            return [tuple(row) for row in db.execute("select phone, words from told order by rowid")]

    def kind_of(self, _request: TwinRequest) -> str:
        """Return the kind of a request."""
        return "message"

    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request; every answer is 200."""
        if fault in CODES:
            return TwinAnswer({"CodeResult": CODES[fault], "code": CODES[fault], "status": "error"})
        return self._esms(request.body) if self._shape == "esms" else self._speedsms(request)

    def _esms(self, body: dict[str, Any]) -> TwinAnswer:
        if (body["ApiKey"], body["SecretKey"]) != (_SECRET, _SECRET):
            return TwinAnswer({"CodeResult": "101", "ErrorMessage": "Authorize Failed"})
        with self.state.write() as db:
            if db.execute("select 1 from told where id = ?", [body["RequestId"]]).fetchone():
                return TwinAnswer({"CodeResult": "124", "ErrorMessage": "Request exist", "SendStatus": "5"})
            db.execute("insert into told values (?, ?, ?)", [body["RequestId"], body["Phone"], body["Content"]])
        return TwinAnswer({"CodeResult": "100", "CountRegenerate": 0, "SMSID": "s-1"})

    def _speedsms(self, request: TwinRequest) -> TwinAnswer:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers.get("authorization") != f"Basic {_SECRET}":
            return TwinAnswer({"status": "error", "code": "101"})
        with self.state.write() as db:
            db.execute("insert into told values ('', ?, ?)", [request.body["to"][0], request.body["content"]])
        return TwinAnswer({"status": "success", "code": "00", "data": {"tranId": 1, "invalidPhone": []}})

    def close(self) -> None:
        """Stop answering."""
        self.server.close()
