"""Receipts as lists and their page tell them; what is not to be seen is not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum

from daihou.kit import masking
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import Loan, Receipt, ReceiptClaim, ReceiptShare
from daihou.rooms.ledger.queries import seen
from daihou.rooms.ledger.states import ClaimState, ReceiptState

# How old money without an owner is: days since it came, both ends in.
AGES: Sequence[tuple[int, int | None]] = (
    (0, 3),
    (4, 7),
    (8, 30),
    (31, 90),
    (91, None),
)
HELD = (ClaimState.WAITING, ClaimState.CONFIRMED)
_LEFT = F("amount") - F("posted") - F("returned")


def seen_by(scope: Scope) -> "QuerySet[Receipt]":
    """The receipts a person may see: without an owner, or of loans they may see.

    One that names a branch is for who sees that branch; one that is claimed for a
    loan out of sight is out of sight too.
    """
    rows = Receipt.objects.all()
    if scope.everything:
        return rows
    if scope.nothing:
        return rows.none()
    held = ReceiptShare.objects.filter(claim__state__in=HELD)
    ours = scope.limit(held, by="loan__branch")
    foreign = held.exclude(pk__in=ours.values("pk"))
    # Who sees the loans of some officers alone sees no branch's money by that.
    whole = [way for way in scope.ways if way.officers is None]
    branches = {code for way in whole for code in way.branches or ()}
    every = any(way.branches is None for way in whole)
    rows = rows if every else rows.filter(branch__in=["", *sorted(branches)])
    return rows.exclude(pk__in=foreign.values("claim__receipt_id"))


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt as a list shows it; minor units. The account is masked."""

    id: int
    source: str
    number: str
    received_on: date
    amount: int
    currency: str
    posted: int
    returned: int
    payer: str
    account: str
    channel: str
    remark: str
    branch: str
    state: str
    recorded_at: datetime
    recorded_by: str

    @property
    def left(self) -> int:
        """What of it has no owner yet."""
        return self.amount - self.posted - self.returned

    def age(self, on: date) -> int:
        """Days since it came."""
        return (on - self.received_on).days


