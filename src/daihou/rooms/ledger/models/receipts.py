"""Money that came and has no owner yet: receipts, who claims them, and for which loan."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.ledger.models.book import Loan, Payment
from daihou.rooms.ledger.states import ClaimState, ReceiptState

# What came is what came, from the moment somebody claims it.
_AS_IT_CAME = """
IF ROW(OLD.source, OLD.external_id, OLD.amount, OLD.currency, OLD.received_on)
   IS DISTINCT FROM
   ROW(NEW.source, NEW.external_id, NEW.amount, NEW.currency, NEW.received_on)
   AND EXISTS (SELECT 1 FROM ledger_receipt_claim WHERE receipt_id = OLD.id) THEN
  RAISE EXCEPTION 'a receipt that was claimed once stays as it came';
END IF;
RETURN NEW;
"""
# A decision is made once; only a confirmed claim can be taken back later.
_DECIDED_ONCE = """
IF OLD.state <> 'waiting' AND (
   NOT (OLD.state = 'confirmed' AND NEW.state = 'reversed')
   OR ROW(OLD.decided_by, OLD.decided_at, OLD.note)
      IS DISTINCT FROM ROW(NEW.decided_by, NEW.decided_at, NEW.note)) THEN
  RAISE EXCEPTION 'a claim is decided once';
END IF;
IF ROW(OLD.receipt_id, OLD.kind, OLD.amount, OLD.claimed_by, OLD.claimed_at,
       OLD.relation, OLD.evidence, OLD.reverses_id)
   IS DISTINCT FROM
   ROW(NEW.receipt_id, NEW.kind, NEW.amount, NEW.claimed_by, NEW.claimed_at,
       NEW.relation, NEW.evidence, NEW.reverses_id) THEN
  RAISE EXCEPTION 'what was claimed stays as it was claimed';
END IF;
IF NEW.state = 'confirmed' AND NEW.kind = 'post' AND NEW.amount <> (
   SELECT coalesce(sum(amount), 0) FROM ledger_receipt_share
   WHERE claim_id = NEW.id) THEN
  RAISE EXCEPTION 'the shares of a claim add up to its amount';
END IF;
RETURN NEW;
"""
_SHARE_STAYS = """
IF ROW(OLD.claim_id, OLD.loan_id, OLD.amount)
   IS DISTINCT FROM ROW(NEW.claim_id, NEW.loan_id, NEW.amount)
   OR (OLD.payment_id IS NOT NULL
       AND OLD.payment_id IS DISTINCT FROM NEW.payment_id) THEN
  RAISE EXCEPTION 'a share of a receipt stays as it was claimed';
END IF;
RETURN NEW;
"""


def _kept(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


def _before_update(name: str, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Update, func=func
    )


class Receipt(models.Model):
    """Money on the lender's account; minor units of `currency`.

    `posted` of it went to loans, `returned` back to the payer; what is left has no
    owner yet. The payer's account is sealed (`kit.secret`, about "account").
    """

    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("id at the source"), max_length=200)
    digest = models.BinaryField(max_length=16)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(null=True)
    attributes = models.JSONField(_("attributes"), default=dict)
    received_on = models.DateField(_("received on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.CharField(_("recorded by"), max_length=150)
    amount = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    payer_account = models.TextField(_("account of the payer"), blank=True)
    payer_account_digest = models.CharField(max_length=40, blank=True)
    channel = models.CharField(_("channel"), max_length=40, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    branch = models.CharField(_("branch"), max_length=40, blank=True)
    posted = models.BigIntegerField(_("posted"), default=0, db_default=0)
    returned = models.BigIntegerField(_("returned"), default=0, db_default=0)
    state = models.CharField(
        _("state"),
        max_length=12,
        default=ReceiptState.OPEN,
        db_default=ReceiptState.OPEN.value,
    )

    class Meta:
        db_table = "ledger_receipt"
        ordering = ("-received_on", "-id")
        indexes = (
            models.Index(fields=("state", "received_on", "id"), name="receipt_state"),
            models.Index(
                fields=("payer_account_digest",),
                condition=~Q(payer_account_digest=""),
                name="receipt_account",
            ),
            models.Index(fields=("received_on", "id"), name="receipt_day"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source", "external_id"), name="receipt_source_id"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, posted__gte=0, returned__gte=0),
                name="receipt_amounts",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=F("posted") + F("returned")),
                name="receipt_not_spent_twice",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ReceiptState.OPEN)
                    & Q(amount__gt=F("posted") + F("returned"))
                )
                | Q(state=ReceiptState.CLAIMED)
                | (
                    Q(state=ReceiptState.SETTLED)
                    & Q(amount=F("posted") + F("returned"))
                ),
                name="receipt_state_of_amounts",
            ),
        )
        triggers = (
            _kept("receipt_kept"),
            _before_update("receipt_as_it_came", _AS_IT_CAME),
        )


class ReceiptClaim(models.Model):
    """What one person says is to be done with a receipt, and what a second decided.

    `post` to the loans of its shares, `return` to the payer, or `reverse` the claim
    `reverses`. `relation` is the payer's to the borrower, `evidence` how one knows.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT)
    kind = models.CharField(_("kind"), max_length=10)
    state = models.CharField(_("state"), max_length=12, default=ClaimState.WAITING)
    amount = models.BigIntegerField(_("amount"))
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500)
    keep_credit = models.BooleanField(default=False)
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    claimed_by = models.CharField(_("claimed by"), max_length=150)
    claimed_at = models.DateTimeField(_("claimed at"))
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_on = models.DateField(_("business date"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        db_table = "ledger_receipt_claim"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("receipt",),
                condition=Q(state=ClaimState.WAITING),
                name="claim_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(ClaimState.WAITING, ClaimState.WITHDRAWN))
                | ~Q(decided_by=F("claimed_by")),
                name="claim_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.WAITING, decided_by="", decided_at=None)
                | (
                    ~Q(state=ClaimState.WAITING)
                    & ~Q(decided_by="")
                    & Q(decided_at__isnull=False)
                ),
                name="claim_decided_by",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(evidence=""), name="claim_has_evidence"
            ),
            models.CheckConstraint(
                condition=(Q(kind="reverse") & Q(reverses__isnull=False))
                | (Q(kind__in=("post", "return")) & Q(reverses=None)),
                name="claim_kind",
            ),
        )
        triggers = (
            _kept("claim_kept"),
            _before_update("claim_decided_once", _DECIDED_ONCE),
        )


class ReceiptShare(models.Model):
    """How much of a claimed receipt goes to one loan; `payment` once it is posted."""

    claim = models.ForeignKey(
        ReceiptClaim, on_delete=models.PROTECT, related_name="shares"
    )
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT)
    amount = models.BigIntegerField(_("amount"))
    payment = models.OneToOneField(Payment, null=True, on_delete=models.PROTECT)

    class Meta:
        db_table = "ledger_receipt_share"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("claim", "loan"), name="share_loan_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_positive"),
        )
        triggers = (
            _kept("share_kept"),
            _before_update("share_stays", _SHARE_STAYS),
        )
