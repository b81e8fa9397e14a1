"""The page on which relief is asked for, with its calculator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from daihou.packs import decision_json
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries, words
from daihou.rooms.relief.actions import DIFFICULTIES, TERMS, Weighed, standing
from daihou.rooms.relief.actions.terms import WRITTEN_DOWN
from daihou.rooms.relief.actions.weighing import Standing
from daihou.rooms.relief.forms import COMPONENTS, SETTLEMENT_PARTS
from daihou.rooms.relief.pages.panel import Shown, shown
from daihou.rooms.relief.pages.request import Figure, dated, figures
from daihou.rooms.relief.states import Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What the calculator says, in words."""

    weighed: Weighed
    verdict: str
    levels: Sequence[str]
    routed: str
    alone: bool
    parts: Sequence[tuple[str, int]]
    why: Sequence[str]
    figures: Sequence[Figure]
    new_rows: Sequence[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Page:
    """The form of one kind about one loan."""

    kind: str
    word: str
    kinds: Sequence[tuple[str, str]]
    at: Standing
    on: date
    currency: str
    components: Sequence[tuple[str, str, int]]
    difficulties: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str, bool]]
    places: Sequence[int]
    pool: int
    pool_most: int
    policy: str
    others: Sequence[Shown]
    replaces: int | None
    answer: Answer | None


def page(
    loan_id: int,
    kind: Kind,
    *,
    person: people.Person,
    on: date,
    weighed: Weighed | None,
    replaces: int | None = None,
) -> Page:
    """The form with the loan as it stands today, and the answer if one was asked for."""
    at = standing(loan_id, on=on, scope=person.scope)
    policy = queries.in_force(on)
    currency = at.line.currency
    used = queries.used_today(person.username, day=on, currency=currency)
    return Page(
        kind=kind.value,
        word=words.kind_word(kind.value),
        kinds=[(each.value, words.kind_word(each.value)) for each in Kind],
        at=at,
        on=on,
        currency=currency,
        components=[(p, words.component_word(p), at.owed[p]) for p in COMPONENTS],
        difficulties=_difficulties(kind, at),
        terms=[(each, words.terms_word(each), each in WRITTEN_DOWN) for each in TERMS],
        places=range(1, SETTLEMENT_PARTS + 1),
        pool=max(0, policy.pool - used),
        pool_most=policy.pool,
        policy=policy.name(words.language()),
        others=[shown(line) for line in queries.of_loan(loan_id, scope=person.scope)],
        replaces=replaces,
        answer=_answer(weighed),
    )


def _difficulties(kind: Kind, at: Standing) -> Sequence[tuple[str, str]]:
    """What may be chosen: no easing of an overdue loan is without difficulty."""
    found = []
    for each in DIFFICULTIES:
        word = words.difficulty_word(each)
        if each == "none" and at.state.dpd > 0:
            if kind is not Kind.WAIVER:
                continue
            word = gettext("%(word)s (penalty and compound only)") % {"word": word}
        found.append((each, word))
    return found


def _answer(weighed: Weighed | None) -> Answer | None:
    if weighed is None:
        return None
    roles = people.role_names()
    found = weighed.authority
    levels = [roles.get(level, level) for level in found.levels]
    role = roles.get(found.passed_over, found.passed_over)
    return Answer(
        weighed=weighed,
        verdict=found.verdict.value,
        levels=levels,
        routed=words.routed_word(role, levels, alone=found.alone),
        alone=found.alone,
        parts=[(words.component_word(p), m) for p, m in weighed.parts.items() if m],
        why=words.sentences(decision_json.to_json(found.decision)),
        figures=figures(weighed.effect),
        new_rows=dated(weighed.effect.get("rows") or ()),
    )
