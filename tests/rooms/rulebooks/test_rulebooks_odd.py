"""Whatever an address or a form of the rules holds, a page answers with a sentence."""

import pytest

from daihou.packs import law
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks.models import PolicyChange
from tests.rooms import ruling
from tests.rooms.rulebooks.test_rulebooks_pages import FORM
from tests.rooms.ruling import CALLS
from tests.rooms.test_pages import signed_in

Two = tuple[people.Person, people.Person]
two = ruling.two
ODD = ["", "-1", "abc", "\x00", "é贷\u202e", "0001-01-01", "9999-12-31", "2026-02-30"]
ODD += ["<script>", "%s%n", "{x}", "9" * 3_000, "1e400", "NaN", "' or 1=1 --"]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_an_address_or_a_form_holds_a_page_answers(two: Two, odd: str) -> None:
    """The walk over odd addresses has no rule of ours; here it has."""
    client = signed_in("lena")
    names = ("on", "q", "pack", "licence", "area", "force", "status", "own", "before")
    names += ("a", "b", "a_book", "b_book", "rule", "version", "to")
    given = dict.fromkeys(names, odd)
    for address in (
        "/law/",
        f"/law/rules/{CALLS}/",
        f"/law/rules/{CALLS}/turn/",
        "/law/compare/",
        "/law/changes/",
    ):
        assert client.get(address, given).status_code in (200, 404), address
    rules = (CALLS, "CN-COL-01", "CN-POL-05", "CN-PRV-03", "CN-CLS-08")
    for rule in rules:
        terms = law.known().rules[rule].terms
        form = FORM | {f"v-{name}": odd for name in terms} | {"act": "propose"}
        for other in ({}, {"step": odd}, {"begins_on": odd}, {"ends_on": odd}):
            answer = client.post(f"/law/rules/{rule}/change/", form | other)
            assert answer.status_code in (302, 422), (rule, other)
            PolicyChange.objects.count()  # the transaction is a sound one
