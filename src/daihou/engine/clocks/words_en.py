"""What clocks say in English."""

from collections.abc import Mapping
from types import MappingProxyType

_STATES = {
    "=not_begun": "not begun",
    "=running": "running",
    "=stopped": "stopped",
    "=due": "due: an assessment is needed",
    "=met": "met in time",
    "=late": "done, but late",
    "=expired": "over",
    "=no_rule": "no rule can be cited",
}
_CLOCKS = {
    "=limitation": "limitation",
    "=mortgage": "time to use the mortgage",
    "=guarantee": "guarantee period",
    "=enforcement": "time to apply for enforcement",
    "=observation": "observation",
    "=complaint": "time to answer the complaint",
    "=credit_dispute": "time to answer the credit dispute",
    "=credit_complaint": "time to handle the credit complaint",
    "=adverse_data": "time adverse data is kept",
    "=blame": "time to find blame",
    "=audit_report": "time for the audit report",
    "=finance_report": "time to report to the finance authority",
    "=foreclosed": "time to dispose of the foreclosed asset",
    "=evaluation": "time to evaluate the agency",
    "=payment_order_accept": "time for the court to take the payment order",
    "=payment_order_issue": "time for the court to issue the payment order",
    "=payment_order_object": "time to object to the payment order",
    "=transfer_pilot": "pilot of transferring bad loans",
}
_EVENTS = {
    "=demand": "demand",
    "=suit_or_arbitration": "suit or arbitration",
    "=obstacle": "obstacle",
    "=instalment_promise": "promise of instalments",
    "=part_payment": "part payment",
    "=new_security": "new security",
    "=request_to_defer": "request for time",
    "=repayment_plan": "plan of repayment",
    "=payment_order_application": "application for a payment order",
    "=insolvency_claim": "claim in insolvency",
    "=preservation_before_suit": "preservation before suit",
    "=enforcement_application": "application for enforcement",
    "=assignment_notice": "notice of assignment",
    "=signed_demand": "demand signed by the debtor",
    "=document_delivered": "document delivered",
    "=message_arrived": "letter or data message arrived",
    "=direct_debit": "agreed debit",
    "=media_notice_if_missing": "media notice, debtor missing",
    "=call_recording": "recording of a call",
    "=handwritten_note": "handwritten note",
    "=staff_statement": "statement of staff",
    "=call_to_debtor": "call to the debtor",
    "=suit_against_debtor": "suit against the debtor",
    "=arbitration_against_debtor": "arbitration against the debtor",
    "=claim_on_guarantor": "claim on the guarantor",
    "=suit_against_guarantor": "suit against the guarantor",
    "=late_signature": "guarantor's signature after the period",
    "=marked_complex": "marked as complex",
    "=extended": "extended by a higher level",
    "=answered": "answer",
    "=deleted": "deletion",
    "=found": "blame found",
    "=reported": "report",
    "=disposed": "disposal",
    "=accepted": "taken by the court",
    "=issued": "issued by the court",
    "=objected": "objection",
    "=evaluated": "evaluation",
    "=restructured": "restructuring",
    "=missed": "missed payment",
    "=turned_bad": "turned bad",
    "=solved": "difficulty found solved",
    "=unsolved": "difficulty found unsolved",
    "=general": "a general guarantee",
    "=joint": "a joint guarantee",
    "=unit_days": "days",
    "=unit_months": "months",
    "=unit_years": "years",
    "=real_estate": "real estate",
    "=equity": "equity",
    "=movable": "movable",
    "=bank": "bank",
    "=consumer_finance": "consumer-finance company",
    "=microloan": "small-loan company",
    "=assignee": "assignee",
    "=private_lending": "private lender",
}
_COMMON = {
    "answer": "{subject}, {clock}: {answer} (end of {as_of})",
    "moved": "The last day {day} is off; it moves to {to}",
    "calendar_unknown": "The days off of the year of {day} are not known; nothing moves",
    "no_rule": "No rule can be cited ({rule_id}, {licence}); nothing is asserted",
    "ends": "It ends on {ends_on}, in {days} days",
    "over_since": "It ended on {ends_on}, {days} days ago",
    "not_listed": "{on} {kind}: none of what the rule lists; it does not count",
    "flip_as_of": "On {becomes}: {answer}",
    "flip_as_of_on": "With nothing more until {on}: {answer}",
}
_LIMITATION = {
    "begins": "From {begins_on}, {amount} years: to {to}",
    "demand_proved": "{on} {kind} ({evidence}): interrupts, counted anew to {ends_on}",
    "evidence_not_listed": (
        "{on} {kind}: the proof ({evidence}) is none of those listed; it does not count"
    ),
    "not_signed": "{on} {kind} ({evidence}): no proof that it was received",
    "not_arrived": "{on} {kind} ({evidence}): no proof that it arrived",
    "not_financial": "{on} {kind} ({evidence}): counts for financial institutions only",
    "debtor_not_missing": "{on} {kind} ({evidence}): the debtor was not missing",
    "acknowledged": "{on} {kind}: acknowledges, counted anew to {ends_on}",
    "suit_pending": "{on} {kind}: interrupts; while it lasts nothing is counted",
    "suit_ended": "{on} {kind}: interrupts, counted from its end to {ends_on}",
    "notice_arrived": "{on} {kind} arrived: interrupts, counted anew to {ends_on}",
    "waived": (
        "{on} {kind}: after the end it can waive the defence, counted to {ends_on}; "
        "legal has to confirm"
    ),
    "after_expiry": "{on} {kind}: after the end nothing is interrupted",
    "before_begin": "{on} {kind}: before the beginning there is nothing to interrupt",
    "obstacle": (
        "An obstacle from {on} to {until}, in the last {suspension_months} months: "
        "suspended; it ends {months_after_obstacle} months after the obstacle"
    ),
    "obstacle_too_early": (
        "An obstacle from {on} to {until}, not in the last {suspension_months} months: "
        "nothing is suspended"
    ),
    "mortgage_falls": "A mortgage has to be used before the claim is time-barred",
    "applied": "Enforcement was applied for on {on}",
    "applied_late": "Enforcement was applied for on {on}, too late",
    "flip_demand_proved": "With a demand that is proved: to {answer}",
    "flip_demand_proved_on": "With a demand on {on} that is proved: to {answer}",
    "flip_signed_demand": "If the debtor signs a demand: {answer} (legal to confirm)",
}
_GUARANTEE = {
    "form_unclear": "The form is unclear: {form}",
    "to_save": "Within the period, for {form}: {acts}",
    "until_paid": (
        "'Until paid' is unclear: {months_if_silent} months from {due_on}, to {to}"
    ),
    "period_silent": "No period agreed: {months_if_silent} months from {due_on}, to {to}",
    "not_after_due": (
        "The agreed {agreed} is no later than the due date {due_on}, so none is "
        "agreed: {months_if_silent} months, to {to}"
    ),
    "period_agreed": "The agreed period ends on {agreed}",
    "guarantee_saves": "{on} {kind}: within the period, it saves the guarantee",
    "guarantee_does_not_save": "{on} {kind}: does not save a guarantee of this form",
    "guarantee_other_guarantor": (
        "{on} {kind}: what was done to {party} does not touch {guarantor}"
    ),
    "guarantee_before_due": "{on} {kind}: before the debt was due",
    "guarantee_too_late": "{on} {kind}: the period is over and does not revive",
    "guarantee_not_proved": "{on} {kind}: there is no proof",
    "saved_general": "The debtor was sued on {on}; limitation of the guarantee follows",
    "saved_joint": "Claimed on {on}; from then limitation of the guarantee runs",
    "released": "Nothing saved it by {end}: the guarantor is released",
    "flip_suit_against_debtor": "With a suit against the debtor: {answer}",
    "flip_suit_against_debtor_on": "With a suit against the debtor by {on}: {answer}",
    "flip_arbitration_against_debtor": "With arbitration: {answer}",
    "flip_arbitration_against_debtor_on": "With arbitration by {on}: {answer}",
    "flip_claim_on_guarantor": "With a proved claim on the guarantor: {answer}",
    "flip_claim_on_guarantor_on": "With a proved claim on the guarantor by {on}: {answer}",
    "flip_suit_against_guarantor": "With a suit against the guarantor: {answer}",
    "flip_suit_against_guarantor_on": (
        "With a suit against the guarantor by {on}: {answer}"
    ),
}
_OTHERS = {
    "complaint_simple": "From {received_on}, {simple_days} days: to {to}",
    "answered": "Answered on {on}",
    "answered_late": "Answered on {on}, after {to}",
    "marked_complex": "Marked as complex on {on}: to {to}",
    "extended": "Extended by a higher level on {on}: to {to}",
    "step_out_of_turn": "{on} {kind}: out of turn, extends nothing",
    "step_too_late": "{on} {kind}: too late, extends nothing",
    "flip_marked_complex": "If marked as complex: to {answer}",
    "flip_marked_complex_on": "If marked as complex by {on}: to {answer}",
    "flip_extended": "If a higher level extends it: to {answer}",
    "flip_extended_on": "If a higher level extends it by {on}: to {answer}",
    "counts": "From {begins_on}, {amount} {unit}: to {to}",
    "asset_not_named": "The rule does not speak of {asset}, only of {kinds}",
    "done": "{on} {kind}, in time",
    "done_late": "{on} {kind}, after {ends_on}",
    "evaluation_counts": (
        "To be evaluated within {months_between} months of {begins_on}: by {to}"
    ),
    "evaluated": "Evaluated on {on}; next by {ends_on}",
    "evaluated_late": "Evaluated on {on}, late; next by {ends_on}",
    "before_contract_end": "The contract ends on {on}; to be evaluated before",
    "evaluated_before_end": "Evaluated before the contract ends on {on}",
    "pilot_until": "The pilot lasts to {last_day}",
    "observation_restructured": (
        "{on} restructured (time {times}): from the first due date {first_due_on} at "
        "least {months} months and {periods} periods, to {until}"
    ),
    "observation_missed": "{on} missed payment: counted anew to {until}",
    "observation_turned_bad": "{on} turned bad: counted anew to {until}",
    "observation_solved": "{on} found solved: the observation is over",
    "observation_unsolved": "{on} found unsolved: counted anew to {until}",
    "observation_unmoved": "{on} {kind}: the observation stays as it is",
    "nothing_observed": "No restructuring, so nothing is observed",
    "flip_missed": "If a payment were missed on {becomes}: observed to {answer}",
}
ENGLISH: Mapping[str, str] = MappingProxyType(
    _STATES | _CLOCKS | _EVENTS | _COMMON | _LIMITATION | _GUARANTEE | _OTHERS
)
