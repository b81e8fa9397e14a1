"""One case, step by step: their operations on our loan."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from daihou.engine.delinquency.pauses import PauseAction
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.answers import payoff
from daihou.engine.ledger.moving.state import Entry
from tools.conformance.charging import Charging
from tools.conformance.finding import find
from tools.conformance.lateness import Lateness, ranges_of
from tools.conformance.terms import day, minor, plan_terms, yearly
from tools.conformance.views import NAMES

_DAY = timedelta(days=1)
_MOST_DAYS = 40 * 366 * _DAY
_NO_WRITE = frozenset(
    {"set_date", "advance_date", "config", "cob", "cob_catch_up", "delinquency_pause"}
)


class NotUnderstood(Exception):
    """An operation this driver has no words for."""


def _tranche(given: Mapping[str, Any]) -> dict[str, Any]:
    on, amount = day(given["date"]), minor(given["amount"])
    return {"on": on, "amount": amount, "paid": None, "net": None}


def _first_tranches(
    loan: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the tranches known from the start: those no later step announces."""
    later = [_tranche(each) for each in steps if each.get("op") == "expect_tranche"]
    given = [_tranche(each) for each in loan.get("expected_tranches") or ()]
    return [each for each in given if each not in later]


class Driver(Charging):
    """One loan of a case and the day it is on."""

    def __init__(
        self,
        loan: Mapping[str, Any],
        meta: Mapping[str, Any],
        steps: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Open the loan as it was applied for; `steps` are those still to come."""
        self.loan, self.catalogue = loan, meta.get("charges") or {}
        self.terms = plan_terms(loan)
        self.account = PlanAccount(self.terms)
        self.today = self.terms.start_on
        self.approved = 0
        self.expected_on = self.terms.start_on
        self.account.posts_activity = bool(loan.get("accrual_activity_posting"))
        self.lateness = Lateness(
            grace=int(loan.get("arrears_grace_days") or 0),
            ranges=ranges_of(meta.get("delinquency_bucket")),
        )
        self.config: dict[str, str] = {}
        self.tranches = _first_tranches(loan, steps)
        self.by_tranche = bool(self.tranches)
        self.first_charges()
        self._expect()
        self.announce_charges(self.expected()[0][1])

    def expected(self) -> list[tuple[date, int]]:
        """Return the money that is expected: tranches, or what was approved."""
        waiting = [each for each in self.tranches if each["paid"] is None]
        if waiting:
            return [(each["on"], each["amount"]) for each in waiting]
        return [(self.expected_on, self.approved or self.terms.principal)]

    def _expect(self) -> None:
        self.account.expect(self.expected())

    def run(self, step: Mapping[str, Any]) -> None:
        """Do one operation."""
        name = step["op"]
        method: Callable[[Mapping[str, Any]], None] | None = getattr(
            self, f"op_{name}", None
        )
        if method is None:
            raise NotUnderstood(name)
        if name not in _NO_WRITE and self._is_behind():
            self.lateness.classify(self.account, self.today - _DAY)
        method(step)
        if name not in ("set_date", "config", "cob", "cob_catch_up", "advance_date"):
            self._classify()

    def _is_behind(self) -> bool:
        """Tell whether day-ends are missing: lateness is then judged before a write."""
        last = self.account.last_day_end
        behind = last is None or last < self.today - _DAY
        return behind and self.account.status == "active"

    def _classify(self) -> None:
        if self.account.status not in ("submitted", "approved"):
            self.lateness.classify(self.account, self.today)

    def _day_ends(self) -> None:
        last = self.account.last_day_end
        end = self.today - _DAY
        day_ = end if last is None else last + _DAY
        if end - day_ > _MOST_DAYS:
            raise NotUnderstood(f"day-ends from {day_} to {end}")
        while day_ <= end and self.account.status == "active":
            self._day_end(day_)
            day_ += _DAY

    def _day_end(self, on: date) -> None:
        self.overdue_charges(on)
        self.account.day_end(on)
        if self.account.status == "active":
            self.lateness.classify(self.account, on + _DAY)

    # Time

    def op_set_date(self, step: Mapping[str, Any]) -> None:
        self.today = day(step["date"])

    def op_advance_date(self, step: Mapping[str, Any]) -> None:
        self.today += timedelta(days=int(step["days"]))

    def op_cob(self, _: Mapping[str, Any]) -> None:
        if self.account.status in ("submitted", "approved", "rejected"):
            return
        self._day_ends()

    def op_cob_catch_up(self, step: Mapping[str, Any]) -> None:
        self.op_cob(step)

    def op_classify_delinquency(self, _: Mapping[str, Any]) -> None:
        self._classify()

    def op_job(self, step: Mapping[str, Any]) -> None:
        if "accrual" in step.get("name", "") and "activity" not in step["name"]:
            self.account.book_income(self.today)
        elif step.get("name") == "recalculate_interest_for_loans":
            self.account.recalculate(self.today)

    def op_config(self, step: Mapping[str, Any]) -> None:
        self.config[step["key"]] = step["value"]
        if step["key"] == "charge-accrual-date":
            self.account.by_submission = step["value"] == "submitted-date"

    # Before disbursement

    def op_approve(self, step: Mapping[str, Any]) -> None:
        self.approved = minor(step["amount"])
        self.account.status = "approved"
        self.expected_on = day(step.get("expected_disbursement") or step["date"])
        self._expect()

    def op_undo_approval(self, _: Mapping[str, Any]) -> None:
        self.account.status = "submitted"

    def op_reject(self, _: Mapping[str, Any]) -> None:
        self.account.status = "rejected"

    def op_withdraw(self, _: Mapping[str, Any]) -> None:
        self.account.status = "withdrawn"

    def op_update_approved_amount(self, step: Mapping[str, Any]) -> None:
        self.approved = minor(step["amount"])

    def op_expect_tranche(self, step: Mapping[str, Any]) -> None:
        paid = sum(each.amount for each in self.account.state.live("disbursement"))
        net = paid or self.approved or self.terms.principal
        self.tranches.append(_tranche(step) | {"net": net})
        self.by_tranche = True
        if self.account.status in ("submitted", "approved"):
            self._expect()

    # Disbursement

    def op_disburse(self, step: Mapping[str, Any]) -> None:
        on, amount = day(step["date"]), minor(step["amount"])
        held = self.account.state.over
        self.account.disburse(on, amount, today=self.today)
        tranche = next((each for each in self.tranches if each["paid"] is None), None)
        if tranche is not None:
            tranche.update(paid=on, amount=amount)
        elif self.terms.several_disbursements:
            self.tranches.append({"on": on, "amount": amount, "paid": on, "net": None})
        down = (
            self.terms.down_payment(amount)
            if held < self.terms.down_payment(amount)
            else 0
        )
        automatic = self.terms.down_payment_automatic
        if down and automatic and not step.get("without_auto_down_payment"):
            self.account.post("down_payment", on, down - held, today=self.today)

    def op_undo_disbursal(self, _: Mapping[str, Any]) -> None:
        self.account.restart()
        for tranche in self.tranches:
            tranche["paid"] = None
        self._expect()
        self.account.status = "approved"

    def op_undo_last_disbursal(self, _: Mapping[str, Any]) -> None:
        self.account.undo_last_disbursement(today=self.today)

    # Money

    def op_repayment(self, step: Mapping[str, Any]) -> None:
        on, amount = day(step["date"]), minor(step["amount"])
        self.account.post("repayment", on, amount, today=self.today)

    def op_payoff(self, step: Mapping[str, Any]) -> None:
        on = day(step["date"])
        amount = payoff(self.account.state, on)
        self.account.post("repayment", on, amount, today=self.today)

    def op_transaction(self, step: Mapping[str, Any]) -> None:
        kind = step["type"]
        if kind == "payout_refund_of_repayment":
            kind = "payout_refund"
        if kind == "refund_by_cash":
            kind = "refund"
        if kind not in NAMES:
            raise NotUnderstood(kind)
        on, amount = day(step["date"]), minor(step["amount"])
        entry = self.account.post(kind, on, amount, today=self.today)
        if kind in self.terms.refunds_interest and step.get("interest_refund", True):
            self.account.refund_interest(entry, today=self.today)

    def op_interest_refund(self, step: Mapping[str, Any]) -> None:
        on = day(step["for_date"])
        entry = next(
            e
            for e in reversed(self.account.state.entries)
            if e.kind == step["for_type"] and e.on == on
        )
        self.account.post(
            *("interest_refund", entry.on, minor(step["amount"])),
            today=self.today,
            of=entry,
        )

    def op_credit_balance_refund(self, step: Mapping[str, Any]) -> None:
        self.account.post(
            "credit_balance_refund",
            day(step["date"]),
            minor(step["amount"]),
            today=self.today,
        )

    def op_chargeback(self, step: Mapping[str, Any]) -> None:
        source = self.find(step["of"])
        on = day(step["date"]) if "date" in step else self.today
        self.account.post(
            "chargeback", on, minor(step["amount"]), today=self.today, of=source
        )

    def op_reverse(self, step: Mapping[str, Any]) -> None:
        entry = self.find(step)
        self.account.reverse(entry, today=self.today)

    def op_adjust_repayment(self, step: Mapping[str, Any]) -> None:
        entry = self.find({"nth": step["nth"], "among": "repayment"})
        self.account.reverse(entry, today=self.today)
        amount = minor(step["amount"])
        if amount:
            on = day(step["date"])
            self.account.post("repayment", on, amount, today=self.today)

    def find(self, step: Mapping[str, Any]) -> Entry:
        """Return the entry a step means."""
        return find(self.account.state.entries, step)

    # The end of the loan, and a new plan for it

    def op_charge_off(self, step: Mapping[str, Any]) -> None:
        self.account.close("charge_off", day(step["date"]), today=self.today)

    def op_undo_charge_off(self, _: Mapping[str, Any]) -> None:
        self.account.undo("charge_off", today=self.today)

    def op_contract_termination(self, _: Mapping[str, Any]) -> None:
        self.account.close("contract_termination", self.today, today=self.today)

    def op_undo_contract_termination(self, _: Mapping[str, Any]) -> None:
        self.account.undo("contract_termination", today=self.today)

    def op_write_off(self, step: Mapping[str, Any]) -> None:
        self.account.post("write_off", day(step["date"]), 0, today=self.today)

    def op_reage(self, step: Mapping[str, Any]) -> None:
        self.account.reshape(
            "reage",
            self.today,
            {
                "every": int(step["every"]),
                "unit": step["unit"],
                "start": day(step["start"]),
                "installments": int(step["installments"]),
            },
            today=self.today,
        )

    def op_undo_reage(self, _: Mapping[str, Any]) -> None:
        self.account.undo("reage", today=self.today)

    def op_reamortize(self, _: Mapping[str, Any]) -> None:
        self.account.reshape("reamortize", self.today, {}, today=self.today)

    def op_undo_reamortize(self, _: Mapping[str, Any]) -> None:
        self.account.undo("reamortize", today=self.today)

    def op_reschedule(self, step: Mapping[str, Any]) -> None:
        since = day(step["from"])
        if step.get("grace_principal"):
            self.account.vary(
                "grace", since, int(step["grace_principal"]), today=self.today
            )
        if step.get("extra_terms"):
            self.account.vary(
                "extra", since, int(step["extra_terms"]), today=self.today
            )
        if step.get("new_due_date"):
            self.account.vary(
                "new_due", since, day(step["new_due_date"]), today=self.today
            )
        if step.get("new_rate_percent"):
            rate = yearly(step["new_rate_percent"], "year")
            self.account.vary("new_rate", since, rate, today=self.today)

    def op_interest_pause(self, step: Mapping[str, Any]) -> None:
        past = day(step["end"])
        self.account.vary("pause", day(step["start"]), past, today=self.today)

    # Delinquency

    def op_delinquency_pause(self, step: Mapping[str, Any]) -> None:
        action = PauseAction(day(step["start"]), day(step["end"]))
        self.lateness.actions.append(action)

    def op_delinquency_resume(self, step: Mapping[str, Any]) -> None:
        self.lateness.actions.append(PauseAction(day(step["start"])))


__all__ = ["Driver", "NotUnderstood"]
