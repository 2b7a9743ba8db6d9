"""The gateway, asked by Schemathesis: requests that the contract allows and forbids, signed by an enrolled kiosk."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
import requests
import schemathesis
from http_message_signatures import HTTPMessageSignaturesException
from hypothesis import HealthCheck, Phase, assume, settings
from schemathesis.specs.openapi import checks

from sync import signature
from tests.sync.contract_checks import envelope, send
from tests.sync.practice_gateway import Kiosk, PracticeGateway

pytest_plugins = ["schemathesis.pytest.plugin"]
contract = schemathesis.openapi.from_path("docs/kiosk-sync-1.yaml")

# Every request is signed here, and the contract lets both sides ignore unknown members and headers.
OTHER_RULES = [
    checks.ignored_auth,
    checks.missing_required_header,
    checks.negative_data_rejection,
    checks.positive_data_acceptance,
]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeGateway]:
    practice = PracticeGateway(tmp_path_factory.mktemp("contract"))
    kiosk = practice.enrolled_kiosk(seconds=60)
    send(kiosk, envelope(kiosk))
    yield practice
    practice.close()


@contract.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_of_the_contract(practice: PracticeGateway, case: schemathesis.Case) -> None:
    assume(all(value.isprintable() for value in case.headers.values()))  # HTTP itself refuses control characters
    kiosk = practice.kiosks[0]
    if case.path == "/kiosks":
        practice.sql("delete from enrolment_tries")
        if isinstance(case.body, dict) and "publicKey" in case.body:
            case.body["publicKey"] = signature.to_base64url(signature.public_key(kiosk.identity.seed))
    case.validate_response(send_signed(kiosk, case), excluded_checks=OTHER_RULES)


def send_signed(kiosk: Kiosk, case: schemathesis.Case) -> requests.Response:
    """Send a generated request, signed; unsigned if it lacks a header that a signature has to cover."""
    parts = case.as_transport_kwargs(base_url=kiosk.portal._url)
    wanted = ("method", "url", "headers", "params", "data", "json", "cookies")
    request = requests.Request(**{name: parts[name] for name in wanted if name in parts}).prepare()
    content = request.body.encode() if isinstance(request.body, str) else request.body
    if content is None and request.method in ("POST", "PATCH", "PUT"):
        content = b""
    created = kiosk.portal._now()
    with suppress(HTTPMessageSignaturesException):
        signature.sign(request, kiosk.identity.seed, content=content, created=created, nonce=kiosk.identity.nonce())
    with requests.Session() as session:
        return session.send(request, timeout=60, allow_redirects=False)
