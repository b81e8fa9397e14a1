"""Limits for rehearsals are the caps and quiet times that the gate itself asks."""

from datetime import date, time

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.checks import Cap, Counts, Hours, Per, Quiet, Scope
from daihou.engine.strategy.limits import Limit, limits
from daihou.packs import law

ON = date(2026, 11, 20)


def test_each_cap_becomes_a_limit_for_the_actions_it_counts() -> None:
    cap = Cap("R1", Scope(), Counts.CONNECTED, Per.PERSON, 3)
    voice = frozenset({"call", "robot_call"})
    wanted = Limit("R1", "call", Per.PERSON, 3, 1, voice, connected=True)
    assert limits([cap]) == (wanted,)
    every = Cap("R2", Scope(), Counts.CONTACTS, Per.PERSON_AND_DEBT, 7, 7)
    assert {each.action for each in limits([every])} == {
        *("message", "offer", "call", "letter", "visit")
    }
    assert all(each.channels is None for each in limits([every]))


def test_hours_reach_over_midnight_and_quiet_counts_conversations() -> None:
    hourly = Cap("R3", Scope(), Counts.MESSAGES, Per.CONTACT_POINT, 1, hours=24)
    assert {each.days for each in limits([hourly])} == {2}
    quiet = Quiet("R4", Scope(), Per.PERSON, 7)
    (limit,) = limits([quiet])
    assert (limit.action, limit.most, limit.days) == ("call", 1, 7)
    assert limit.conversation and not limit.connected


def test_what_is_about_others_or_no_limit_is_left_out() -> None:
    others = Scope(roles=frozenset({"contact_person"}))
    remind = Scope(purposes=frozenset({"remind"}))
    visits = Scope(channels=frozenset({"visit"}))
    checks = [
        Cap("R5", others, Counts.CONTACTS, Per.PERSON, 1),
        Cap("R6", remind, Counts.CONTACTS, Per.PERSON, 1),
        Hours("R7", Scope(), time(8), time(20)),
    ]
    assert limits(checks) == ()
    (limit,) = limits([Cap("R8", visits, Counts.CONTACTS, Per.PERSON, 1)])
    assert limit.action == "visit"


def test_the_law_of_the_day_has_limits_for_calls() -> None:
    book = GateBook(law.known())
    found = limits(book.checks(ON, "cn", "consumer_finance"))
    assert "CN-COL-02" in {each.rule for each in found if each.action == "call"}
