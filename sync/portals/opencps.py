"""OpenCPS v2, e-form drop: a form is laid down under a number that nobody can guess, and the officer calls it up.

Laying down is an upsert by ``eFormNo``, open to anybody who knows the number: it keeps its number through every
correction, and is never made of a counter. A status alone means nothing here: 203 is "not signed in", a sign-in page
comes with 200, a fault that was swallowed comes with 200 and empty fields, 403 is every other fault. So an e-form
counts as laid down only when it can be read back. No files and no acts of the desk go this way.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from sync import errors
from sync.parcel import Audit, Hello, Load, Parcel, Presence, Receipt
from sync.portals.base import PortalOptions, StepRefused
from sync.portals.eforms import EFormCase, EFormSite
from sync.portals.http_client import HttpClient, HttpResponse, require_https, retry_after_seconds

DROP = "drop"
MAX_AUDITED = 20
_BYTES = 2 << 20
_NOT_TAKEN = "Cổng OpenCPS không nhận tờ khai này."
_NOT_SET_UP = "Thủ tục này chưa được khai báo với cổng OpenCPS."
_NO_ACTS = "Cổng OpenCPS không nhận việc của quầy từ máy này; cán bộ ghi tiếp trên OpenCPS."
# What is said of a province's own set-up, word for word: it will be the same the next time.
_FINAL = ("Cant find process", "No permission")


class OpenCps:
    """An OpenCPS at ``url`` (up to and with ``/rest/v2``), https unless on this machine."""

    def __init__(self, url: str, site: EFormSite, wire: HttpClient) -> None:
        require_https(url)
        self._url = url.rstrip("/")
        self._site = site
        self._wire = wire

    @property
    def epoch(self) -> str:
        """Name the place: OpenCPS tells nobody that it was restored, so nothing but an audit finds out."""
        return f"opencps-{self._site.group_id}"

    def hello(self) -> Hello:
        """Ask whether OpenCPS is there; one word is its whole greeting."""
        answer = self._ask("GET", "/ping")
        if answer.status != 200 or answer.body.strip() != b"ok":
            raise errors.Unsure("foreign answer")
        return Hello(
            self.epoch,
            _dated(answer),
            is_maintenance=False,
            batch_limit=1,
            bytes_limit=_BYTES,
            audit_limit=MAX_AUDITED,
        )

    def plan(self, load: Load) -> Sequence[str] | StepRefused:
        """Name the one step; an act of the desk, or a form that the province was not told of, has none."""
        if not isinstance(load, Parcel):
            return StepRefused("no-acts", _NO_ACTS, is_final=True)
        return (DROP,) if _procedure(load) in self._site.forms else StepRefused("no-eform", _NOT_SET_UP, is_final=True)

    def do(self, load: Load, step: str, facts: Mapping[str, str]) -> str | StepRefused:  # noqa: ARG002 - there is one step
        """Lay the form down."""
        procedure, case = _procedure(load), self._case(load)
        form = self._site.forms[procedure]
        said = {
            "eFormNo": case.number,
            "serviceInfoId": str(form.service),
            "fileTemplateNo": form.template,
            "eFormName": f"{procedure} {case.receipt_no}",
            "eFormData": load.body.decode(),
            "email": "",
            "govAgencyCode": self._site.agency,
        }
        return _laid_down(self._ask("POST", "/eforms", urlencode(said).encode()), case.number)

    def verify(self, load: Load, step: str, facts: Mapping[str, str]) -> Presence:  # noqa: ARG002
        """Read back what stands under the number."""
        case = self._case(load)
        stored = self._stored(case.number)
        stands = "older" if stored is None else _stands(stored, case)
        if stands == "newer" or stored == json.loads(load.body):
            return "present"
        return "absent" if stands == "older" else "different"

    def receipt(self, load: Load, facts: Mapping[str, str]) -> Receipt:  # noqa: ARG002
        """Say what the officer has to know: the number, and the secret that OpenCPS made for it."""
        case = self._case(load)
        note = f"mã tờ khai trên OpenCPS {case.number}"
        secret = self._secret(case.number)
        return Receipt(
            submission_id=load.subject.id,
            digest=load.digest,
            received_at="",
            revision=1,
            status_code=1,
            note=f"{note}, mã bí mật {secret}" if secret else note,
        )

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Read each of them back; what was corrected stands there in its latest revision."""
        missing, different = set(), set()
        for subject, _ in known:
            case = self._site.case_of(subject)
            if case is None:
                continue
            stored = self._stored(case.number)
            stands = _stands(stored, case) if stored is not None else "older"
            if stands == "older":
                missing.add(subject)
            elif stands == "foreign":
                different.add(subject)
        return Audit(self.epoch, frozenset(missing), frozenset(different))

    def close(self) -> None:
        """Let go of the line."""
        self._wire.close()

    def _case(self, load: Load) -> EFormCase:
        case = self._site.case_of(load.subject.id)
        if case is None:
            raise errors.NotSent("no case")
        return case

    def _stored(self, number: str) -> dict[str, Any] | None:
        """Read the data under a number; None when there is none."""
        answer = self._ask("GET", f"/eforms/{quote(number, safe='')}/data")
        if answer.status == 204:
            return None
        found = _object(answer)
        if not found:
            # OpenCPS keeps no empty form under a number of ours: somebody else has answered.
            raise errors.Unsure("foreign answer")
        return found

    def _secret(self, number: str) -> str:
        try:
            secret = _object(self._ask("GET", f"/eforms/{quote(number, safe='')}")).get("secret")
        except errors.Unsure:
            return ""
        return secret if isinstance(secret, str) and len(secret) <= 16 and secret.isalnum() else ""

    def _ask(self, method: str, path: str, content: bytes | None = None) -> HttpResponse:
        headers = {"Accept": "application/json", "groupId": str(self._site.group_id), "User-Agent": "ward-kiosk"}
        if content is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if self._site.account:
            headers["Authorization"] = "Basic " + base64.b64encode(self._site.account.encode()).decode()
        answer = self._wire.exchange(self._wire.prepare(method, self._url + path, headers, content))
        if answer.status in (203, 401):
            raise errors.NotKnown(str(answer.status))
        if answer.status == 413:
            raise errors.TooLarge("413")
        if answer.status == 429 or (answer.status == 503 and retry_after_seconds(answer) is not None):
            raise errors.TooFast(str(answer.status), retry_after_seconds(answer))
        return answer


