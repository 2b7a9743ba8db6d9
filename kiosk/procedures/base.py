"""Base of the procedure file format: the origin of a fact, a text in the languages of the screen, a condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from kiosk.base.i18n import own_text

Answers = Mapping[str, Any]

Seen = Literal["official", "official-copy", "secondary", "memory", "product"]
"""How a fact was checked; `product`: advice of the product, for which there is no document."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A value with its origin: each fee, time, paper, check, note, declaration, line and place rule is one."""

    sources: tuple[str, ...] = ()
    """Ids of documents (documents.py)."""
    article: str = ""
    """Place in the document: "Điều 6.1"."""
    seen: Seen | None = None
    """A time, fee, paper, check, note and declaration must say it; a line has that of its declaration. None: memory."""


@dataclass(frozen=True)
class Words:
    """One text in the languages of the screen; `more` has those besides Vietnamese and English, by code."""

    vi: str
    en: str
    more: Mapping[str, str] = field(default_factory=dict, hash=False)

    def of(self, lang: str) -> str:
        """Return the text of a language: of the file, of the ward's own languages, or else English."""
        if lang == "vi":
            return self.vi
        return self.more.get(lang) or own_text(lang, self.vi) or self.en


@dataclass(frozen=True)
class Condition:
    """`{key, is | in | not | not_in | has | age_under | age_at_least | days_over | days_at_most | answered}`.

    All conditions of a list must hold. `key` may be `group.part`, and `place.ward` or `place.province`, whose answers
    are codes. `{any = [...]}` has no key and holds when one of its conditions holds.
    """

    key: str = ""
    is_: Any = None
    in_: tuple[Any, ...] = ()
    not_: Any = None
    not_in: tuple[Any, ...] = ()
    has: Any = None
    """Option id that a multichoice answer contains."""
    age_under: int | None = None
    age_at_least: int | None = None
    days_over: int | None = None
    """The date is more than so many days ago (a late declaration)."""
    days_at_most: int | None = None
    """The date is so many days ago, or fewer, or in the future."""
    answered: bool | None = None
    """True: `key` has an answer; False: it has none."""
    any_: tuple["Condition", ...] = ()


When = tuple[Condition, ...]
