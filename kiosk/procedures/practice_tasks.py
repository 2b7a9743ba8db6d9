"""Tasks of practice beside the live kiosk: a story, made-up cards, and what to fill in on each page.

The texts are in reference_data/practice_tasks.toml, in both languages of the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from kiosk.vietnam import id_card
from kiosk.vietnam.id_card import PracticeCode
from kiosk.vietnam.reference_data import read


@dataclass(frozen=True)
class TaskFact:
    """Facts of the story for one step of the form."""

    step: str
    vi: str
    en: str


@dataclass(frozen=True)
class PracticeTask:
    """A task: the procedure that it practises, its situation, and the answers by which its result is judged.

    `names` are the names to be typed by answer key, `dates` the paths of the dates to be typed.
    """

    key: str
    procedure: str
    icon: str
    minutes: int
    vi: str
    en: str
    about: str
    about_en: str
    story: str
    story_en: str
    cards: tuple[str, ...]
    situation: Mapping[str, str]
    names: Mapping[str, str]
    dates: tuple[str, ...]
    facts: tuple[TaskFact, ...] = field(default=())

    def title(self, lang: str) -> str:
        """Return the title."""
        return self.en if lang == "en" else self.vi

    def made_up_cards(self) -> list[PracticeCode]:
        """Return the made-up cards of the story."""
        return [card for card in id_card.practice_cards() + id_card.practice_codes() if card.key in self.cards]


@cache
def practice_tasks() -> tuple[PracticeTask, ...]:
    """Return the tasks, in their order."""
    tasks = []
    for row in read("practice_tasks.toml")["task"]:
        facts = tuple(TaskFact(**fact) for fact in row["facts"])
        cards = tuple(row["cards"])
        tasks.append(PracticeTask(**row | {"facts": facts, "cards": cards, "dates": tuple(row["dates"])}))
    return tuple(tasks)


def find_task(key: str) -> PracticeTask | None:
    """Return a task by its key."""
    return next((task for task in practice_tasks() if task.key == key), None)


def fill_story(text: str, today: date, ward: str) -> str:
    """Return a text of a task with its days and its ward."""
    days = {"born": today - timedelta(days=10), "from": today, "until": today + timedelta(days=364)}
    return text.format(ward=ward[:1].lower() + ward[1:], **{name: f"{day:%d/%m/%Y}" for name, day in days.items()})
