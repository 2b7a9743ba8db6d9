"""The e-forms of a ward at its OpenCPS: which form a procedure fills, and the number of a case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EForm:
    """The province's e-form for a procedure: its `serviceInfoId` and `fileTemplateNo`."""

    service: int
    template: str


@dataclass(frozen=True)
class EFormCase:
    """The e-form number of a submission, with its receipt number and revision."""

    number: str
    receipt_no: str
    revision: int


@dataclass(frozen=True)
class EFormSite:
    """A ward at its OpenCPS.

    Attributes:
        group_id: number of the ward's site.
        agency: code of the agency that the forms are for.
        forms: e-forms by procedure code.
        case_of: returns the case of a submission id, None when it is unknown.
        account: "name:password"; empty: no sign-in.
    """

    group_id: int
    agency: str
    forms: Mapping[str, EForm]
    case_of: Callable[[str], EFormCase | None]
    account: str = ""
