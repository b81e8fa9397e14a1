"""The book and the people of the walk over all addresses."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from daihou.kit.scope import EVERYTHING
from daihou.rooms.approvals import door as approvals
from daihou.rooms.intake.models import Batch
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import corrections
from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant, User
from daihou.rooms.people.permissions import GRANTS
from tests.rooms.all_urls import GONE, REFUSED, SEEN, SIGN_IN, WRONG, Call
from tests.rooms.cast import AT, PASSWORD, TODAY, make_loan

PEOPLE = ("nobody", "chief", "agent", "sam", "north")
STRANGERS = ("nobody", "chief", "agent")
# Of the north's loan, and of nothing else in the world.
SECRETS = ("北密甲", "NORTH-7714", "C-NORTH-7714", "7,771,401", "77714.01", "7771401")
SHOWN = ("北密甲", "NORTH-7714")  # one of them says that the loan is on a page


@dataclass
class World:
    """What a call may name; rooms add to `more` what theirs need."""

    loan: Loan
    southern: Loan
    clients: dict[str, Client]
    run_id: int = 0
    batch_id: int = 1
    digest: str = "0" * 64
    more: dict[str, object] = field(default_factory=dict)

    def open_proposal(self) -> int:
        """A correction of the north's loan that waits; another when it was decided."""
        maker = people.process("maker")
        waits = approvals.open_on("loan", self.loan.pk, person=maker, at=AT)
        if waits:
            return waits[0].id
        version = Loan.objects.values_list("version", flat=True).get(pk=self.loan.pk)
        made = corrections.propose_loan(
            self.loan.pk,
            {"purpose": f"北密用途{version}"},
            deed=approvals.Deed(by=maker, at=AT, business_date=None, reason="why"),
        )
        return made.id

    def taken_in(self) -> int:
        """An intake that was refused."""
        made, _new = Batch.objects.get_or_create(
            source="core", state="refused", by="maker", started_at=AT
        )
        return int(made.pk)

    def paid(self) -> bool:
        """Some money for the north's loan, once; posted by nobody of the walk."""
        ledger.posting.post_payment(
            source="bank",
            external_id="PAID-1",
            loan_id=self.loan.pk,
            paid_on=TODAY,
            amount=100,
            payer="北密甲",
            by=people.process("maker"),
            at=AT,
            business_date=TODAY,
        )
        return True

    def claimed_receipt(self) -> tuple[int, int]:
        """A receipt and its claim, which waits, for the north's loan."""
        maker = ledger.posting.Deed(people.process("maker"), AT, TODAY)
        number = ledger.receipts.record_receipt(
            ledger.receipts.Arrival(
                source="bank",
                external_id="B1",
                received_on=TODAY,
                amount=777_140_100,
                currency="CNY",
                payer="北密甲",
            ),
            deed=maker,
        )
        page = ledger.receipts.receipt_page(number, scope=EVERYTHING)
        if page.waiting is not None:
            return number, page.waiting.id
        split = ledger.receipts.Split(self.loan.pk, 777_140_100)
        claim = ledger.receipts.claim(
            number, splits=[split], relation="self", evidence="slip", deed=maker
        )
        return number, claim


def make_people() -> dict[str, Client]:
    """A device of each; nobody's has no session."""
    units = [("north", "北区", "North"), ("south", "南区", "South")]
    people.save_branches(units, by="test", at=AT)
    people.save_unit(
        code="agency",
        name="外",
        kind="agency",
        new=True,
        deed=people.Deed(people.process("test"), AT),
    )
    RoleGrant.objects.create(
        code="everything",
        name="everything",
        permissions=sorted(people.Permission),
        reach="branch",
    )
    # So that an agency's token is tried too: shipped, the role makes none.
    shipped = GRANTS[people.Role.AGENCY]
    RoleGrant.objects.filter(code="agency").update(
        permissions=sorted(shipped | {people.Permission.USE_API})
    )
    known = {
        "chief": ("everything", "south"),
        "agent": ("agency", "agency"),
        "sam": ("auditor", None),
        "north": ("everything", "north"),
    }
    clients = {"nobody": Client()}
    for name, (role, branch) in known.items():
        usual = "collector" if role == "everything" else role
        people.create_user(
            username=name,
            password=PASSWORD,
            role=usual,
            branch=branch,
            by="test",
            at=AT,
        )
        if role == "everything":  # the separation of duties would refuse this one
            User.objects.filter(username=name).update(role_id="everything")
        clients[name] = Client()
        clients[name].force_login(User.objects.get(username=name))
        clients[name].cookies["django_language"] = "en"
    return clients


def fresh(made: World) -> World:
    """The same world with a device each that nobody has used yet."""
    clients = {}
    for name, client in made.clients.items():
        clients[name] = Client()
        for key, morsel in client.cookies.items():
            clients[name].cookies[key] = morsel.value
    return replace(made, clients=clients, more=dict(made.more))


def make_loans() -> tuple[Loan, Loan]:
    """One of the north, full of what must not be seen, and one of the south."""
    dues = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1))
    north = make_loan("NORTH-7714", name="北密甲", dues=dues, principal=777_140_100)
    return north, make_loan("SOUTH-1", branch="south", name="南甲")


def names_of(resolver: URLResolver, *, space: str = "") -> Iterator[str]:
    """The name of every address of the site; its route when it has none."""
    for each in resolver.url_patterns:
        inner = f"{space}:" if space else ""
        if isinstance(each, URLPattern):
            yield inner + (each.name or str(each.pattern))
        else:
            own = each.namespace or ""
            yield from names_of(each, space=inner + own if own else space)


def every_name() -> set[str]:
    """The names of all addresses."""
    return set(names_of(get_resolver()))


def ask(world: World, name: str, call: Call, who: str) -> HttpResponseBase:
    """The answer to one person."""
    client = world.clients[who]
    client.raise_request_exception = False
    address = reverse(name, kwargs=dict(call.args(world)))
    headers = dict(call.headers(world, who)) if call.headers else {}
    send = getattr(client, call.method)
    if call.as_json:
        content = json.dumps(dict(call.data(world)))
        kind = "application/json"
        return send(address, content, content_type=kind, headers=headers)
    return send(address, dict(call.data(world)), headers=headers)


def word_for(response: HttpResponseBase) -> str:
    """What an answer is, in one word."""
    status = response.status_code
    if status in (301, 302, 303):
        there = response.headers.get("Location", "")
        return SIGN_IN if there.startswith("/sign-in/?") else SEEN
    if status in (200, 201, 202, 204):
        return SEEN
    if status in (401, 403, 404):
        return REFUSED
    if status in (400, 405, 409, 413, 415, 422, 429):
        return WRONG
    return f"{status}"


def matches(response: HttpResponseBase, expected: frozenset[str]) -> bool:
    """Whether the answer is one of those expected."""
    gone = GONE in expected and response.status_code == 404
    return gone or word_for(response) in expected


def text_in(response: HttpResponseBase) -> str:
    """Everything readable in an answer, headers and the parts of a workbook too."""
    body = b"".join(response) if response.streaming else response.content
    parts = [body]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as folder:
            parts = [folder.read(name) for name in folder.namelist()]
    told = "\n".join(part.decode("utf-8", "replace") for part in parts)
    told += "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return re.sub(r'<span class="c">([^<]*)</span>', r"\1", told)
