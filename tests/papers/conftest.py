"""A context with the procedure catalogue, and a fixture that submits a form."""

from typing import Any

import pytest

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.scanner import CardInbox
from kiosk.dossiers import filing
from kiosk.dossiers.filing import FilingResult
from kiosk.procedures.answers import complete
from kiosk.procedures.loader import read_catalogue
from kiosk.store.db import Store
from kiosk.store.vault import Vault
from tests.papers.forms import HandIn, made_up_answers


@pytest.fixture
def context(config: Config, store: Store, vault: Vault, clock: FixedClock) -> Context:
    return Context(
        config=config, store=store, vault=vault, catalogue=read_catalogue(), clock=clock, card_inbox=CardInbox()
    )


@pytest.fixture
def hand_in(context: Context) -> HandIn:
    """Return a function that submits a form: `hand_in(code, key=value, ...)`; None deletes an answer."""

    def submit(code: str, **changed: Any) -> FilingResult:
        procedure = context.catalogue.in_force(code, context.clock.today())
        assert procedure is not None
        given = made_up_answers(procedure) | changed
        given = {key: value for key, value in given.items() if value is not None}
        answers = complete(procedure, given, office=context.office, today=context.clock.today())
        with context.store.write() as db:
            return filing.file_submission(
                db, context, submission_id=codes.new_id(), procedure=procedure, answers=answers
            )

    return submit
