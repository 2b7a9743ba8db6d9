"""Examples of a check (`passes`, `fails`): answers that the author of a file gives to try the rule.

They are tried as on the day `checked_on` of the file and in the ward of kiosk.toml. The kiosk itself never tries them:
only `kiosk procedure check` does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kiosk.procedures import checks
from kiosk.procedures.answers import AMOUNTS, Office
from kiosk.procedures.checks import CheckContext
from kiosk.procedures.file_errors import FileError, FileErrors
from kiosk.procedures.model import Check, Procedure

EXAMPLE_AMOUNTS = dict.fromkeys(AMOUNTS, 500_000)
"""Round figures in place of the ward's amounts: an example holds in every ward."""
REMEDY = "; xem lại ví dụ này, hoặc rule, args và when của điều kiểm"


def example_errors(procedure: Procedure, office: Office) -> FileErrors:
    """Return an error for each example that does not hold; an example that is not given is not tried."""
    context = CheckContext(procedure.checked_on, replace(office, amounts=EXAMPLE_AMOUNTS))
    errors: FileErrors = []
    for check in procedure.checks:
        errors += _errors_of(check, context)
    return errors


def _errors_of(check: Check, context: CheckContext) -> Iterator[FileError]:
    for name, answers, expected in (("passes", check.passes, True), ("fails", check.fails, False)):
        if answers is None:
            continue
        message = _message(check, answers, context, expected=expected)
        if message:
            day = f"{context.today:%d/%m/%Y}"
            conditions = f" (thử như vào ngày {day}, ở phường mã {context.office.ward_code})"
            yield FileError(f"check[{check.id}].{name}", message + conditions + REMEDY)


def _message(check: Check, answers: Mapping[str, Any], context: CheckContext, *, expected: bool) -> str:
    """Return what is wrong with an example, or an empty string."""
    try:
        result = checks.passes(check, answers, context)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return f"rule '{check.rule}' không thử được với ví dụ này: giá trị không hợp, hoặc args còn thiếu"
    if result == expected:
        return ""
    return "ví dụ đúng mà máy lại nhắc sai" if expected else "ví dụ sai mà máy không nhắc"
