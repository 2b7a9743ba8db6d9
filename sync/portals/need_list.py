"""List of what the procedures of a ward need, for the pages of the gateway that anybody reads at home.

A kiosk computes it from its files: the questions of each procedure, and what is needed for each combination of answers.
So a gateway has no rules of its own. It has nothing about a person, neither a citizen nor an officer.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sync.encoding import canonical_json, sha256_hex

PaperUse = Literal["hand-in", "show", "sign"]
FactKind = Literal["time", "fee", "each", "note"]


@dataclass(frozen=True, kw_only=True)
class NeedOption:
    """An answer to a question."""

    id: str
    label: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class NeedQuestion:
    """A question that decides which papers are needed."""

    key: str
    ask: str
    options: tuple[NeedOption, ...]


@dataclass(frozen=True, kw_only=True)
class NeedPaper:
    """A paper: what happens with it, its name, how to bring it, and what spares it or its certification."""

    use: PaperUse
    name: str
    note: str
    spared: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, kw_only=True)
class NeedFact:
    """A sentence about time, a fee, a fee of each copy, or something else; `lead` is printed bold."""

    kind: FactKind
    lead: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NeedResult:
    """What is needed for some answers.

    Attributes:
        papers: places in the procedure's papers.
        facts: places in its facts.
        notes: sentences about this situation.
        elsewhere: what to do where the kiosk's form does not handle the situation; empty where it does.
        other: code of the procedure that handles it then; empty: an officer.
    """

    papers: tuple[int, ...]
    facts: tuple[int, ...]
    notes: tuple[str, ...]
    elsewhere: str
    other: str


@dataclass(frozen=True, kw_only=True)
class NeedCase:
    """A combination of answers, one option id for each question, and the place of its result."""

    answers: tuple[str, ...]
    result: int


@dataclass(frozen=True, kw_only=True)
class NeedProcedure:
    """A procedure.

    Attributes:
        code: its code.
        name: its short name.
        line: what it is, in one line.
        group: the life event that it is listed under.
        opening: a sentence before everything else, where a bare list would be unkind.
        first: what has to be known before the questions.
        questions: the questions, in order.
        papers: all papers that a result may name.
        facts: all facts that a result may name.
        results: the different results.
        cases: the result of each combination of answers; one without answers where nothing is asked.
        law: the documents that it rests on.
        compared: whether the ward has compared it with them, without names.
    """

    code: str
    name: str
    line: str
    group: str
    opening: str
    first: tuple[NeedFact, ...]
    questions: tuple[NeedQuestion, ...]
    papers: tuple[NeedPaper, ...]
    facts: tuple[NeedFact, ...]
    results: tuple[NeedResult, ...]
    cases: tuple[NeedCase, ...]
    law: str
    compared: str


@dataclass(frozen=True, kw_only=True)
class NeedList:
    """The procedures of a ward; `content` is the version of their files."""

    unit: str
    content: str
    procedures: tuple[NeedProcedure, ...]


def encode(need_list: NeedList) -> dict[str, Any]:
    """Return a list as the body of PUT /need-list."""
    members = asdict(need_list)
    return {"unitCode": members.pop("unit"), **members}


def digest(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a body, by which both sides tell whether the gateway has it."""
    return sha256_hex(canonical_json(body))


def decode(body: Mapping[str, Any]) -> NeedList:
    """Return a list from a body that the contract's schema allows, without members that it does not know."""
    return NeedList(
        unit=body["unitCode"],
        content=body["content"],
        procedures=tuple(_procedure(item) for item in body["procedures"]),
    )


def _procedure(item: Mapping[str, Any]) -> NeedProcedure:
    return NeedProcedure(
        code=item["code"],
        name=item["name"],
        line=item["line"],
        group=item["group"],
        opening=item["opening"],
        first=tuple(_fact(fact) for fact in item["first"]),
        questions=tuple(_question(question) for question in item["questions"]),
        papers=tuple(_paper(paper) for paper in item["papers"]),
        facts=tuple(_fact(fact) for fact in item["facts"]),
        results=tuple(_result(result) for result in item["results"]),
        cases=tuple(NeedCase(answers=tuple(case["answers"]), result=case["result"]) for case in item["cases"]),
        law=item["law"],
        compared=item["compared"],
    )


def _question(item: Mapping[str, Any]) -> NeedQuestion:
    options = (NeedOption(id=each["id"], label=each["label"], hint=each["hint"]) for each in item["options"])
    return NeedQuestion(key=item["key"], ask=item["ask"], options=tuple(options))


def _paper(item: Mapping[str, Any]) -> NeedPaper:
    return NeedPaper(
        use=item["use"],
        name=item["name"],
        note=item["note"],
        spared=tuple(item["spared"]),
        optional=item["optional"],
    )


def _fact(item: Mapping[str, Any]) -> NeedFact:
    return NeedFact(kind=item["kind"], lead=item["lead"], text=item["text"])


def _result(item: Mapping[str, Any]) -> NeedResult:
    return NeedResult(
        papers=tuple(item["papers"]),
        facts=tuple(item["facts"]),
        notes=tuple(item["notes"]),
        elsewhere=item["elsewhere"],
        other=item["other"],
    )
