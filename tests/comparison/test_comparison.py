from datetime import UTC, datetime

import pytest

from kiosk import comparison
from kiosk.comparison import ProcedureComparison
from kiosk.procedures.documents import shipped_documents
from kiosk.records.comparisons import OWN, Comparison
from tests.procedures.texts import DAY, procedure

OFFICIAL = "theo văn bản gốc"
COPIED = "theo bản chép văn bản gốc"
SECONDARY = "theo nguồn thứ cấp"


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({"official"}, OFFICIAL),
        ({"official", "official-copy"}, COPIED),
        ({"official", "secondary"}, SECONDARY),
        ({"official-copy", "secondary"}, SECONDARY),
        ({"official", "memory"}, SECONDARY),
        (set(), SECONDARY),
    ],
)
def test_a_paper_names_the_least_sure_source_of_its_facts(seen: set[str], words: str) -> None:
    assert comparison.origin(seen) == words


def _compared_before(ward: str) -> ProcedureComparison:
    """Return the comparison of a procedure whose first fact had another content when a ward compared it."""
    form = procedure("1.004194")
    fact = comparison._contents(comparison._ProcedureKey(form), DAY)[0]
    row = Comparison(
        procedure=form.code,
        digest="of another content",
        fact=fact.id,
        result="same",
        actor="CB01",
        at=datetime(2026, 11, 1, tzinfo=UTC),
        ward=ward,
    )
    return comparison._state(form, [row], {}, comparison.LawOfDay(shipped_documents(), DAY))


def test_only_the_own_comparison_of_an_older_content_counts_as_changed() -> None:
    assert len(_compared_before(OWN).changed) == 1
    assert _compared_before("H57.99.02").changed == ()
