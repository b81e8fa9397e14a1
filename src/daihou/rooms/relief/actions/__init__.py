"""The only writer: what is asked for, decided, agreed, judged and planned."""

from daihou.rooms.relief.actions.agreeing import (
    accept,
    cancel,
    counter,
    resume,
    skip,
    suspend,
    withdraw,
)
from daihou.rooms.relief.actions.asking import (
    WaiverWish,
    ask_change_of_terms,
    ask_plan,
    ask_settlement,
    ask_waiver,
)
from daihou.rooms.relief.actions.common import Deed, ReliefHasMoved
from daihou.rooms.relief.actions.deciding import carry_out, turned_down
from daihou.rooms.relief.actions.ending import end_with_cases
from daihou.rooms.relief.actions.following import follow, judge_all
from daihou.rooms.relief.actions.household import NOTICE, judge_households
from daihou.rooms.relief.actions.offering import (
    PlanWish,
    SettlementWish,
    weigh_plan,
    weigh_settlement,
    weigh_waiver,
)
from daihou.rooms.relief.actions.policies import carry_out_policy, propose_policy
from daihou.rooms.relief.actions.terms import TERMS, TermsWish, weigh_terms
from daihou.rooms.relief.actions.weighing import DIFFICULTIES, Weighed, standing

__all__ = [
    "DIFFICULTIES",
    "NOTICE",
    "TERMS",
    "Deed",
    "PlanWish",
    "ReliefHasMoved",
    "SettlementWish",
    "TermsWish",
    "WaiverWish",
    "Weighed",
    "accept",
    "ask_change_of_terms",
    "ask_plan",
    "ask_settlement",
    "ask_waiver",
    "cancel",
    "carry_out",
    "carry_out_policy",
    "counter",
    "end_with_cases",
    "follow",
    "judge_all",
    "judge_households",
    "propose_policy",
    "resume",
    "skip",
    "standing",
    "suspend",
    "turned_down",
    "weigh_plan",
    "weigh_settlement",
    "weigh_terms",
    "weigh_waiver",
    "withdraw",
]
