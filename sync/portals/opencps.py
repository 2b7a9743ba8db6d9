"""Adapter of OpenCPS v2, by e-form drop: a form is stored under an unguessable number, and an officer opens it there.

Storing is an upsert by `eFormNo`, open to anybody who knows the number: a case keeps its number through every
correction, and the number never comes from a counter. A status alone means nothing here: 203 is "not signed in", a
sign-in page comes with 200, a swallowed fault comes with 200 and empty fields, 403 is every other fault. So an e-form
counts as stored only when it can be read back. Files and events of the desk are not sent.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from sync import errors
from sync.parcel import Audit, Hello, Parcel, Payload, Presence, Receipt
from sync.portals.base import PortalOptions, StepRefused
from sync.portals.eforms import EFormCase, EFormSite
from sync.portals.http_client import HttpClient, HttpResponse, require_https, retry_after_seconds

DROP = "drop"
MAX_AUDITED = 20
_BYTES = 2 << 20
_NOT_TAKEN = "Cổng OpenCPS không nhận tờ khai này."
_NOT_SET_UP = "Thủ tục này chưa được khai báo với cổng OpenCPS."
_NO_ACTS = "Cổng OpenCPS không nhận việc của quầy từ máy này; cán bộ ghi tiếp trên OpenCPS."
# Texts of OpenCPS about the province's own set-up: a retry would get the same.
_FINAL = ("Cant find process", "No permission")


class OpenCps:
    """An OpenCPS at `url` (up to and with `/rest/v2`), https unless on this machine."""

    def __init__(self, url: str, site: EFormSite, http: HttpClient) -> None:
        require_https(url)
        self._url = url.rstrip("/")
        self._site = site
        self._http = http

    @property
    def epoch(self) -> str:
        """Return the name of the site: OpenCPS does not report that it was restored, so only an audit finds out."""
        return f"opencps-{self._site.group_id}"

    def hello(self) -> Hello:
        """Return a greeting; OpenCPS answers with one word, and its time is the Date header."""
        response = self._exchange("GET", "/ping")
        if response.status != 200 or response.body.strip() != b"ok":
            raise errors.Unsure("foreign answer")
        return Hello(
            epoch=self.epoch,
            server_time=_date(response),
            is_maintenance=False,
            batch_limit=1,
            bytes_limit=_BYTES,
            audit_limit=MAX_AUDITED,
        )

    def plan(self, payload: Payload) -> Sequence[str] | StepRefused:
        """Return the one step; an event, or a procedure without an e-form, is refused."""
        if not isinstance(payload, Parcel):
            return StepRefused("no-acts", _NO_ACTS, is_final=True)
        return (
            (DROP,) if _procedure(payload) in self._site.forms else StepRefused("no-eform", _NOT_SET_UP, is_final=True)
        )

    def do(self, payload: Payload, step: str, facts: Mapping[str, str]) -> str | StepRefused:
        """Store the form."""
        procedure = _procedure(payload)
        case = self._case(payload)
        form = self._site.forms[procedure]
        fields = {
            "eFormNo": case.number,
            "serviceInfoId": str(form.service),
            "fileTemplateNo": form.template,
            "eFormName": f"{procedure} {case.receipt_no}",
            "eFormData": payload.body.decode(),
            "email": "",
            "govAgencyCode": self._site.agency,
        }
        return _check_stored(self._exchange("POST", "/eforms", urlencode(fields).encode()), case.number)

    def verify(self, payload: Payload, step: str, facts: Mapping[str, str]) -> Presence:
        """Read back the form under the number."""
        case = self._case(payload)
        stored = self._stored(case.number)
        revision = "older" if stored is None else _compare_revision(stored, case)
        if revision == "newer" or stored == json.loads(payload.body):
            return "present"
        return "absent" if revision == "older" else "different"

    def receipt(self, payload: Payload, facts: Mapping[str, str]) -> Receipt:
        """Return a receipt whose note tells the officer the number, and the secret that OpenCPS made for it."""
        case = self._case(payload)
        note = f"mã tờ khai trên OpenCPS {case.number}"
        secret = self._secret(case.number)
        return Receipt(
            submission_id=payload.subject.id,
            digest=payload.digest,
            received_at="",
            revision=1,
            status_code=1,
            note=f"{note}, mã bí mật {secret}" if secret else note,
        )

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Read each of them back; of a corrected case OpenCPS has the latest revision."""
        missing = set()
        different = set()
        for subject, _ in known:
            case = self._site.case_of(subject)
            if case is None:
                continue
            stored = self._stored(case.number)
            revision = _compare_revision(stored, case) if stored is not None else "older"
            if revision == "older":
                missing.add(subject)
            elif revision == "foreign":
                different.add(subject)
        return Audit(self.epoch, frozenset(missing), frozenset(different))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _case(self, payload: Payload) -> EFormCase:
        case = self._site.case_of(payload.subject.id)
        if case is None:
            raise errors.NotSent("no case")
        return case

    def _stored(self, number: str) -> dict[str, Any] | None:
        """Return the data under a number; None when there is none."""
        response = self._exchange("GET", f"/eforms/{quote(number, safe='')}/data")
        if response.status == 204:
            return None
        stored = _object(response)
        if not stored:
            # OpenCPS keeps no empty form under a number of ours: another machine has answered.
            raise errors.Unsure("foreign answer")
        return stored

    def _secret(self, number: str) -> str:
        try:
            secret = _object(self._exchange("GET", f"/eforms/{quote(number, safe='')}")).get("secret")
        except errors.Unsure:
            return ""
        return secret if isinstance(secret, str) and len(secret) <= 16 and secret.isalnum() else ""

    def _exchange(self, method: str, path: str, content: bytes | None = None) -> HttpResponse:
        headers = {"Accept": "application/json", "groupId": str(self._site.group_id), "User-Agent": "ward-kiosk"}
        if content is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if self._site.account:
            headers["Authorization"] = "Basic " + base64.b64encode(self._site.account.encode()).decode()
        response = self._http.exchange(self._http.prepare(method, self._url + path, headers, content))
        if response.status in (203, 401):
            raise errors.NotKnown(str(response.status))
        if response.status == 413:
            raise errors.TooLarge("413")
        if response.status == 429 or (response.status == 503 and retry_after_seconds(response) is not None):
            raise errors.TooFast(str(response.status), retry_after_seconds(response))
        return response


