"""The page on which a clock is started: the kinds there are, and what each needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from daihou.engine.clocks.guarantee import FORMS
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.clocks import words
from daihou.rooms.clocks.actions.starting import ASSETS
from daihou.rooms.clocks.states import GROUPS, NEED_LOAN, NOT_STARTED
from daihou.rooms.ledger import door as ledger

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """The form; `loan` None for a clock of the house."""

    loan: ledger.reading.LoanLine | None
    kinds: Sequence[tuple[str, Sequence[Choice]]]
    assets: Sequence[Choice]
    forms: Sequence[Choice]
    guarantors: Sequence[Choice]


def page(loan_id: int | None, *, scope: Scope) -> Page:
    """The form for a loan of the scope, or NotFound; for the house without one."""
    loan, guarantors = None, []
    if loan_id is not None:
        loan = ledger.reading.lines_of([loan_id], scope=scope).get(loan_id)
        if loan is None:
            raise NotFound(
                "loan_unknown",
                gettext("There is no such loan among those you may see."),
                loan=loan_id,
            )
        found = ledger.reading.guarantors_of([loan_id]).get(loan_id, ())
        guarantors = [(str(each.customer_id), each.name) for each in found]
    kinds = []
    for group, members in GROUPS.items():
        offered = [
            (kind.value, words.code_word(kind.value))
            for kind in members
            if kind not in NOT_STARTED
            and (loan_id is not None or kind not in NEED_LOAN)
        ]
        if offered:
            kinds.append((words.group_word(group), offered))
    return Page(
        loan=loan,
        kinds=kinds,
        assets=[(each, words.asset_word(each)) for each in ASSETS],
        forms=[(each, words.form_word(each)) for each in FORMS],
        guarantors=guarantors,
    )
