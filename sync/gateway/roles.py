"""Roles of the gateway's accounts, and the one table of who may do which act.

An account has one role. The second person of an act (a version of the content is proposed and approved) is checked
where the act is done (`content_proposals`).
"""

from typing import Literal, get_args

Role = Literal["viewer", "operator", "editor", "approver", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
Act = Literal[
    "see", "trail", "forms", "sticks", "payments", "machines", "faults", "programs", "propose", "approve", "withdraw"
]

EVERY_ROLE: frozenset[Role] = frozenset(ROLES)
MAY: dict[Act, frozenset[Role]] = {
    # Lists, machines and figures: no citizen's name.
    "see": EVERY_ROLE,
    "trail": frozenset({"viewer", "approver", "administrator"}),
    # Bodies, states, and forwarding again or by hand.
    "forms": frozenset({"operator", "administrator"}),
    "sticks": frozenset({"operator", "administrator"}),
    # Statements of banks.
    "payments": frozenset({"operator", "administrator"}),
    # One-time codes, names and revocation.
    "machines": frozenset({"administrator"}),
    "faults": frozenset({"operator", "administrator"}),
    # Roll-outs of releases of the program.
    "programs": frozenset({"administrator"}),
    # Versions of the content: procedures, fees, wards, holidays, voices.
    "propose": frozenset({"editor", "administrator"}),
    "approve": frozenset({"approver", "administrator"}),
    "withdraw": frozenset({"editor", "approver", "administrator"}),
}