def open_portal(options: PortalOptions) -> OpenCps:
    """Open the adapter of an OpenCPS.

    Raises:
        BadPortal: the e-forms of the ward are missing.
    """
    if options.eforms is None:
        raise errors.BadPortal("OpenCPS needs the e-forms of the ward")
    return OpenCps(options.url, options.eforms(), HttpClient(ca=options.ca, seconds=options.seconds))


def _procedure(payload: Payload) -> str:
    return str(json.loads(payload.body).get("procedureCode"))


def _date(response: HttpResponse) -> datetime:
    """Return the Date of a response, which every server with a clock must send."""
    try:
        at = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError as error:
        raise errors.Unsure("no date") from error
    if at.tzinfo is None:
        raise errors.Unsure("no date")
    return at


def _check_stored(response: HttpResponse, number: str) -> str | StepRefused:
    """Return "" when the response to an upsert echoes our number, else a refusal; reading back decides."""
    if response.status == 403:
        description = str(_object(response, 403).get("description"))
        return StepRefused("403", _NOT_TAKEN, is_final=any(text in description for text in _FINAL))
    echoed = _object(response).get("eFormNo")
    if echoed == number:
        return ""
    return StepRefused("not-echoed", _NOT_TAKEN, is_final=False)


def _object(response: HttpResponse, status: int = 200) -> dict[str, Any]:
    """Return a response that must be a JSON object; anything else (a page, a redirect, a fault) is `Unsure`."""
    if response.status != status:
        raise errors.Unsure(str(response.status))
    try:
        body = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise errors.Unsure("foreign answer") from error
    if not isinstance(body, dict):
        raise errors.Unsure("foreign answer")
    return body


def _compare_revision(stored: Mapping[str, Any], case: EFormCase) -> str:
    """Return whether the stored revision is the "same", "older" or "newer" than the case's, or of a "foreign" case."""
    revision = stored.get("revision")
    if stored.get("receiptNo") != case.receipt_no or not isinstance(revision, int):
        return "foreign"
    if revision == case.revision:
        return "same"
    return "older" if revision < case.revision else "newer"