def _line(row: Receipt) -> ReceiptLine:
    return ReceiptLine(
        id=row.pk,
        source=row.source,
        number=row.external_id,
        received_on=row.received_on,
        amount=row.amount,
        currency=row.currency,
        posted=row.posted,
        returned=row.returned,
        payer=row.payer,
        account=sealing.masked(row.payer_account, about=sealing.PAYER_ACCOUNT),
        channel=row.channel,
        remark=masking.scrubbed(row.remark),
        branch=row.branch,
        state=row.state,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which receipts a list is to show; what is empty does not narrow."""

    state: str = ""
    text: str = ""
    channel: str = ""
    currency: str = ""
    least: int = 0
    ages: tuple[int, int | None] | None = None
    on: date = date.min


@dataclass(frozen=True, slots=True)
class Total:
    """Receipts of one currency: how many, how much came, how much has no owner."""

    currency: str
    receipts: int
    amount: int
    left: int


def _asked(asked: Asked, scope: Scope) -> "QuerySet[Receipt]":
    rows = seen_by(scope)
    if asked.state == "returned":
        rows = rows.filter(returned__gt=0)
    elif asked.state:
        rows = rows.filter(state=asked.state)
    if asked.text:
        number = sealing.digest(asked.text, "account")
        rows = rows.filter(
            Q(payer__startswith=asked.text)
            | Q(external_id__startswith=asked.text)
            | Q(remark__icontains=asked.text)
            | Q(payer_account_digest=number)
        )
    for name in ("channel", "currency"):
        if getattr(asked, name):
            rows = rows.filter(**{name: getattr(asked, name)})
    if asked.least:
        rows = rows.filter(amount__gte=asked.least)
    if asked.ages is not None:
        youngest, oldest = asked.ages
        rows = rows.filter(received_on__lte=asked.on - timedelta(days=youngest))
        if oldest is not None:
            rows = rows.filter(received_on__gte=asked.on - timedelta(days=oldest))
    return rows


def receipts(
    asked: Asked, *, scope: Scope, limit: int, start: int = 0
) -> Sequence[ReceiptLine]:
    """The receipts of a list: those without an owner oldest first, else newest."""
    waiting = asked.state in (ReceiptState.OPEN, ReceiptState.CLAIMED)
    order = ("received_on", "pk") if waiting else ("-received_on", "-pk")
    rows = _asked(asked, scope).order_by(*order)[start : start + limit]
    return [_line(row) for row in rows]


def receipts_after(
    after: int,
    *,
    scope: Scope,
    limit: int,
    since: date | None = None,
    until: date | None = None,
    **equal: object,
) -> Sequence[ReceiptLine]:
    """Receipts of the scope with an id above `after`, by id, as programs list them."""
    rows = seen_by(scope).filter(pk__gt=after)
    rows = rows.filter(**{name: each for name, each in equal.items() if each})
    if since is not None:
        rows = rows.filter(received_on__gte=since)
    if until is not None:
        rows = rows.filter(received_on__lt=until)
    return [_line(row) for row in rows.order_by("pk")[:limit]]


def totals(asked: Asked, *, scope: Scope) -> Sequence[Total]:
    """The sums of a list by currency, the one with most receipts first."""
    rows = (
        _asked(asked, scope)
        .order_by()
        .values("currency")
        .annotate(receipts=Count("pk"), came=Sum("amount"), left=Sum(_LEFT))
        .values_list("currency", "receipts", "came", "left")
    )
    found = [Total(*row) for row in rows]
    return sorted(found, key=lambda each: (-each.receipts, each.currency))


def counts(*, scope: Scope) -> Mapping[str, int]:
    """How many receipts there are in each state."""
    rows = seen_by(scope).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Age:
    """Money of one currency without an owner that is so old; `last` None: or older."""

    first: int
    last: int | None
    currency: str
    receipts: int
    left: int


def ageing(*, scope: Scope, on: date, currency: str) -> Sequence[Age]:
    """How old the money of a currency is that has no owner, youngest first."""
    sums: dict[str, Aggregate] = {}
    for first, last in AGES:
        old = Q(received_on__lte=on - timedelta(days=first))
        if last is not None:
            old &= Q(received_on__gte=on - timedelta(days=last))
        sums[f"n{first}"] = Count("pk", filter=old)
        sums[f"left{first}"] = Sum(_LEFT, filter=old)
    rows = seen_by(scope).filter(currency=currency)
    found = rows.exclude(state=ReceiptState.SETTLED).aggregate(**sums)
    return [
        Age(first, last, currency, found[f"n{first}"], found[f"left{first}"] or 0)
        for first, last in AGES
    ]


def choices(*, scope: Scope) -> Mapping[str, Sequence[str]]:
    """The channels and currencies receipts carry, for filters."""
    rows = seen_by(scope).order_by()
    return {
        name: sorted(rows.exclude(**{name: ""}).values_list(name, flat=True).distinct())
        for name in ("channel", "currency")
    }


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What of a claim goes to one loan; `reversed_on` when its payment was."""

    loan_id: int
    number: str
    name: str
    amount: int
    payment_id: int | None
    reversed_on: date | None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim with its shares and what was decided."""

    id: int
    kind: str
    state: str
    amount: int
    relation: str
    evidence: str
    keep_credit: bool
    reverses: int | None
    claimed_by: str
    claimed_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    shares: tuple[ShareLine, ...]


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt with the claims on it that may be seen, newest first.

    `withheld` counts those left out: they name a loan of somebody else's.
    """

    receipt: ReceiptLine
    claims: tuple[ClaimLine, ...]
    withheld: int = 0

    @property
    def waiting(self) -> ClaimLine | None:
        """The claim that waits for a second person."""
        return next((c for c in self.claims if c.state == ClaimState.WAITING), None)


def receipt_page(receipt_id: int, *, scope: Scope) -> ReceiptPage | None:
    """One receipt in a few queries; None when it is not there or not to be seen."""
    row: Receipt | None = seen_by(scope).filter(pk=receipt_id).first()
    if row is None:
        return None
    claims = ReceiptClaim.objects.filter(receipt=row).order_by("-pk")
    shares: dict[int, list[ShareLine]] = {}
    every = ReceiptShare.objects.filter(claim__receipt=row)
    ours = scope.limit(every, by="loan__branch")
    others = () if scope.everything else every.exclude(pk__in=ours.values("pk"))
    foreign = {share.claim_id for share in others}
    for values in ours.order_by("pk").values_list(
        "claim_id",
        "loan_id",
        "loan__external_id",
        "loan__customer__name",
        "amount",
        "payment_id",
        "payment__reversed_by__paid_on",
    ):
        shares.setdefault(values[0], []).append(ShareLine(*values[1:]))
    return ReceiptPage(
        receipt=_line(row),
        claims=tuple(
            _claim(each, shares.get(each.pk, []))
            for each in claims
            if each.pk not in foreign
        ),
        withheld=len(foreign),
    )


def _claim(row: ReceiptClaim, shares: Sequence[ShareLine]) -> ClaimLine:
    return ClaimLine(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        amount=row.amount,
        relation=row.relation,
        evidence=row.evidence,
        keep_credit=row.keep_credit,
        reverses=row.reverses_id,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
        shares=tuple(shares),
    )


def receipt_id_of(external_id: str, *, source: str) -> int | None:
    """Our number of the receipt with this id at its source."""
    rows = Receipt.objects.filter(source=source, external_id=external_id)
    found: int | None = rows.values_list("pk", flat=True).first()
    return found


def claim_receipt_id(claim_id: int, *, scope: Scope) -> int | None:
    """The receipt a claim is of; None for one that is not to be seen."""
    rows = ReceiptClaim.objects.filter(pk=claim_id, receipt__in=seen_by(scope))
    found: int | None = rows.values_list("receipt_id", flat=True).first()
    return found


def loans_named(numbers: Sequence[str], *, scope: Scope) -> Sequence[Loan]:
    """The loans of the scope with one of these numbers."""
    rows = seen.loans(scope).filter(external_id__in=list(numbers))
    return list(rows.select_related("customer").order_by("external_id", "pk")[:20])
