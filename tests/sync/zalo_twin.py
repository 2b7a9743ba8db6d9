"""Twin of Zalo ZNS, as its adapter expects it; never compared with Zalo.

A refresh token works once. Faults: those of the line, errors inside a 200 (`template`, `quota`, `no-zalo`, `maybe`),
and `expired`: the access token ends before the request.
"""

import json
from pathlib import Path
from urllib.parse import urlsplit

from sync.gateway.message_port import OCCASIONS
from sync.gateway.targets.twin import LINE_FAULTS, TwinAnswer, TwinFaults, TwinRequest, TwinServer, TwinState

ERRORS = {"template": -131, "quota": -144, "no-zalo": -118, "maybe": -100}
FAULTS = (*LINE_FAULTS, *ERRORS, "expired")
_SECRET = "khoa-cua-ban-tap"
_FIRST = "first"
_TABLES = {"told": "tracking_id text, phone text, content text", "tokens": "access text, refresh text, used int"}


class ZaloTwin:
    """Zalo, its state and its faults."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.state = TwinState(folder / "zalo-twin.db", _TABLES)
        self.faults_ahead = TwinFaults(FAULTS)
        with self.state.write() as db:
            if db.execute("select 1 from tokens").fetchone() is None:
                db.execute("insert into tokens values ('', ?, 0)", [_FIRST])
        self.server = TwinServer(self)

    def settings_file(self) -> Path:
        """Write a settings file for this twin, with its secrets beside it, and return its path."""
        secret = self._folder / "zalo.secret"
        secret.write_text(_SECRET, encoding="utf-8")
        refresh = self._folder / "zalo.refresh"
        refresh.write_text(_FIRST, encoding="utf-8")
        lines = [
            'app_id = "tap"',
            f"secret_file = {json.dumps(str(secret))}",
            f"refresh_token_file = {json.dumps(str(refresh))}",
            f'url = "{self.server.url}"',
            f'token_url = "{self.server.url}"',
            "[templates]",
            *(f'{occasion} = "t-{occasion}"' for occasion in OCCASIONS),
        ]
        path = self._folder / "zalo.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def told(self) -> list[tuple[str, str, str]]:
        """Return what reached phones: tracking id, number, and the request."""
        with self.state.write() as db:
            return [tuple(row) for row in db.execute("select * from told order by rowid")]

    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""
        return "token" if urlsplit(request.path).path == "/v4/oa/access_token" else "message"

    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request; every answer is 200."""
        if self.kind_of(request) == "token":
            return self._refresh(request)
        with self.state.write() as db:
            if fault == "expired":
                db.execute("update tokens set access = ''")
            access = request.headers.get("access_token", "")
            known = db.execute("select 1 from tokens where access = ? and access <> ''", [access]).fetchone()
            if known is None:
                return TwinAnswer({"error": -124, "message": "Access token invalid"})
            if fault in ERRORS:
                return TwinAnswer({"error": ERRORS[fault], "message": fault})
            body = request.body
            content = json.dumps(body, ensure_ascii=False)
            db.execute("insert into told values (?, ?, ?)", [body["tracking_id"], body["phone"], content])
        return TwinAnswer({"error": 0, "message": "Success", "data": {"msg_id": f"m-{body['tracking_id']}"}})

    def _refresh(self, request: TwinRequest) -> TwinAnswer:
        with self.state.write() as db:
            refresh = request.form.get("refresh_token", "")
            is_unused = db.execute("select 1 from tokens where refresh = ? and used = 0", [refresh]).fetchone()
            if is_unused is None or request.headers.get("secret_key") != _SECRET:
                return TwinAnswer({"error": -14014, "error_name": "Invalid refresh token."})
            count = db.execute("select count(*) from tokens").fetchone()[0]
            pair = [f"access-{count}", f"refresh-{count}"]
            db.execute("update tokens set used = 1, access = ''")
            db.execute("insert into tokens values (?, ?, 0)", pair)
        return TwinAnswer({"access_token": pair[0], "refresh_token": pair[1], "expires_in": "90000"})

    def close(self) -> None:
        """Stop answering."""
        self.server.close()