def open_portal(options: PortalOptions) -> OpenCps:
    """Open the adapter of an OpenCPS.

    Raises:
        BadPortal: the e-forms of the ward are missing.
    """
    if options.eforms is None:
        raise errors.BadPortal("OpenCPS needs the e-forms of the ward")
    return OpenCps(options.url, options.eforms(), HttpClient(ca=options.ca, seconds=options.seconds))


def _procedure(load: Load) -> str:
    return str(json.loads(load.body).get("procedureCode"))


def _dated(answer: HttpResponse) -> datetime:
    """Read when an answer was given; Unsure when it does not say so, as every server with a clock must."""
    try:
        at = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError as error:
        raise errors.Unsure("no date") from error
    if at.tzinfo is None:
        raise errors.Unsure("no date")
    return at


def _laid_down(answer: HttpResponse, number: str) -> str | StepRefused:
    """Say whether an answer to an upsert echoes our number; anything else is settled by reading back."""
    if answer.status == 403:
        said = str(_object(answer, 403).get("description"))
        return StepRefused("403", _NOT_TAKEN, is_final=any(word in said for word in _FINAL))
    echoed = _object(answer).get("eFormNo")
    if echoed == number:
        return ""
    return StepRefused("not-echoed", _NOT_TAKEN, is_final=False)


def _object(answer: HttpResponse, status: int = 200) -> dict[str, Any]:
    """Read an answer that must be a JSON object; Unsure when it is a page, a redirect or a fault."""
    if answer.status != status:
        raise errors.Unsure(str(answer.status))
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise errors.Unsure("foreign answer") from error
    if not isinstance(found, dict):
        raise errors.Unsure("foreign answer")
    return found


def _stands(stored: Mapping[str, Any], case: EFormCase) -> str:
    """Tell how what is stored stands to a submission: "same", "older" or "newer" revision of its case, "foreign"."""
    revision = stored.get("revision")
    if stored.get("receiptNo") != case.receipt_no or not isinstance(revision, int):
        return "foreign"
    if revision == case.revision:
        return "same"
    return "older" if revision < case.revision else "newer"
