"""The draft_turns table: which side may type in a draft, the touchscreen or the desk that opened it.

Exactly one side has the turn. A turn has a number that grows with each change of hands. Every write of an answer names
side and number, and `require` compares them in the same transaction: a page that was shown before a change of hands
changes nothing. The row outlives the desk's part, so that an old page is recognised then too.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlite_utils import Database

from kiosk.base.errors import TurnLost

Side = Literal["screen", "desk"]
_COLUMNS = "draft_id, turn, holder, officer, counter, ask_no, is_asked"


@dataclass(frozen=True)
class DraftTurn:
    """The turn of a draft; `officer` and `counter` are None once the desk has ended its part.

    `is_asked` means that the desk has asked the screen for the turn; `ask_no` counts its questions.
    """

    draft_id: str
    turn: int
    holder: Side
    officer: str | None
    counter: int | None
    ask_no: int = 0
    is_asked: bool = False

    @property
    def is_at_desk(self) -> bool:
        """True if a desk has the draft open."""
        return self.officer is not None


@dataclass(frozen=True)
class Hand:
    """Writer of an answer: the side, the number of the turn in which its page was shown, and at a desk the officer."""

    side: Side
    turn: int = 0
    officer: str = ""


def find(db: Database, draft_id: str) -> DraftTurn | None:
    """Return the turn of a draft; None where no desk has opened it."""
    sql = f"select {_COLUMNS} from draft_turns where draft_id = ?"  # noqa: S608  # nosec B608 # constants of this module
    return next((_turn(row) for row in db.query(sql, [draft_id])), None)


def save(db: Database, turn: DraftTurn) -> DraftTurn:
    """Store the turn of a draft and return it."""
    sql = """insert into draft_turns (draft_id, turn, holder, officer, counter, ask_no, is_asked)
             values (:draft_id, :turn, :holder, :officer, :counter, :ask_no, :is_asked)
             on conflict (draft_id) do update set turn = excluded.turn, holder = excluded.holder,
               officer = excluded.officer, counter = excluded.counter, ask_no = excluded.ask_no,
               is_asked = excluded.is_asked"""
    db.execute(sql, vars(turn))
    return turn


def opened(db: Database, draft_id: str, *, holder: Side, officer: str, counter: int | None) -> DraftTurn:
    """Open a draft at a desk; the turn gets a new number, so that pages shown before are old."""
    before = find(db, draft_id)
    turn = DraftTurn(
        draft_id=draft_id,
        turn=before.turn + 1 if before else 1,
        holder=holder,
        officer=officer,
        counter=counter,
        ask_no=before.ask_no if before else 0,
    )
    return save(db, turn)


def pass_to(db: Database, turn: DraftTurn, holder: Side) -> DraftTurn:
    """Give the turn to a side; the question for it is answered."""
    return save(db, replace(turn, holder=holder, turn=turn.turn + 1, is_asked=False))


def ask(db: Database, turn: DraftTurn) -> DraftTurn:
    """Store that the desk asks the screen for the turn."""
    return save(db, replace(turn, ask_no=turn.ask_no + 1, is_asked=True))


def decline(db: Database, turn: DraftTurn) -> DraftTurn:
    """Store that the screen keeps the turn."""
    return save(db, replace(turn, is_asked=False))


def end(db: Database, turn: DraftTurn) -> DraftTurn:
    """End the desk's part: the draft belongs to its screen again."""
    ended = replace(turn, holder="screen", officer=None, counter=None, turn=turn.turn + 1, is_asked=False)
    return save(db, ended)


def is_at_desk(db: Database, draft_id: str) -> bool:
    """Return whether a desk has a draft open."""
    sql = "select 1 from draft_turns where draft_id = ? and officer is not null"
    return bool(db.execute(sql, [draft_id]).fetchall())


def require(db: Database, draft_id: str, hand: Hand) -> None:
    """Require that a hand has the turn of a draft, in the write that changes the draft.

    Raises:
        TurnLost: the other side, or another officer, has the turn, or the page is older than the turn.
    """
    check(find(db, draft_id), hand)


def check(current: DraftTurn | None, hand: Hand) -> None:
    """Require that a hand has a turn that was read before, in the same write.

    Raises:
        TurnLost: as in `require`.
    """
    if current is None:
        has_turn = hand.side == "screen" and hand.turn == 0
    else:
        has_turn = hand.side == current.holder and hand.turn == current.turn
        has_turn = has_turn and (hand.side == "screen" or hand.officer == current.officer)
    if not has_turn:
        raise TurnLost


def _turn(row: dict[str, Any]) -> DraftTurn:
    return DraftTurn(**{**row, "is_asked": bool(row["is_asked"])})
