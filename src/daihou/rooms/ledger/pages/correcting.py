"""The form for a correction: each field, what it is now (masked), room for another."""

from dataclasses import dataclass

from django.utils.translation import gettext

from daihou.kit.scope import Scope
from daihou.rooms.ledger.actions.corrections import mask_of
from daihou.rooms.ledger.queries import correctable, seen


@dataclass(frozen=True, slots=True)
class Line:
    """One field; `typed` is what was entered before it was refused."""

    name: str
    word: str
    now: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What may be corrected of one customer or loan."""

    subject_type: str
    subject_id: int
    number: str
    lines: tuple[Line, ...]
    customer_id: int


def form(
    subject_type: str, subject_id: int, *, scope: Scope, typed: dict[str, str]
) -> Form:
    """The form for whoever may see the subject, or NotFound."""
    if subject_type == "customer":
        if not seen.customers(scope).filter(pk=subject_id).exists():
            raise correctable.no_such_customer(subject_id)
        now, customer_id = correctable.fields_of_customer(subject_id), subject_id
    else:
        if not seen.loans(scope, ids=[subject_id]).exists():
            raise seen.no_such_loan(subject_id)
        now = correctable.fields_of_loan(subject_id)
        customer_id = correctable.borrower_of(subject_id)
    return Form(
        subject_type=subject_type,
        subject_id=subject_id,
        number=correctable.number_of(subject_type, subject_id),
        lines=tuple(
            Line(name, field_word(name), mask_of(name)(text), typed.get(name, ""))
            for name, text in now.items()
        ),
        customer_id=customer_id,
    )


def entered(posted: dict[str, str]) -> dict[str, str]:
    """The fields somebody wrote something into; one that is to be empty is “-”."""
    given = {
        name.removeprefix("new-"): text.strip()
        for name, text in posted.items()
        if name.startswith("new-") and text.strip()
    }
    return {name: "" if text in ("-", "–") else text for name, text in given.items()}


def field_word(name: str) -> str:
    """What a field of a customer or a loan is called."""
    if name.startswith(correctable.ATTRIBUTE):
        return name.removeprefix(correctable.ATTRIBUTE)
    if name.startswith(correctable.POINT):
        number = name.removeprefix(correctable.POINT)
        return point_word(correctable.kind_of_point(int(number)))
    words = {
        "name": gettext("Name"),
        "address": gettext("Address"),
        "employer": gettext("Employer"),
        "industry": gettext("Industry"),
        "region": gettext("Region"),
        "officer": gettext("Officer"),
        "channel": gettext("Channel"),
        "funder": gettext("Funder"),
        "purpose": gettext("Purpose"),
        "guarantee_kind": gettext("Guarantee"),
    }
    return words.get(name, name)


def point_word(kind: str) -> str:
    """The kind of a way to reach somebody."""
    words = {
        "mobile": gettext("Mobile number"),
        "phone": gettext("Telephone number"),
        "email": gettext("Mail address"),
        "address": gettext("Address to reach them at"),
        "wechat": gettext("WeChat name"),
    }
    return words.get(kind, kind or gettext("Way to reach them"))
