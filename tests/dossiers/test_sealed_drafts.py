"""Drafts are sealed with their id and open again after an upgrade."""

import json

import pytest

from kiosk.base.errors import SealBroken
from kiosk.dossiers import sealed_drafts
from kiosk.procedures.answers import Draft
from tests.journeys.walker import Walker

DRAFT = Draft(code="1.001193", version="1", answers={"place": "nhà"}, done=["child"])


def test_a_draft_opens_under_its_own_id_only(walker: Walker) -> None:
    body = sealed_drafts.seal(walker.context, "one", DRAFT)
    assert sealed_drafts.unseal(walker.context, "one", body) == DRAFT
    with pytest.raises(SealBroken):
        sealed_drafts.unseal(walker.context, "two", body)


def test_a_draft_of_a_release_with_more_fields_opens_without_them(walker: Walker) -> None:
    stored = json.dumps(DRAFT.as_json() | {"lacking": ["birth-certificate"]}).encode()
    body = walker.context.vault.seal(sealed_drafts.VAULT_PURPOSE, "one", stored)
    assert sealed_drafts.unseal(walker.context, "one", body) == DRAFT
