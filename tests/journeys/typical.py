"""The typical case of each procedure, walked page by page with cards or without, and what hands do on the way.

`typical.toml` says what somebody answers; what the form wants besides is a sample. Only what a page offers is touched.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, with_situations
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.journey import FormPage
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import id_card
from tests.journeys.people import hand_in, settled
from tests.journeys.walker import Walker, line_of
from tests.procedures.walking import posted

CASES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
TODAY = date(2026, 11, 24)
ELSEWHERE = ("phu xuan", "Tổ 5")
"""What is typed to find a home that no button offers, and the line before its ward."""


@dataclass(frozen=True)
class Count:
    """What a case costs: distinct addresses from what you need to the check page, touches, typed characters."""

    screens: int
    touches: int
    letters: int


class Case:
    """One typical case on its way through the pages."""

    def __init__(self, walker: Walker, code: str, *, cards: bool) -> None:
        self.walker, self.code, self.cards = walker, code, cards
        self.case = CASES[code]
        found = walker.context.catalogue.in_force(code, TODAY)
        assert found is not None
        self.procedure: Procedure = found
        self.form = Draft(code, found.version, answers=dict(self.case.get("need", {})))

    def walk(self) -> Count:
        """Walk to the done page; return what it took."""
        walker = self.until_check()
        screens = walker.addresses[walker.addresses.index(f"/need/{self.code}") :]
        hand_in(walker)
        assert walker.at == "/done", walker.words[:300]
        own = [one for one in screens if "/pick/" not in one]
        return Count(len(own), walker.touches, walker.letters)

    def until_check(self) -> Walker:
        """Walk to the page to read over."""
        walker = self.walker.go(f"/need/{self.code}").fill(self.case.get("need", {}))
        for _ in range(60):
            if walker.at in {"/form/missing", "/form/check"}:
                break
            self._page()
        if walker.at == "/form/missing":
            walker.touch("/form/check")
        assert walker.at == "/form/check", f"{self.code} stays at {walker.at}: {walker.words[:600]}"
        return walker

    def _page(self) -> None:
        walker, before = self.walker, self.walker.page
        step_id, _, part = walker.at.removeprefix("/form/").partition(".")
        page = FormPage(self.procedure.by_step[step_id], part)
        if 'data-poll="' in walker.page:
            self._person(page)
        elif page.step.rows and not part and not self.form.get(page.step.rows):
            self._rows(page)
        else:
            self._answer(page)
        assert walker.page != before, f"{self.code} goes round at {walker.at}: {walker.words[:600]}"

    def _person(self, page: FormPage) -> None:
        card = self.case["cards"][page.step.id]
        person = journey.person_on(self.procedure, page)
        assert person is not None
        if card == "same":
            self.walker.press("same")
            self.form.answers |= dict(person.same_sets)
            return
        read = id_card.parse(line_of(card), TODAY)
        assert isinstance(read, id_card.Card)
        paper = {"loai": "can_cuoc", "so": read.id_number}
        told = {"full_name": read.full_name, "date_of_birth": read.date_of_birth, "sex": read.sex, "id": paper}
        for name, key in person.fills.items():
            item = self.procedure.by_key.get(key)
            if item and name in told:
                is_number = item.kind == "id_number"
                self.form.put(key, read.id_number if is_number else told[name])
        self.walker.scan(card) if self.cards else self.walker.press("by-hand")

    def _rows(self, page: FormPage) -> None:
        """Touch what is to be listed; own rows of people stay empty in a typical case."""
        wanted = self.case.get("rows", {}).get(page.step.id, [])
        named = self.procedure.by_key[page.step.rows].fields[0]
        for at_, one in enumerate(wanted):
            if "add" in self.walker.form().buttons:
                self.walker.fill(add=one)
            else:
                self.walker.press("add")
                self.form.put(f"{page.step.rows}.{at_}.{named.key}", one)
                self._answer(FormPage(page.step, str(at_)))
            self.form.put(f"{page.step.rows}.{at_}.{named.key}", one)
        self._answer(page)

    def _answer(self, page: FormPage) -> None:
        boxes = settled(self.walker)
        names = self.walker.form().names
        picks: list[str] = []
        for item in journey.fields_on(self.procedure, page, self.form.answers):
            known = with_situations(self.procedure, self.form.answers, TODAY)
            if not holds(item.when, known, TODAY):
                continue
            if item.kind in PLACE_KINDS:
                picks += self._spot(item, boxes)
                continue
            value = self._value(item)
            if value is not None:
                self.form.put(item.key, value)
                boxes |= {box: text for box, text in posted(item, value).items() if text and box in names}
        for key in picks:
            self._pick(key, boxes)
            boxes = {}
        self.walker.fill(boxes)

    def _value(self, item: Field) -> Any:
        """What is answered: said in the case, told by a card, or a sample of what the form wants."""
        told, held = self.case["answers"].get(item.key), value_at(self.form.answers, item.key)
        known = with_situations(self.procedure, self.form.answers, TODAY)
        if told is not None or held is not None:
            return held if told is None else told
        wanted = journey.is_required(item, known, TODAY) and item.default is None
        return kinds.of(item).sample(item) if wanted else None

    def _spot(self, item: Field, boxes: dict[str, str]) -> list[str]:
        """Touch an offered place; return the key where the list has to be opened."""
        offered, choice = self.walker.form().choices.get(item.key, set()), self.case["answers"].get(item.key)
        known = with_situations(self.procedure, self.form.answers, TODAY)
        needed = ["", *ELSEWHERE] if journey.is_required(item, known, TODAY) and item.default is None else []
        way = self.case.get("places", {}).get(item.key, [choice] if choice else needed)
        if way and way[0] in offered:
            boxes[item.key] = way[0]
            return []
        stands_there = f'name="pick" value="{item.key}" aria-label' in self.walker.page
        return [item.key] if len(way) > 1 and not stands_there else []

    def _pick(self, key: str, boxes: dict[str, str]) -> None:
        _, query, *detail = self.case.get("places", {}).get(key, ["", *ELSEWHERE])
        self.walker.fill(boxes | {"pick": key})
        if self.walker.form_or_none("pick"):
            self.walker.go(f"{self.walker.at}?q={query}").fill(form="pick", choice="19753")
            self.walker.letters += len(query)
        if "/pick/" in self.walker.at:
            self.walker.fill(detail=detail[0])
