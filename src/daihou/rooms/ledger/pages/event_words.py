"""What the events of the ledger are called in a story."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

WORDS: Mapping[str, object] = {
    "payment.received": pgettext_lazy("event", "Payment posted"),
    "payment.reversed": pgettext_lazy("event", "Payment reversed"),
    "charge.recorded": pgettext_lazy("event", "Charge recorded"),
    "schedule.extended": pgettext_lazy("event", "Plan extended"),
    "loan.relieved": pgettext_lazy("event", "Relief posted"),
    "loan.relief_reversed": pgettext_lazy("event", "Relief taken back"),
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
    "canary.set": pgettext_lazy("event", "Canary set"),
    "canary.ended": pgettext_lazy("event", "Canary ended"),
    "canary.touched": pgettext_lazy("event", "Canary touched"),
    "retention.planned": pgettext_lazy("event", "Deletion planned"),
    "retention.done": pgettext_lazy("event", "Deletion carried out"),
    "retention.dropped": pgettext_lazy("event", "Plan of a deletion dropped"),
    "keys.added": pgettext_lazy("event", "Encryption key added"),
    "keys.dropped": pgettext_lazy("event", "Encryption key dropped"),
    "keys.resealed": pgettext_lazy("event", "Sealed anew with the newest key"),
}
