"""One natural person once: exact matches join, the rest a person decides, and undoes."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit import turns
from daihou.kit.refusal import Conflict, NotFound
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import sealing
from daihou.rooms.contact.actions import holding
from daihou.rooms.contact.actions.deciding import Deed
from daihou.rooms.contact.actions.evidence import check_seen, checked_evidence
from daihou.rooms.contact.models import SamePerson, Twin
from daihou.rooms.contact.states import TwinState
from daihou.rooms.intake import door as intake
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people

BY: Final = "identity"  # the house, where the document says it
EXACT: Final = "document"
_FOUND: Final = f"""
insert into contact_twin (first_id, second_id, reason, state, found_at, decided_by,
                          decided_at, evidence)
select f.first_id, f.second_id, min(f.reason),
       case when min(f.reason) = %(exact)s then 'joined' else 'waiting' end, %(at)s,
       case when min(f.reason) = %(exact)s then %(by)s else '' end,
       case when min(f.reason) = %(exact)s then %(at)s::timestamptz end, ''
from ({ledger.reaching.TWINS}) f
group by f.first_id, f.second_id
on conflict (first_id, second_id) do nothing
returning first_id, second_id, state
"""


def follow(taken: intake.TakenIn) -> None:
    """After an intake: join whom a document names, put the doubtful on the list."""
    if not taken.tables & {"customers", "contact_points"}:
        return
    turns.in_turn("persons")
    with connection.cursor() as cursor:
        cursor.execute(
            _FOUND,
            {"batch": taken.batch_id, "exact": EXACT, "at": taken.at, "by": BY},
        )
        found = cursor.fetchall()
    joined = [row for row in found if row[2] == TwinState.JOINED.value]
    derive(each for row in joined for each in row[:2])
    if joined:
        holding.take_back_of((each for row in joined for each in row[:2]), at=taken.at)
    audit.record_many(
        audit.NewEvent(
            type="person.joined",
            subject_type="customer",
            subject_id=each,
            by=BY,
            at=taken.at,
            business_date=taken.business_date,
            payload={"with": [one for one in row[:2] if one != each], "because": EXACT},
        )
        for row in joined
        for each in row[:2]
    )


def derive(customers: Iterable[int]) -> None:
    """Say anew who is one person, of these customers and all they are joined with."""
    reached, edges = _neighbourhood(sorted(set(customers)))
    if not reached:
        return
    root = {each: each for each in reached}

    def top(each: int) -> int:
        while root[each] != each:
            each = root[each]
        return each

    for first, second in edges:
        low, high = sorted((top(first), top(second)))
        root[high] = low
    persons = {each: top(each) for each in reached}
    alone = {
        each
        for each in reached
        if sum(1 for other in persons.values() if other == persons[each]) == 1
    }
    SamePerson.objects.filter(customer_id__in=reached).delete()
    SamePerson.objects.bulk_create(
        SamePerson(customer_id=each, person_id=person)
        for each, person in sorted(persons.items())
        if each not in alone
    )


def _neighbourhood(start: list[int]) -> tuple[set[int], list[tuple[int, int]]]:
    """Everybody who was or is joined with these, and the joins that stand."""
    reached, edges, ahead = set(start), set[tuple[int, int]](), set(start)
    persons = SamePerson.objects.filter(customer_id__in=start)
    same = SamePerson.objects.filter(person_id__in=persons.values("person_id"))
    ahead |= set(same.values_list("customer_id", flat=True))
    reached |= ahead
    joined = Twin.objects.filter(state=TwinState.JOINED.value)
    while ahead:
        pairs = set(
            (
                joined.filter(first_id__in=ahead) | joined.filter(second_id__in=ahead)
            ).values_list("first_id", "second_id")
        )
        edges |= pairs
        ahead = {each for pair in pairs for each in pair} - reached
        reached |= ahead
    return reached, sorted(edges)


@transaction.atomic
def join_persons(twin_id: int, *, evidence: str, deed: Deed) -> None:
    """These two customers are one person: their contacts and flags count together.

    No contact is made any more on answers that the gate gave about one of them alone.
    """
    twin = _decide(twin_id, TwinState.JOINED, evidence, deed)
    derive([twin.first_id, twin.second_id])
    holding.take_back_of([twin.first_id, twin.second_id], at=deed.at)
    _tell("person.joined", twin, deed)


@transaction.atomic
def keep_apart(twin_id: int, *, evidence: str, deed: Deed) -> None:
    """These two are not one person, or were joined wrongly: each counts alone again."""
    twin = _decide(twin_id, TwinState.APART, evidence, deed)
    derive([twin.first_id, twin.second_id])
    _tell("person.parted", twin, deed)


def _decide(twin_id: int, after: TwinState, evidence: str, deed: Deed) -> Twin:
    people.require(deed.by, people.Permission.DECIDE_CORRECTION)
    turns.in_turn("persons")
    twin: Twin | None = Twin.objects.select_for_update().filter(pk=twin_id).first()
    if twin is None:
        raise NotFound(
            "twin_unknown", _("There is no such pair among those you may see.")
        )
    for customer in (twin.first_id, twin.second_id):
        check_seen(customer, deed)
    if twin.state == after.value:
        raise Conflict("twin_decided", _("This was decided before."), twin=twin_id)
    text = checked_evidence(evidence, deed, twin.first_id)
    twin.state, twin.decided_by = after.value, deed.by.username
    twin.decided_at = deed.at
    twin.evidence = sealing.seal(text, about=sealing.EVIDENCE)
    twin.save()
    return twin


def _tell(type: str, twin: Twin, deed: Deed) -> None:
    pair = (twin.first_id, twin.second_id)
    audit.record_many(
        audit.NewEvent(
            type=type,
            subject_type="customer",
            subject_id=each,
            by=deed.by.username,
            at=deed.at,
            business_date=deed.business_date,
            payload=_payload(twin, each, pair),
            request_id=deed.request_id,
        )
        for each in pair
    )


def _payload(twin: Twin, each: int, pair: tuple[int, int]) -> Mapping[str, object]:
    return {"twin": twin.pk, "with": [one for one in pair if one != each]}
