"""Comparison of procedures with official texts: which facts a ward has compared, and what pages and papers may say.

Nothing is "đã đối chiếu" by default. The own result of a ward wins over those of other wards; where these disagree with
it, or with each other, the lead is asked (`Compared.question`). A result counts while the law is as on its day:
no document of the fact, or of the procedure's law line, has begun, ended or come into doubt since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.comparison.fact_contents import FORM, MEMORY, PRODUCT, FactContent, contents_of
from kiosk.context import Context
from kiosk.procedures.documents import Documents, is_changed_since
from kiosk.procedures.model import Procedure
from kiosk.records import comparisons, staff
from kiosk.records.comparisons import OWN, Comparison

CHECKED_AT_COUNTER = "cán bộ so với mẫu của phường khi nhận"
"""Foot of a form that no ward has compared: the officer at the counter compares it, and need not refuse the paper."""
NO_SHEET = "Bản khai tại kiosk, chưa theo mẫu"
"""For a form whose words nobody has seen."""
MAX_NAMES = 2
"""Names in "đã đối chiếu ngày ... (ai)"; more people are a number."""


@dataclass(frozen=True)
class Compared:
    """A fact with its results: the ward's own, and those imported for the same content."""

    fact: FactContent
    own: Comparison | None = None
    others: tuple[Comparison, ...] = ()
    is_changed: bool = False
    """An older content of this fact was compared, or this one under an older law; not as it is today."""
    is_lapsed: bool = False
    """This content was compared before one of its documents changed."""

    @property
    def standing(self) -> Comparison | None:
        """The result that counts: the own one, or else that of other wards where they agree."""
        if self.own is not None or self.question is not None:
            return self.own
        return self.others[-1] if self.others else None

    @property
    def result(self) -> str:
        """`same`, `differs`, or empty where nobody compared it or the lead is asked."""
        return self.standing.result if self.standing else ""

    @property
    def question(self) -> Comparison | None:
        """The newest result of another ward that differs from the own one, or from that of a third ward."""
        open_ones = [other for other in self.others if not other.is_settled]
        if self.own is not None:
            return next((other for other in reversed(open_ones) if other.result != self.own.result), None)
        return self.others[-1] if len({other.result for other in self.others}) > 1 else None


@dataclass(frozen=True)
class Summary:
    """A set of facts that were all compared: the last day, and by whom."""

    day: date
    names: tuple[str, ...]

    @property
    def who(self) -> str:
        """The names as one text."""
        shown = self.names[:MAX_NAMES]
        more = len(self.names) - len(shown)
        return ", ".join(shown) + (f" và {more} người khác" if more else "")


@dataclass(frozen=True)
class ProcedureComparison:
    """A procedure in one version with all its facts; `names` are those of the staff by code."""

    procedure: Procedure
    facts: tuple[Compared, ...]
    names: dict[str, str]

    @property
    def listed(self) -> tuple[Compared, ...]:
        """The facts that are counted: lines count with their form, and what rests on no text is not compared."""
        return tuple(item for item in self.facts if item.fact.kind != "line" and not rests_on_no_text(item.fact))

    @property
    def lines(self) -> tuple[Compared, ...]:
        """The lines of the form."""
        return tuple(item for item in self.facts if item.fact.kind == "line")

    @property
    def form(self) -> tuple[Compared, ...]:
        """The declaration as a whole and its lines."""
        return tuple(item for item in self.facts if item.fact.kind in {"form", "line"})

    @property
    def differing(self) -> tuple[Compared, ...]:
        """The facts and lines that differ from the official text."""
        return tuple(item for item in self.facts if item.result == "differs")

    @property
    def changed(self) -> tuple[Compared, ...]:
        """The facts with a new content since they were compared."""
        return tuple(item for item in self.listed if item.is_changed)

    @property
    def done(self) -> int:
        """The number of facts that are the same as in the official text."""
        return sum(is_same(self, item) for item in self.listed)

    def summary(self, facts: Iterable[Compared] | None = None) -> Summary | None:
        """Return when and by whom facts were compared; None unless all of them are the same.

        Args:
            facts: some facts of the procedure; by default all that are listed.
        """
        if facts is None and self.differing:
            return None
        items = self.listed if facts is None else tuple(facts)
        standing = [item.standing for item in items if item.standing and is_same(self, item)]
        if not standing or len(standing) < len(items):
            return None
        newest_first = sorted(standing, key=lambda comparison: comparison.at, reverse=True)
        names = dict.fromkeys(self.name_of(comparison) for comparison in newest_first)
        return Summary(clock.local(newest_first[0].at).date(), tuple(names))

    def name_of(self, comparison: Comparison) -> str:
        """Return who compared: the person's name, or the other ward."""
        if comparison.ward != OWN:
            return comparison.ward_name
        return self.names.get(comparison.actor, comparison.actor)


def rests_on_no_text(fact: FactContent) -> bool:
    """Return whether a fact is the product's own advice or form, which no official text can confirm."""
    return fact.seen == PRODUCT


def is_own_form(fact: FactContent) -> bool:
    """Return whether a fact is a form of the product's own making."""
    return fact.kind == "form" and rests_on_no_text(fact)


def is_same(state: ProcedureComparison, item: Compared) -> bool:
    """Return whether a fact is the same as in the official text; a form is not while one of its lines differs."""
    if item.fact.id == FORM and any(line.result == "differs" for line in state.lines):
        return False
    return item.result == "same"


