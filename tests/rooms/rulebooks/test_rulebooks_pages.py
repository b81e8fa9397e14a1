"""The pages and the API of the rules: who opens what, what stands there, what is asked."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daihou.config import clock
from daihou.packs import law
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import cases, drafting, forms
from daihou.rooms.rulebooks import door as rulebooks
from daihou.rooms.rulebooks.case_kinds import Result
from daihou.rooms.rulebooks.models import PolicyChange
from tests.rooms import ruling
from tests.rooms.approving import login
from tests.rooms.cast import AT
from tests.rooms.ruling import CALLS, CHAT, MOST, agreed, propose
from tests.rooms.test_pages import signed_in, text_of

Two = tuple[people.Person, people.Person]
two = ruling.two
known_impact = ruling.known_impact
LANGUAGES = ("en", "zh-hans")
FAR = "2099-01-01"  # after any day on which these tests run
READERS = {
    "rita": "risk",
    "cora": "compliance",
    "lena": "legal",
    "ada": "admin",
    "audra": "auditor",
    "susa": "supervisor",
    "bert": "branch_manager",
}


def text_at(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response
    return text_of(response)


def addresses(proposal: approvals.Proposal) -> tuple[str, ...]:
    """Every page of the room."""
    return (
        "/law/",
        "/law/?pack=all&status=unverified&q=call&area=COL&licence=bank&force=law&own=1",
        "/law/?pack=rubbish&status=x&on=2026-02-31&licence=nobody",
        f"/law/rules/{CALLS}/",
        f"/law/rules/{CHAT}/?on=2000-01-01",
        f"/law/rules/{CALLS}/turn/?version=2025-02-28&to=2026-01-01",
        "/law/compare/",
        "/law/compare/?a=2025-01-01&a_book=law&b=2026-02-01&b_book=law",
        "/law/changes/",
        f"/law/proposals/{proposal.id}/",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_for_who_reads_the_law_in_both_languages(
    two: Two, language: str
) -> None:
    agreed(*two)
    waits = propose(two[0], rule=CHAT, step="off", values={})
    for who, role in READERS.items():
        if who not in ("lena", "cora"):
            login(
                who, role, "north" if role in ("supervisor", "branch_manager") else ""
            )
        client = signed_in(who, language=language)
        for address in addresses(waits):
            if "proposals" in address and role not in ("legal", "compliance"):
                continue  # of the house: for who takes part in it
            page = text_at(client, address)
            assert "<script>" not in page and " onclick=" not in page
            chinese = bool(re.search(r"[一-鿿]", page.split("<main")[1]))
            assert chinese or language == "en"


@pytest.mark.parametrize("who", ["mei", "fina", "agna"])
def test_who_does_not_read_the_law_is_told_whom_to_ask(two: Two, who: str) -> None:
    login("fina", "finance")
    login("agna", "agency", "north")
    waits = propose(two[0])
    for address in addresses(waits):
        text_at(signed_in(who), address, 403)
    assert "Rules</a>" not in text_at(signed_in("mei"), "/approvals/")


def test_who_reads_and_may_not_propose_has_no_button_and_no_form(two: Two) -> None:
    login("audra", "auditor")
    page = text_at(signed_in("audra"), f"/law/rules/{CALLS}/")
    assert f"/law/rules/{CALLS}/change/" not in page
    text_at(signed_in("audra"), f"/law/rules/{CALLS}/change/", 403)
    assert f"/law/rules/{CALLS}/change/" in text_at(
        signed_in("lena"), f"/law/rules/{CALLS}/"
    )


def ids_in(page: str) -> list[str]:
    return re.findall(r'<td class="mono"><a href="/law/rules/([A-Z0-9-]+)/', page)


def test_the_list_is_cut_by_pack_licence_area_standing_words_and_day(two: Two) -> None:
    client = signed_in("lena")
    every = ids_in(text_at(client, "/law/?pack=all&on=2026-11-22"))
    book = law.known()
    assert len(every) > 130 and set(every) <= set(book.rules)
    assert {each[:2] for each in ids_in(text_at(client, "/law/"))} == {"CN"}
    assert {each[:2] for each in ids_in(text_at(client, "/law/?pack=us"))} == {"US"}
    caps = ids_in(text_at(client, "/law/?area=CLS&on=2026-11-22"))
    assert caps and all(each.startswith("CN-CLS-") for each in caps)
    doubted = ids_in(text_at(client, "/law/?status=unverified&pack=all&on=2026-11-22"))
    assert doubted and len(doubted) < len(every)
    found = ids_in(text_at(client, "/law/?q=three+connected&on=2026-11-22"))
    assert found == [CALLS]
    assert CALLS not in ids_in(text_at(client, "/law/?on=2025-02-27"))
    assert CALLS in ids_in(text_at(client, "/law/?on=2025-02-28"))
    nothing = text_at(client, "/law/?q=no-such-words")
    assert "No rule fits" in nothing and ids_in(nothing) == []


def test_a_list_of_rules_is_kept_as_a_view_without_its_day(two: Two) -> None:
    client = signed_in("lena")
    form = {
        "list": "rules",
        "name": "doubted",
        "query": "status=unverified&on=2026-01-01",
    }
    client.post("/views/save/", form)
    page = text_at(client, "/law/")
    address = re.search(
        r'href="(/law/\?[^"]*status=unverified[^"]*)"[^>]*>doubted', page
    )
    assert address and "on=" not in address[1]
    text_at(client, address[1].replace("&amp;", "&"))


def test_what_begins_later_is_told_on_the_list(two: Two) -> None:
    client = signed_in("lena")
    page = text_at(client, "/law/?on=2025-02-27")
    told = page.split("later:")[1].split("</p>")[0]
    assert CALLS in told and "/law/compare/" in told
    assert "later:" not in text_at(client, "/law/?on=2150-01-01")


def test_what_is_unverified_says_so_in_the_list_and_on_its_page(two: Two) -> None:
    client = signed_in("lena")
    assert "unverified" in text_at(client, "/law/?status=unverified")
    page = text_at(client, f"/law/rules/{CHAT}/")
    assert "no statement of what the law says" in page
    attested = text_at(client, f"/law/rules/{CALLS}/?on=2026-11-22")
    assert "no statement of what the law says" not in attested


def test_a_rule_shows_its_values_sources_cases_and_uses(two: Two) -> None:
    page = text_at(signed_in("lena"), f"/law/rules/{CALLS}/?on=2026-11-22")
    assert "GB/T 45251-2025" in page and "seen at second hand" in page
    assert "connected calls a day" in page and "lower is stricter" in page
    assert "Three connected today: tomorrow" in page and "as it says" in page
    assert "not answered as" not in page
    assert "The gate asks it before every contact" in page


def test_a_case_shows_what_our_own_policy_makes_of_it(two: Two) -> None:
    agreed(*two, rule=CHAT, step="off", values={}, begins_on=date(2026, 6, 1))
    page = text_at(signed_in("lena"), f"/law/rules/{CHAT}/?on=2026-11-22")
    assert "switched off by us" in page
    assert "under our policy:" in page
    assert "not answered as" not in page


def test_the_cases_of_a_class_are_answered_beside_those_of_the_gate(two: Two) -> None:
    page = text_at(signed_in("lena"), "/law/rules/CN-CLS-03/?on=2026-11-22")
    assert "as it says" in page and "not answered as" not in page
    assert "Special mention" in page.split("To be answered")[1]
    assert "The class of a loan rests on it" in page
    clock = text_at(signed_in("lena"), "/law/rules/CN-LIM-01/?on=2026-11-22")
    assert "A clock of law runs by it" in clock
    assert "as it says" in clock and "not answered as" not in clock


def test_every_case_that_ships_is_answered_as_it_says() -> None:
    found = list(cases.every())
    assert {each.vector.kind for each in found} >= {"gate", "class", "clocks", "caps"}
    assert len(found) > 800
    told = cases.told(found, book=law.known(), tongue="en")
    assert [each.name for each in told if not each.as_it_should or each.ours] == []


def test_a_case_that_is_answered_otherwise_is_said_loudly(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Result("allow", (CALLS,), None, right=False)
    broken = [replace(each, result=other) for each in cases.of_rule(CALLS)]
    monkeypatch.setattr(cases, "of_rule", lambda rule: broken)
    page = text_at(signed_in("lena"), f"/law/rules/{CALLS}/?on=2026-11-22")
    assert "not answered as" in page and 'role="alert"' in page


def test_our_value_stands_beside_that_of_the_rule(two: Two) -> None:
    agreed(*two)
    page = text_at(signed_in("lena"), f"/law/rules/{CALLS}/?on=2026-11-22")
    name = '<th scope="row" class="say">connected calls a day'
    row = page.split(name)[1].split("</tr>")[0]
    assert "<ins>2</ins>" in row and ">3<" in row
    before = text_at(signed_in("lena"), f"/law/rules/{CALLS}/?on=2026-03-20")
    assert "<ins>2</ins>" not in before.split(name)[1].split("</tr>")[0]


def test_two_days_and_the_law_beside_our_policy_are_compared_in_words(two: Two) -> None:
    agreed(*two)
    client = signed_in("lena")
    page = text_at(
        client, "/law/compare/?a=2026-11-22&a_book=law&b=2026-11-22&b_book=ours"
    )
    assert "connected calls a day was 3, is 2" in page
    assert "1 rule is different" in page
    same = text_at(
        client, "/law/compare/?a=2026-11-22&a_book=law&b=2026-11-22&b_book=law"
    )
    assert "Nothing is different" in same
    begun = text_at(
        client,
        f"/law/compare/?rule={CALLS}&a=2025-02-27&a_book=law&b=2025-02-28&b_book=law",
    )
    assert "is in force on the second side alone" in begun
    text_at(client, "/law/compare/?rule=CN-NO-99", 404)


def test_a_change_of_text_is_shown_word_by_word(two: Two) -> None:
    rule = next(
        rule
        for rule in law.known().rules.values()
        if len(rule.versions) > 1
        and rule.versions[0].values == rule.versions[1].values
        and rule.versions[0].text != rule.versions[1].text
    )
    first, second = (each.begins_on for each in rule.versions[:2])
    page = text_at(
        signed_in("lena"),
        f"/law/compare/?rule={rule.id}&a={first}&a_book=law&b={second}&b_book=law",
    )
    told = re.sub(r"<del>.*?</del>|</?ins>", "", page)
    assert "its text is another" in page and "<ins>" in page
    assert rule.versions[1].text["en"][:40] in told.replace("&#x27;", "'")


FORM = {
    "step": "values",
    f"v-{MOST}": "2",
    "begins_on": FAR,
    "ends_on": "",
    "source": "minutes",
    "reason": "fewer complaints",
}


def test_looking_shows_what_it_would_do_and_changes_nothing(
    two: Two,
    known_impact: object,
) -> None:
    address = f"/law/rules/{CALLS}/change/"
    response = signed_in("lena").post(address, FORM | {"act": "look"})
    page = text_of(response)
    assert response.status_code == 200
    assert "<del>3</del>" in page and "<ins>2</ins>" in page
    assert approvals.open_on("rule", CALLS, person=two[0], at=AT) == ()
    assert PolicyChange.objects.count() == 0


def test_a_form_is_proposed_read_and_agreed_by_another(two: Two) -> None:
    response = signed_in("lena").post(
        f"/law/rules/{CALLS}/change/", FORM | {"act": "propose"}
    )
    assert response.status_code == 302
    shown = text_at(signed_in("cora"), response.headers["Location"])
    assert "<del>3</del>" in shown and "<ins>2</ins>" in shown
    waits = approvals.open_on("rule", CALLS, person=two[1], at=clock.now())[0]
    page = text_at(signed_in("cora"), f"/approvals/{waits.id}/")
    assert "connected calls a day" in page and "minutes" in page
    assert f"/law/proposals/{waits.id}/" in text_at(signed_in("cora"), "/law/changes/")
    assert "waits to be decided" in text_at(signed_in("cora"), f"/law/rules/{CALLS}/")
    signed_in("cora").post(
        f"/approvals/{waits.id}/decide/", {"verdict": "approve", "level": "1"}
    )
    found = rulebooks.lawbook().on(CALLS, date.fromisoformat(FAR))
    assert found is not None and found.values[MOST] == 2
    page = text_at(signed_in("lena"), "/law/changes/")
    assert "to come" in page and "cora" in page and "minutes" in page
    done = text_at(signed_in("cora"), f"/law/proposals/{waits.id}/")
    assert "decided already" in done


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({f"v-{MOST}": "4"}, "only be stricter"),
        ({f"v-{MOST}": "many"}, "is no value of"),
        ({"begins_on": "2020-01-01"}, "holds from a later day"),
        ({"begins_on": "someday"}, "Enter the first day"),
        ({"ends_on": "someday"}, "end before it begins"),
        ({"step": "off"}, "cannot be switched off"),
        ({"source": ""}, "Name where it is decided"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_what_may_not_be_is_said_in_the_form_with_what_was_typed(
    two: Two, wrong: dict[str, str], words: str
) -> None:
    response = signed_in("lena").post(
        f"/law/rules/{CALLS}/change/", FORM | wrong | {"act": "propose"}
    )
    page = text_of(response)
    assert response.status_code == 422
    assert words in page and 'role="alert"' in page
    if "v-" not in str(wrong):
        assert 'value="2"' in page
    assert approvals.open_on("rule", CALLS, person=two[0], at=clock.now()) == ()


def test_typed_values_are_read_by_their_units(two: Two) -> None:
    for rule, name, typed, kept in (
        ("CN-PRV-01", "provision_share", "3 %", "0.03"),
        ("CN-PRV-01", "provision_share", "0.035", "0.035"),
        ("CN-COL-01", "opens_at", "09:30", "09:30"),
        ("CN-POL-05", "channels", "wechat，email、sms", ["wechat", "email", "sms"]),
    ):
        name = name if name in law.known().rules[rule].terms else _set_of(rule)
        wish = forms.wish(law.known().rules[rule], {f"v-{name}": typed})
        assert wish.values == {name: kept}


def _set_of(rule: str) -> str:
    terms = law.known().rules[rule].terms
    return next(name for name, term in terms.items() if term.unit == "set")


def test_a_table_is_typed_row_by_row(two: Two) -> None:
    rule, name = next(
        (rule, name)
        for rule in law.known().rules.values()
        for name in rule.terms
        if drafting.rows_of(rule, name)
        and rule.terms[name].unit in ("share", "days", "count", "text")
    )
    rows = sorted(drafting.rows_of(rule, name) or ())
    typed = "\n".join(f"{row}: 1" for row in rows)
    wish = forms.wish(rule, {f"v-{name}": typed})
    assert set(wish.values[name]) == set(rows)


def test_turning_shows_a_form_then_what_would_move(
    two: Two,
    known_impact: object,
) -> None:
    address = f"/law/rules/{CALLS}/turn/"
    assert "No day is chosen" in text_at(signed_in("lena"), address)
    wrong = text_at(signed_in("lena"), f"{address}?to=someday")
    assert "could not be read" in wrong


def test_the_pages_ask_few_questions_however_many_rules_there_are(two: Two) -> None:
    agreed(*two)
    client = signed_in("lena")
    text_at(client, "/law/")
    counts = []
    for address in ("/law/?pack=eu", "/law/?pack=all"):
        with CaptureQueriesContext(connection) as asked:
            text_at(client, address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
