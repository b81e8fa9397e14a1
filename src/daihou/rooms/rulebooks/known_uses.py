"""The uses of a rule that files name: the gate, products, and rules that stand in."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import get_language, gettext

from daihou.engine.rulebook.law import Lawbook, Rule
from daihou.packs import products
from daihou.rooms.rulebooks import cases, uses, words
from daihou.rooms.rulebooks.uses import Use


def register() -> None:
    """Make them known; called once at start-up."""
    uses.register_use(name="answers", uses=_answers)
    uses.register_use(name="gate", uses=_gate)
    uses.register_use(name="products", uses=_products)
    uses.register_use(name="stand-ins", uses=_stand_ins)


def _answers(rule: Rule, _book: Lawbook) -> list[Use]:
    """What answers a case of the rule reads it."""
    told = {
        "class": gettext("The class of a loan rests on it"),
        "clocks": gettext("A clock of law runs by it"),
        "caps": gettext("What a loan may cost is capped by it"),
        "provision": gettext("Provisions are reckoned by it"),
    }
    kinds = {each.vector.kind for each in cases.every() if rule.id in each.result.rules}
    return [Use(said) for kind, said in told.items() if kind in kinds]


def _gate(rule: Rule, book: Lawbook) -> list[Use]:
    asks = any(version.checks for version in rule.versions)
    if not asks:
        return []
    if not book.packs[rule.jurisdiction].open:
        return [Use(gettext("A question of the gate, in a pack to copy from"))]
    return [Use(gettext("The gate asks it before every contact"))]


def _products(rule: Rule, _book: Lawbook) -> list[Use]:
    """The products whose cost is capped by a rule."""
    language = get_language() or "zh-hans"
    return [
        Use(
            gettext("The cost of %(product)s is capped by it")
            % {"product": product.name(language)}
        )
        for product in products.known().values()
        if any(
            cap.rule == rule.id
            for version in product.versions
            for cap in version.policy.cost_caps
        )
    ]


def _stand_ins(rule: Rule, book: Lawbook) -> list[Use]:
    return [*_stand_in_for(rule, book)]


def _stand_in_for(rule: Rule, book: Lawbook) -> Iterator[Use]:
    for other in book.rules.values():
        if rule.id in other.yields_to:
            told = {"rule": other.id, "title": other.title[words.tongue()]}
            yield Use(
                gettext("%(rule)s, %(title)s, stands in where it is not in force")
                % told,
                reverse("rulebooks:rule", args=[other.id]),
            )
    for each in rule.yields_to:
        yield Use(
            gettext("It stands in for %(rule)s where that is not in force")
            % {"rule": each},
            reverse("rulebooks:rule", args=[each]),
        )
