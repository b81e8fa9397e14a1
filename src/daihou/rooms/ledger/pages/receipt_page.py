"""The page of one receipt: whose it may be and why, the claim, what it would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from daihou.engine.basics.errors import MoneyError, UserError
from daihou.engine.basics.money import to_minor
from daihou.engine.ledger.fixed.several import Spread
from daihou.engine.ledger.life.words import say_life
from daihou.kit import numbers
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger.actions.receipt_claims import RELATIONS
from daihou.rooms.ledger.actions.receipts import no_such_receipt
from daihou.rooms.ledger.pages.receipt_words import (
    Chip,
    claim_kind,
    claim_state,
    reason_word,
    receipt_state,
    relation_word,
    strength,
)
from daihou.rooms.ledger.pages.words import channel_word, list_words, short_component
from daihou.rooms.ledger.queries import receipt_matches, receipts, trials
from daihou.rooms.ledger.queries.lines import LoanLine, lines_of

_MOST_LOANS = 20


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a match with its points."""

    text: str
    points: str
    against: bool


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A loan the money may be for, as the table shows it."""

    match: receipt_matches.Match
    product: str
    branch: str
    chip: Chip
    whys: Sequence[Why]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an amount would do to a loan: days and overdue before and after, shares."""

    trial: trials.Trial
    shares: Sequence[tuple[str, int]]
    problem: str


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One loan of the claim that is being written."""

    line: LoanLine
    text: str
    amount: int | None
    effect: Effect | None
    problem: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The claim as far as it is written; kept in the address, not in the database."""

    rows: Sequence[DraftRow]
    relation: str
    evidence: str
    keep_credit: bool
    left: int
    law: Sequence[str]
    unknown: str

    @property
    def ready(self) -> bool:
        """Whether every loan has an amount."""
        return bool(self.rows) and all(row.amount for row in self.rows)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim in words; `effects` only while it waits."""

    line: receipts.ClaimLine
    kind: str
    chip: Chip
    relation: str
    effects: Sequence[tuple[receipts.ShareLine, Effect | None]]


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """Everything the page draws."""

    receipt: receipts.ReceiptLine
    age: int
    channel: str
    branch: str
    chip: Chip
    waiting: ClaimRow | None
    claims: Sequence[ClaimRow]
    matches: Sequence[MatchRow]
    draft: Draft
    relations: Sequence[tuple[str, str]]
    alike: bool
    withheld: int

    @property
    def claimed(self) -> int:
        """What of it a claim that waits speaks of."""
        kind = self.waiting.line.kind if self.waiting else ""
        return self.waiting.line.amount if self.waiting and kind != "reverse" else 0

    @property
    def free(self) -> int:
        """What nobody claimed yet."""
        return self.receipt.left - self.claimed


def receipt_sheet(
    receipt_id: int, *, query: QueryDict, scope: Scope, on: date, may_claim: bool
) -> ReceiptSheet:
    """The page of a receipt on the open day `on`; `query` holds the draft of a claim."""
    page = receipts.receipt_page(receipt_id, scope=scope)
    if page is None:
        raise no_such_receipt(receipt_id)
    receipt, words = page.receipt, list_words()
    rows = [_claim_row(claim, receipt, scope=scope, on=on) for claim in page.claims]
    open_now = receipt.state == "open" and may_claim
    found = receipt_matches.matches(receipt_id, scope=scope) if open_now else ()
    draft = _draft(query if open_now else QueryDict(), receipt, scope=scope, on=on)
    chosen = {row.line.loan_id for row in draft.rows}
    return ReceiptSheet(
        receipt=receipt,
        age=receipt.age(on),
        channel=channel_word(receipt.channel),
        branch=words.branch(receipt.branch) if receipt.branch else "",
        chip=receipt_state(receipt.state),
        waiting=next((row for row in rows if row.line.state == "waiting"), None),
        claims=[row for row in rows if row.line.state != "waiting"],
        matches=[
            MatchRow(
                match=match,
                product=words.product(match.product),
                branch=words.branch(match.branch),
                chip=strength(match.score),
                whys=[_why(reason) for reason in match.reasons],
                chosen=match.loan_id in chosen,
            )
            for match in found
        ],
        draft=draft,
        relations=[(code, relation_word(code)) for code in RELATIONS],
        alike=len(found) > 1 and found[0].score == found[1].score,
        withheld=page.withheld,
    )


def _why(reason: receipt_matches.Reason) -> Why:
    return Why(
        reason_word(reason), numbers.signed(reason.points), against=reason.points < 0
    )


def _claim_row(
    claim: receipts.ClaimLine, receipt: receipts.ReceiptLine, *, scope: Scope, on: date
) -> ClaimRow:
    waits = claim.state == "waiting" and claim.kind == "post"
    return ClaimRow(
        line=claim,
        kind=claim_kind(claim.kind),
        chip=claim_state(claim.state),
        relation=relation_word(claim.relation) if claim.relation else "",
        effects=[
            (
                share,
                _effect(share.loan_id, share.amount, receipt, scope=scope, on=on)
                if waits
                else None,
            )
            for share in claim.shares
        ],
    )


def _effect(
    loan_id: int, amount: int, receipt: receipts.ReceiptLine, *, scope: Scope, on: date
) -> Effect | None:
    """What the amount would do to the loan; None where it cannot be told."""
    try:
        tried = trials.trial(
            loan_id, amount=amount, paid_on=receipt.received_on, as_of=on, scope=scope
        )
    except (UserError, NotFound):
        return None
    problem = ""
    if not tried.moves:
        problem = gettext("a core system keeps this loan: it shows with its next file")
    elif tried.held:
        problem = gettext(
            "%(amount)s of it finds nothing due and is held as credit"
        ) % {"amount": numbers.money_text(tried.held, currency=tried.currency)}
    shares = [(short_component(part), amount) for part, amount in tried.shares.items()]
    return Effect(tried, shares, problem)


def _draft(
    query: QueryDict, receipt: receipts.ReceiptLine, *, scope: Scope, on: date
) -> Draft:
    wanted = [int(text) for text in query.getlist("loan") if _is_id(text)]
    texts = dict(zip(wanted, query.getlist("amount"), strict=False))
    unknown = ""
    number = query.get("add", "").replace("\0", "").strip()[:200]
    if number:
        named = receipts.loans_named([number], scope=scope)
        wanted += [loan.pk for loan in named]
        unknown = "" if named else number
    dropped = {text for text in query.getlist("drop")}
    ids = [pk for pk in dict.fromkeys(wanted) if str(pk) not in dropped][:_MOST_LOANS]
    lines = lines_of(ids, scope=scope)
    ids = [pk for pk in ids if pk in lines]
    law: Sequence[str] = ()
    if query.get("split") == "law" and ids:
        texts, law = _by_law(ids, lines, receipt, scope=scope)
    elif len(ids) == 1 and not texts.get(ids[0], "").strip():
        texts = {ids[0]: _plain(receipt.left, receipt.currency)}
    rows = [
        _draft_row(lines[pk], texts.get(pk, ""), receipt, scope=scope, on=on)
        for pk in ids
    ]
    return Draft(
        rows=rows,
        relation=query.get("relation", ""),
        evidence=query.get("evidence", "")[:500],
        keep_credit="keep_credit" in query,
        left=receipt.left - sum(row.amount or 0 for row in rows),
        law=law,
        unknown=unknown,
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _plain(minor: int, currency: str) -> str:
    return str(numbers.money_parts(minor, currency=currency)).replace(",", "")


def _by_law(
    ids: Sequence[int],
    lines: Mapping[int, LoanLine],
    receipt: receipts.ReceiptLine,
    *,
    scope: Scope,
) -> tuple[dict[int, str], Sequence[str]]:
    """The amounts of the law's order, and its reasons; what is left goes to no loan."""
    found = trials.spread(ids, amount=receipt.left, on=receipt.received_on, scope=scope)
    language = get_language() or "zh-hans"
    if not isinstance(found, Spread):
        return {}, [found.say(language)]
    by_number = {lines[pk].number: pk for pk in ids}
    texts = {
        by_number[share.number]: _plain(share.amount, receipt.currency)
        for share in found.shares
        if share.amount
    }
    return texts, [str(say_life(line, language)) for line in found.because]


def _draft_row(
    line: LoanLine, text: str, receipt: receipts.ReceiptLine, *, scope: Scope, on: date
) -> DraftRow:
    text, problem, amount = text.strip()[:30], "", None
    if text:
        try:
            amount = to_minor(text.replace(",", ""), receipt.currency)
        except MoneyError as error:
            problem = error.say(get_language() or "zh-hans")
    if amount is not None and amount <= 0:
        amount, problem = None, gettext("more than zero")
    if line.currency != receipt.currency:
        amount, problem = (
            None,
            gettext("the loan is in %(currency)s") % {"currency": line.currency},
        )
    effect = (
        _effect(line.loan_id, amount, receipt, scope=scope, on=on) if amount else None
    )
    return DraftRow(line, text, amount, effect, problem)


def splits_of(query: QueryDict, currency: str) -> Sequence[tuple[int, int]]:
    """The loans and amounts of a claim that was sent; MoneyError for a wrong amount."""
    pairs = zip(query.getlist("loan"), query.getlist("amount"), strict=False)
    return [
        (int(loan_id), to_minor(text.strip().replace(",", ""), currency))
        for loan_id, text in pairs
        if _is_id(loan_id)
    ]
