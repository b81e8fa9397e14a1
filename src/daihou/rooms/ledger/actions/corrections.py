"""Corrections of a customer or a loan: proposed by one person, decided by another."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit import masking, secret
from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan
from daihou.rooms.ledger.queries import correctable, seen
from daihou.rooms.ledger.queries.correctable import ATTRIBUTE, CUSTOMER, LOAN, POINT

CUSTOMER_KIND = "ledger.customer"
LOAN_KIND = "ledger.loan"
_ELSE = 80  # characters of an attribute of a sender's own
_NUMBERS = {"mobile", "phone"}
_SEALED = {"address": 300}  # the column holds the sealed text, which is longer


def propose_customer(
    customer_id: int, changes: Mapping[str, str], *, deed: approvals.Deed
) -> approvals.Proposal:
    """Propose other values of a customer: name, address, employer, `contact-<id>` ...

    What they owe says which levels decide. Refused when a field is not one of theirs
    or a value cannot be; NotFound outside the scope of `deed.by`.
    """
    if not seen.customers(deed.by.scope).filter(pk=customer_id).exists():
        raise correctable.no_such_customer(customer_id)
    clean = _clean(changes, correctable.fields_of_customer(customer_id, changes))
    amount, currency = correctable.owed_by_customer(customer_id)
    return approvals.propose(
        kind=CUSTOMER_KIND,
        subject_type="customer",
        subject_id=customer_id,
        title=correctable.number_of("customer", customer_id),
        after=clean,
        amount=amount,
        currency=currency,
        deed=deed,
    )


def propose_loan(
    loan_id: int, changes: Mapping[str, str], *, deed: approvals.Deed
) -> approvals.Proposal:
    """Propose other facts of a loan: officer, channel, purpose, `attribute-<name>` ...

    What is owed on it says which levels decide.
    """
    if not seen.loans(deed.by.scope, ids=[loan_id]).exists():
        raise seen.no_such_loan(loan_id)
    clean = _clean(changes, correctable.fields_of_loan(loan_id))
    amount, currency = correctable.owed_on_loan(loan_id)
    return approvals.propose(
        kind=LOAN_KIND,
        subject_type="loan",
        subject_id=loan_id,
        title=correctable.number_of("loan", loan_id),
        after=clean,
        amount=amount,
        currency=currency,
        deed=deed,
    )


def _clean(changes: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """The values as they are kept; refused when one cannot be."""
    clean = {}
    for name, text in changes.items():
        if name not in now:
            raise Refused(
                "field_unknown",
                _("%(field)s is nothing that can be corrected here.") % {"field": name},
            )
        text = " ".join(text.replace("\x00", "").split())
        if len(text) > _longest(name):
            raise Refused(
                "value_long", _("The value of %(field)s is too long.") % {"field": name}
            )
        if not text and (name == "name" or name.startswith(POINT)):
            raise Refused(
                "value_empty",
                _("A name or a way to reach somebody cannot be taken away here."),
            )
        if name.startswith(POINT):
            _check_point(int(name.removeprefix(POINT)), text)
        clean[name] = text
    return clean


def _longest(name: str) -> int:
    """How many characters fit where the value is kept."""
    if name in _SEALED:
        return _SEALED[name]
    if name.startswith(POINT):
        return _SEALED["address"]
    for model in (Customer, Loan):
        try:
            return model._meta.get_field(name).max_length or _ELSE
        except FieldDoesNotExist:
            continue
    return _ELSE


def _check_point(point_id: int, text: str) -> None:
    kind = correctable.kind_of_point(point_id)
    digits = secret.normal(text, "phone").lstrip("+")
    if kind in _NUMBERS and not (digits.isdecimal() and 5 <= len(digits) <= 20):
        raise Refused(
            "not_a_phone",
            _("A telephone number has 5 to 20 digits; write it like 13800000007."),
        )
    if kind == "email" and "@" not in text:
        raise Refused("not_an_email", _("A mail address has an @ in it."))


@transaction.atomic
def correct_customer(proposal: approvals.Proposal, deed: approvals.Deed) -> None:
    """Carry an approved correction of a customer out, the former content kept."""
    key = int(proposal.subject_id)
    after = {name: str(value) for name, value in proposal.after.items()}
    own = {name: text for name, text in after.items() if name in CUSTOMER}
    points = {
        int(name.removeprefix(POINT)): text
        for name, text in after.items()
        if name.startswith(POINT)
    }
    assert len(own) + len(points) == len(after), "a field nobody may correct"
    if own:
        _keep_former("customer", [key], at=deed.at)
        row = Customer.objects.select_for_update(no_key=True).get(pk=key)
        columns = {name: text for name, text in own.items() if name != "address"}
        if "address" in own:
            columns |= sealing.address_columns(own["address"])
        _write(row, columns)
    if points:
        _keep_former("contact_point", list(points), at=deed.at)
        rows = ContactPoint.objects.select_for_update(no_key=True).order_by("pk")
        for point in rows.filter(pk__in=points, customer_id=key):
            _write(point, sealing.contact_columns(points[point.pk]))
    _record("customer", key, proposal, deed)


@transaction.atomic
def correct_loan(proposal: approvals.Proposal, deed: approvals.Deed) -> None:
    """Carry an approved correction of a loan out, the former content kept."""
    key = int(proposal.subject_id)
    after = {name: str(value) for name, value in proposal.after.items()}
    _keep_former("loan", [key], at=deed.at)
    row = Loan.objects.select_for_update(no_key=True).get(pk=key)
    columns: dict[str, object] = {n: text for n, text in after.items() if n in LOAN}
    attributes = dict(row.attributes)
    for name, text in after.items():
        if name.startswith(ATTRIBUTE):
            word = name.removeprefix(ATTRIBUTE)
            attributes[word] = _like(attributes.get(word), text)
    if attributes != row.attributes:
        columns["attributes"] = attributes
    _write(row, columns)
    _record("loan", key, proposal, deed)


def _like(former: object, text: str) -> object:
    """An attribute in the form it had: sealed, a number, yes or no, or text."""
    if isinstance(former, str):
        sealed = secret.is_sealed(former)
        return secret.seal(text, about=sealing.ATTRIBUTE) if sealed else text
    if isinstance(former, bool):
        return text.lower() in {"true", "1", "yes"}
    if isinstance(former, int) and text.lstrip("-").isdecimal():
        return int(text)
    return text


def _write(row: Customer | ContactPoint | Loan, columns: Mapping[str, object]) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*columns, "version"])


def _keep_former(table: str, keys: list[int], *, at: datetime) -> None:
    """Put the present content of rows beside those their senders replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            'insert into ledger_row_history ("table", row_id, version, content,'
            " replaced_at, batch_id) select %s, h.id, h.version,"
            f" to_jsonb(h) - 'digest', %s, null from ledger_{table} h"
            " where h.id = any(%s)",
            [table, at, keys],
        )


def _record(
    subject: str, key: int, proposal: approvals.Proposal, deed: approvals.Deed
) -> None:
    audit.record(
        type=f"{subject}.corrected",
        subject_type=subject,
        subject_id=key,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=proposal.reason,
        request_id=deed.request_id,
        payload={"proposal": proposal.id, "proposed_by": proposal.proposed_by},
        before={name: _kept(name, value) for name, value in proposal.before.items()},
        after={name: _kept(name, value) for name, value in proposal.after.items()},
    )


def _kept(name: str, value: object) -> str:
    """A value as an event may keep it for ever."""
    return mask_of(name, kept=True)(str(value or ""))


def mask_of(name: str, *, kept: bool = False) -> Callable[[str], str]:
    """How a field is hidden: from readers, or also (`kept`) in what is never removed."""
    if name == "address":
        return masking.address
    if name.startswith(POINT):
        return _point
    if name.startswith(ATTRIBUTE):
        return masking.scrubbed
    return masking.name if kept and name == "name" else _whole


def _point(text: str) -> str:
    return masking.contact("email" if "@" in text else "phone", text)


def _whole(text: str) -> str:
    return text
