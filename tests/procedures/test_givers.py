"""Who gave each answer of a draft: kept through repeated posts, changes by others, and removed rows."""

from kiosk.procedures.answers import Draft


def test_a_typed_answer_is_the_citizens_and_at_the_desk_that_officers() -> None:
    draft = Draft("x", "1")
    draft.put("ten", "Trần An")
    draft.writer = "CB01"
    draft.put("que", "Huế")
    assert draft.sources == {"ten": "hand", "que": "officer"}
    assert draft.givers == {"que": "CB01"}


def test_an_answer_that_is_posted_again_unchanged_keeps_its_source() -> None:
    draft = Draft("x", "1")
    draft.put("ten", "TRẦN AN", "card")
    draft.put("que", "Huế", "kept")
    draft.writer = "CB01"
    for path in ("ten", "que"):
        draft.put(path, draft.get(path))
    assert draft.sources == {"ten": "card", "que": "kept"}
    draft.put("ten", "TRẦN ÂN")
    draft.writer = ""
    draft.put("ten", "TRẦN ÂN")
    assert (draft.sources["ten"], draft.givers) == ("officer", {"ten": "CB01"})


def test_a_changed_answer_belongs_to_who_changed_it_last() -> None:
    draft = Draft("x", "1")
    draft.writer = "CB01"
    draft.put("ten", "Lan")
    draft.writer = ""
    draft.put("ten", "Loan")
    assert (draft.sources, draft.givers) == ({"ten": "hand"}, {})
    draft.put("ten", None)
    assert draft.sources == {}


def test_rows_move_up_with_their_givers() -> None:
    draft = Draft("x", "1")
    draft.put("con.0.ten", "Một")
    draft.writer = "CB01"
    draft.put("con.1.ten", "Hai")
    draft.writer = "CB02"
    draft.put("con.2.ten", "Ba")
    draft.writer = "CB03"
    draft.remove_row("con", 0)
    assert draft.answers["con"] == [{"ten": "Hai"}, {"ten": "Ba"}]
    assert draft.givers == {"con.0.ten": "CB01", "con.1.ten": "CB02"}
    assert draft.sources == {"con.0.ten": "officer", "con.1.ten": "officer"}
    draft.remove_row("con", 1)
    draft.remove_row("con", 0)
    assert (draft.answers, draft.sources, draft.givers) == ({}, {}, {})


def test_the_one_who_types_now_is_not_stored() -> None:
    draft = Draft("x", "1")
    draft.writer = "CB01"
    assert "writer" not in draft.as_json()
    assert Draft(**draft.as_json()).writer == ""
