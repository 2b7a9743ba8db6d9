"""The typical case of each procedure, filled in page by page with or without cards, with counts.

`typical.toml` has the answers of a case; other required answers are samples. A case uses only what a page offers.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.pages.forms.parsing import APART, ONE_GROUP
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, with_situations
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.journey import FormPage
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import id_card
from tests.journeys.people import home_answers, submit
from tests.journeys.walker import Walker, card_line
from tests.procedures.form_walk import posted_boxes

CASES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
TODAY = date(2026, 11, 24)
ELSEWHERE = ("phu xuan", "Tổ 5")
"""(query, detail) of a home that no option has; it is in the ward of the practice kiosk."""


@dataclass(frozen=True)
class Count:
    """Counts of a case: distinct addresses from "what you need" to the check page, touches, typed characters."""

    screens: int
    touches: int
    letters: int


class Case:
    """One typical case."""

    def __init__(self, walker: Walker, code: str, *, cards: bool) -> None:
        self.walker = walker
        self.code = code
        self.cards = cards
        self.case = CASES[code]
        procedure = walker.context.catalogue.in_force(code, TODAY)
        assert procedure is not None
        self.procedure: Procedure = procedure
        self.form = Draft(code, procedure.version, answers=dict(self.case.get("need", {})))

    def walk(self) -> Count:
        """Walk to the done page; return the counts."""
        walker = self.until_filed_or_check()
        screens = walker.addresses[walker.addresses.index(f"/need/{self.code}") :]
        if walker.at != "/done":
            submit(walker)
        assert walker.at == "/done", walker.words[:300]
        own = [screen for screen in screens if "/pick/" not in screen and screen != "/done"]
        return Count(len(own), walker.touches, walker.letters)

    def until_check(self) -> Walker:
        """Walk to the check page."""
        walker = self.until_filed_or_check()
        assert walker.at == "/form/check", f"{self.code} stays at {walker.at}: {walker.words[:600]}"
        return walker

    def until_filed_or_check(self) -> Walker:
        """Walk to the check page; where a card files the form, to the done page."""
        walker = self.walker.go(f"/need/{self.code}").fill(self.case.get("need", {}))
        for _ in range(60):
            if walker.at in {"/form/missing", "/form/check", "/done"}:
                break
            self._page()
        if walker.at == "/form/missing":
            walker.follow("/form/check")
        return walker

    def _page(self) -> None:
        walker = self.walker
        before = walker.page
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
        if card == "by_hand":
            self.walker.press("by-hand")
            return
        if card == "same":
            self.walker.press("same")
            self.form.answers |= dict(person.same_sets)
            return
        scanned = id_card.parse(card_line(card), TODAY)
        assert isinstance(scanned, id_card.Card)
        paper = {"loai": "can_cuoc", "so": scanned.id_number}
        values = {
            "full_name": scanned.full_name,
            "date_of_birth": scanned.date_of_birth,
            "sex": scanned.sex,
            "id": paper,
        }
        for name, key in person.fills.items():
            item = self.procedure.by_key.get(key)
            if item and name in values:
                is_number = item.kind == "id_number"
                self.form.put(key, scanned.id_number if is_number else values[name])
        self.walker.scan(card) if self.cards else self.walker.press("by-hand")

    def _rows(self, page: FormPage) -> None:
        """Add the listed rows; rows of people stay empty in a typical case."""
        wanted = self.case.get("rows", {}).get(page.step.id, [])
        first_column = self.procedure.by_key[page.step.rows].fields[0]
        for row, value in enumerate(wanted):
            if "add" in self.walker.form().buttons:
                self.walker.fill(add=value)
            else:
                self.walker.press("add")
                self.form.put(f"{page.step.rows}.{row}.{first_column.key}", value)
                self._answer(FormPage(page.step, str(row)))
            self.form.put(f"{page.step.rows}.{row}.{first_column.key}", value)
        self._answer(page)

    def _answer(self, page: FormPage) -> None:
        boxes = home_answers(self.walker)
        names = self.walker.form().names
        picks: list[str] = []
        boxes |= self._one_group(page, names)
        is_one_group = boxes.get(ONE_GROUP, APART) != APART
        for item in journey.fields_on(self.procedure, page, self.form.answers):
            known = with_situations(self.procedure, self.form.answers, TODAY)
            if not holds(item.when, known, TODAY):
                continue
            if item.kind in PLACE_KINDS:
                picks += self._place(item, boxes)
                continue
            value = self._value(item)
            if value is not None:
                self.form.put(item.key, value)
            if item.kind == "nationality" and value not in self.walker.form().choices.get(item.key, {value}):
                picks.append(item.key)
                continue
            if value is not None and not (is_one_group and item.kind == "ethnicity"):
                boxes |= {box: text for box, text in posted_boxes(item, value).items() if text and box in names}
        for key in picks:
            self._pick(key, boxes)
            boxes = {}
        self.walker.fill(boxes)

    def _one_group(self, page: FormPage, names: set[str]) -> dict[str, str]:
        """Return the touch that answers all questions about ethnic groups, or says that they differ."""
        if ONE_GROUP not in names:
            return {}
        asked = [item.key for item in journey.fields_on(self.procedure, page, {}) if item.kind == "ethnicity"]
        groups = {self.case["answers"].get(key) for key in asked if f'id="{key}"' in self.walker.page}
        offered = self.walker.form().choices[ONE_GROUP]
        return {ONE_GROUP: groups.pop() if len(groups) == 1 and groups <= offered else APART}

    def _value(self, item: Field) -> Any:
        """Return the answer of the case, of a card, or a sample where the field is required."""
        answer = self.case["answers"].get(item.key)
        scanned = value_at(self.form.answers, item.key)
        known = with_situations(self.procedure, self.form.answers, TODAY)
        if answer is not None or scanned is not None:
            return scanned if answer is None else answer
        wanted = journey.is_required(item, known, TODAY) and item.default is None
        return kinds.of(item).sample(item) if wanted else None

    def _place(self, item: Field, boxes: dict[str, str]) -> list[str]:
        """Choose an offered place; return the key of a place that must be chosen in the list."""
        offered = self.walker.form().choices.get(item.key, set())
        choice = self.case["answers"].get(item.key)
        known = with_situations(self.procedure, self.form.answers, TODAY)
        needed = ["", *ELSEWHERE] if journey.is_required(item, known, TODAY) and item.default is None else []
        place = self.case.get("places", {}).get(item.key, [choice] if choice else needed)
        if place and place[0] in offered:
            boxes[item.key] = place[0]
            return []
        is_chosen = f'name="pick" value="{item.key}" aria-label' in self.walker.page
        return [item.key] if len(place) > 1 and not is_chosen else []

    def _pick(self, key: str, boxes: dict[str, str]) -> None:
        if f"{key}_ten" in self.case["answers"]:
            self.walker.fill(boxes | {"pick": key})
            query = str(self.case["answers"][f"{key}_ten"])
            self.walker.go(f"{self.walker.at}?q={query}").fill(form="pick", choice=str(self.form.get(key)))
            self.walker.letters += len(query)
            return
        _, query, *detail = self.case.get("places", {}).get(key, ["", *ELSEWHERE])
        is_offered = key in self.walker.form().choices.get("here", ())
        self.walker.fill(boxes | {"here" if is_offered else "pick": key})
        if self.walker.form_or_none("pick"):
            self.walker.go(f"{self.walker.at}?q={query}").fill(form="pick", choice="19753")
            self.walker.letters += len(query)
        if "/pick/" in self.walker.at:
            self.walker.fill(detail=detail[0])
