"""Opinions in groups: no figure, and no difference of two figures, is about fewer than five answers."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.dossiers import opinion_groups
from kiosk.dossiers.opinion_groups import LEAST
from kiosk.records.opinions import BAD_WORDS, FACES, GOOD_WORDS, NO_ANSWER, Opinion, OpinionCount

CODES = ("1.001193", "1.004194", "2.000635", "2.000815", "")
COUNTS = st.lists(
    st.builds(
        OpinionCount,
        opinion=st.builds(
            Opinion,
            procedure=st.sampled_from(CODES),
            counter=st.integers(0, 4),
            face=st.sampled_from((NO_ANSWER, *FACES)),
            words=st.lists(st.sampled_from((*BAD_WORDS, *GOOD_WORDS)), unique=True).map(tuple),
        ),
        count=st.integers(1, 9),
    ),
    max_size=12,
)


def _count(procedure: str, face: int, count: int) -> OpinionCount:
    return OpinionCount(opinion=Opinion(procedure=procedure, counter=1, face=face), count=count)


@given(COUNTS)
def test_every_group_with_answers_has_enough_of_them_and_none_is_lost(counts: list[OpinionCount]) -> None:
    groups = opinion_groups.group(counts, lambda opinion: opinion.procedure)
    told = [*groups.shown.values(), *([groups.others] if groups.others else [])]
    assert all(tally.answers >= LEAST for tally in groups.shown.values())
    assert all(tally.answers == 0 or tally.answers >= LEAST for tally in told)
    all_answers = opinion_groups.tally(counts).answers
    assert sum(tally.answers for tally in told) == (all_answers if told else 0)
    assert bool(told) == (all_answers >= LEAST)


@given(COUNTS)
def test_the_sum_of_the_ward_without_the_groups_that_are_shown_is_no_single_person(counts: list[OpinionCount]) -> None:
    groups = opinion_groups.group(counts, lambda opinion: opinion.procedure)
    rest = opinion_groups.tally(counts).answers - sum(tally.answers for tally in groups.shown.values())
    assert rest == 0 or rest >= LEAST or not groups.shown


@given(COUNTS)
def test_a_word_that_few_chose_is_left_out(counts: list[OpinionCount]) -> None:
    chosen: Counter[str] = Counter()
    for each in counts:
        for word in each.opinion.words:
            chosen[word] += each.count
    expected = {word: count for word, count in chosen.items() if count >= LEAST}
    assert opinion_groups.words(counts) == expected


def test_a_small_group_takes_the_next_larger_one_with_it() -> None:
    counts = [_count("a", 5, 20), _count("b", 4, 6), _count("c", 1, 1)]
    groups = opinion_groups.group(counts, lambda opinion: opinion.procedure)
    assert list(groups.shown) == ["a"]
    assert groups.others
    assert groups.others.faces == (1, 0, 0, 6, 0)


def test_pages_without_an_answer_are_counted_apart() -> None:
    tally = opinion_groups.tally([_count("a", NO_ANSWER, 3), _count("a", 5, 2), _count("a", 1, 1)])
    assert (tally.answers, tally.unanswered, tally.good, tally.bad) == (3, 3, 2, 1)


@pytest.mark.parametrize(
    ("today", "newest"), [(date(2026, 11, 1), date(2026, 10, 1)), (date(2026, 11, 30), date(2026, 10, 1)),
                          (date(2027, 1, 1), date(2026, 12, 1))],
)  # fmt: skip
def test_a_month_is_shown_when_it_is_over(today: date, newest: date) -> None:
    months = opinion_groups.finished_months(today, keep_days=365)
    assert months[0] == newest
    assert months == sorted(months, reverse=True)


def test_a_month_of_which_a_day_is_wiped_is_shown_no_more() -> None:
    assert opinion_groups.finished_months(date(2026, 11, 24), keep_days=60) == [date(2026, 10, 1)]
    assert opinion_groups.month_days(date(2028, 2, 1)) == (date(2028, 2, 1), date(2028, 2, 29))
