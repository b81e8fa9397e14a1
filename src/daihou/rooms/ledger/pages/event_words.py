"""What the events of the ledger are called in a story."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

WORDS: Mapping[str, object] = {
    "payment.received": pgettext_lazy("event", "Payment posted"),
    "payment.reversed": pgettext_lazy("event", "Payment reversed"),
    "charge.recorded": pgettext_lazy("event", "Charge recorded"),
    "schedule.extended": pgettext_lazy("event", "Plan extended"),
    "receipt.recorded": pgettext_lazy("event", "Receipt written down"),
    "receipt.claimed": pgettext_lazy("event", "Claimed"),
    "receipt.posted": pgettext_lazy("event", "Confirmed and posted"),
    "receipt.claim_refused": pgettext_lazy("event", "Claim refused"),
    "receipt.claim_withdrawn": pgettext_lazy("event", "Claim withdrawn"),
    "receipt.return_asked": pgettext_lazy("event", "Asked to send it back"),
    "receipt.returned": pgettext_lazy("event", "Sent back to the payer"),
    "receipt.reversal_asked": pgettext_lazy("event", "Asked to reverse a claim"),
    "receipt.reversed": pgettext_lazy("event", "Claim reversed"),
    "customer.noted": pgettext_lazy("event", "Note written"),
    "customer.statement": pgettext_lazy("event", "Statement made"),
    "customer.corrected": pgettext_lazy("event", "Customer corrected"),
    "loan.corrected": pgettext_lazy("event", "Loan corrected"),
    "personal.revealed": pgettext_lazy("event", "Personal value looked at"),
    "personal.erased": pgettext_lazy("event", "Personal data removed"),
    "hold.placed": pgettext_lazy("event", "Legal hold placed"),
    "hold.lifted": pgettext_lazy("event", "Legal hold lifted"),
    "ledger.exported": pgettext_lazy("event", "Ledger exported"),
}