def is_compared(state: ProcedureComparison) -> bool:
    """Return whether every fact of a procedure is the same as in the official text."""
    return state.summary() is not None


def load(context: Context, procedure: Procedure) -> ProcedureComparison:
    """Return the comparison of one version of a procedure."""
    with context.store.read() as db:
        rows = comparisons.of_procedure(db, procedure.code)
        return _state(procedure, rows, staff.names(db), _law_of(context))


def load_all(context: Context, db: Database) -> list[ProcedureComparison]:
    """Return the comparisons of all procedures in force today, by code."""
    rows = comparisons.of_all(db)
    names = staff.names(db)
    law = _law_of(context)
    procedures = context.catalogue.all(law.today)
    return [_state(procedure, rows.get(procedure.code, []), names, law) for procedure in procedures]


class _ProcedureKey:
    """A procedure as a cache key, by identity: its dicts have no hash, and the catalogue is immutable."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def __hash__(self) -> int:
        return id(self.procedure)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ProcedureKey) and other.procedure is self.procedure


@lru_cache(maxsize=128)
def _contents(key: _ProcedureKey, today: date) -> tuple[FactContent, ...]:
    # Digests of some 40 facts take 1.5 ms; each page before a form needs them.
    return contents_of(key.procedure, today)


@dataclass(frozen=True)
class LawOfDay:
    """The register of documents, and the day on which a page looks at it."""

    documents: Documents
    today: date

    def is_as_on(self, day: date, ids: Iterable[str]) -> bool:
        """Return whether the documents are today as they were on a day."""
        known = (self.documents[name] for name in ids if name in self.documents)
        return not any(is_changed_since(document, self.documents, day, self.today) for document in known)


def _law_of(context: Context) -> LawOfDay:
    return LawOfDay(context.catalogue.documents, context.clock.today())


def _state(
    procedure: Procedure, rows: Sequence[Comparison], names: dict[str, str], law: LawOfDay
) -> ProcedureComparison:
    facts = _contents(_ProcedureKey(procedure), law.today)
    present = {fact.digest for fact in facts}
    by_digest: dict[str, list[Comparison]] = {}
    for row in rows:
        by_digest.setdefault(row.digest, []).append(row)
    older = {row.fact for row in rows if row.digest not in present and row.ward == OWN}
    compared = []
    for fact in facts:
        stored = by_digest.get(fact.digest, [])
        ids = {*procedure.law, *fact.sources}
        valid = [row for row in stored if law.is_as_on(clock.local(row.at).date(), ids)]
        is_lapsed = not valid and any(row.ward == OWN for row in stored)
        compared.append(_compared(fact, valid, is_changed=is_lapsed or fact.id in older, is_lapsed=is_lapsed))
    return ProcedureComparison(procedure=procedure, facts=tuple(compared), names=names)


def _compared(fact: FactContent, rows: list[Comparison], *, is_changed: bool, is_lapsed: bool) -> Compared:
    own = next((row for row in rows if row.ward == OWN), None)
    return Compared(
        fact=fact,
        own=own,
        others=tuple(row for row in rows if row.ward != OWN),
        is_changed=not rows and is_changed,
        is_lapsed=is_lapsed,
    )


# --- sentences of papers; the citizen's page has its own, in two languages


def form_sentence(state: ProcedureComparison) -> str:
    """Return whether the printed declaration was compared, as the foot of the paper says it."""
    head = next((item.fact for item in state.facts if item.fact.id == FORM), None)
    if head is None:
        return ""
    if is_own_form(head):
        return f"{NO_SHEET}."
    summary = state.summary([item for item in state.listed if item.fact.id == FORM])
    if summary is None and head.seen == MEMORY:
        return f"{NO_SHEET}, phường chưa đối chiếu."
    return _sentence("Mẫu", summary, {head.seen}) if summary else f"Mẫu {origin({head.seen})}: {CHECKED_AT_COUNTER}."


def papers_sentence(state: ProcedureComparison) -> str:
    """Return whether the list of papers was compared, as its foot says it."""
    papers = [item for item in state.listed if item.fact.kind == "paper"]
    return _sentence("Danh sách", state.summary(papers), {item.fact.seen for item in papers}) if papers else ""


def _sentence(what: str, summary: Summary | None, seen: set[str]) -> str:
    if summary:
        return f"{what} đã đối chiếu ngày {summary.day:%d/%m/%Y} ({summary.who})."
    return f"{what} {origin(seen)}, phường chưa đối chiếu."


ORIGINS = {
    "official": "theo văn bản gốc",
    "official-copy": "theo bản chép văn bản gốc",
    "secondary": "theo nguồn thứ cấp",
}
"""Words for the grades of `seen`, the surest first."""


def origin(seen: set[str]) -> str:
    """Return where facts are from, in the words of the least sure one."""
    if not seen <= set(ORIGINS):
        return ORIGINS["secondary"]
    return next((words for grade, words in reversed(ORIGINS.items()) if grade in seen), ORIGINS["secondary"])


def shown_at(moment: datetime) -> str:
    """Return a time as "8:12 ngày 25/11/2026"."""
    local = clock.local(moment)
    return f"{local.hour}:{local:%M} ngày {local:%d/%m/%Y}"
