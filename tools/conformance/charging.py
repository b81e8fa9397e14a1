"""The charges of a case: agreed at the start, added later, or for what is overdue."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.charges import assess
from daihou.engine.ledger.moving.state import Charge
from daihou.engine.ledger.moving.terms import PlanTerms
from tools.conformance.terms import day, minor

_AT_ONCE = "enable-immediate-charge-accrual-post-maturity"


class Charging:
    """The part of a driver that knows charges."""

    account: PlanAccount
    terms: PlanTerms
    loan: Mapping[str, Any]
    catalogue: Mapping[str, Any]
    today: date
    config: dict[str, str]

    def announce_charges(self, first: int) -> None:
        """Work out charges at disbursement for the money that is expected."""
        state = self.account.state
        for charge in list(state.charges):
            if charge.when == "disbursement":
                assess(state, charge)
            elif charge.when == "tranche_disbursement":
                charge.due = self.terms.start_on
                assess(state, charge, disbursed=first)

    def first_charges(self) -> None:
        """Add the charges agreed on and those of the product."""
        given = list(self.loan.get("initial_charges") or ())
        for each in given:
            self._add_charge(each["charge"], each.get("amount"))
        for name in self.loan.get("product_charges") or ():
            overdue = self.catalogue.get(name, {}).get("when") == "overdue"
            if not overdue and not any(each["charge"] == name for each in given):
                self._add_charge(name, None)

    def _add_charge(self, name: str, amount: str | None) -> Charge:
        known = self.catalogue.get(name, {})
        charge = Charge(
            number=self.account.next_seq(),
            name=name,
            penalty=bool(known.get("penalty")),
            when=str(known.get("when", "specified_due_date")),
            calculation=str(known.get("calculation", "flat")),
            rate=Decimal(str(amount or known.get("default_amount", "0"))),
            submitted_on=self.today,
            seq=self.account.next_seq(),
        )
        self.account.state.charges.append(charge)
        return charge

    def overdue_charges(self, on: date) -> None:
        """Charge for each overdue instalment once, on its due date."""
        state = self.account.state
        for name in self.loan.get("product_charges") or ():
            known = self.catalogue.get(name, {})
            if known.get("when") != "overdue" or self.account.status != "active":
                continue
            for row in list(state.normal):
                had = any(c.name == name and c.due == row.due for c in state.charges)
                if row.due > on or not row.open or had:
                    continue
                charge = self._add_charge(name, None)
                state.charges.remove(charge)
                charge.due = row.due
                self.account.charge_overdue(charge, row, today=on)

    def op_charge(self, step: Mapping[str, Any]) -> None:
        known = self.catalogue.get(step["charge"], {})
        due = step.get("due_date")
        when = step.get("when") or known.get("when") or "specified_due_date"
        if due:
            when = "specified_due_date"
        charge = Charge(
            number=self.account.next_seq(),
            name=step["charge"],
            penalty=bool(step.get("penalty", known.get("penalty"))),
            when=when,
            calculation=step.get("calculation") or known.get("calculation", "flat"),
            rate=Decimal(str(step["amount"])),
            submitted_on=self.today,
            seq=self.account.next_seq(),
            due=day(due) if due else None,
        )
        self.account.charge(charge, today=self.today)
        past = self.today > max(row.due for row in self.account.state.normal)
        if past and self.config.get(_AT_ONCE) == "enabled":
            self.account.book_charge(charge, self.today)

    def _last_charge(self) -> Charge:
        return self.account.state.charges[-1]

    def op_waive_charge(self, _: Mapping[str, Any]) -> None:
        charge = self._last_charge()
        on = min(charge.due or self.today, self.today)
        self.account.waive(charge, on, today=self.today)

    def op_undo_waive_charge(self, _: Mapping[str, Any]) -> None:
        self.account.undo_waive(self._last_charge(), today=self.today)

    def op_charge_adjustment(self, step: Mapping[str, Any]) -> None:
        due = day(step["due_date"])
        charge = next(
            (
                each
                for each in self.account.state.charges
                if each.name == step["charge"] and each.due == due
            ),
            None,
        )
        self.account.post(
            "charge_adjustment",
            self.today,
            minor(step["amount"]),
            today=self.today,
            charge=charge,
        )
