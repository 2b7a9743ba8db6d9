"""Recognition of a parent or a child: the oath names who is recognised, on the screen as on the paper."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf


@pytest.mark.parametrize(
    ("case", "cards", "recognised"),
    [("cha_nhan_con", ("cha", "sinh_vien"), "con"), ("con_nhan_me", ("sinh_vien", "ba"), "mẹ")],
)
def test_the_oath_on_the_screen_is_that_of_the_paper(
    walker: Walker, case: str, cards: tuple[str, str], recognised: str
) -> None:
    walker.go("/need/1.001022").fill(be_co_khai_sinh="roi", bang_chung="co").fill(viec=case)
    for card, answers in zip(cards, ({"nyc_quan_he": "ban_than"}, {}), strict=True):
        page = walker.at
        walker.scan(card)
        said = home_answers(walker) | answers
        if walker.fill(said).at == page:  # another ward is competent: the page says so once
            walker.fill(said)
    oath = f"Tôi cam đoan việc nhận {recognised} nói trên là đúng sự thật, tự nguyện, không có tranh chấp"
    assert oath in reach_check_page(walker).words
    submit(walker)
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    assert oath in words_of_pdf(document)
