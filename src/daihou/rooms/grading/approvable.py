"""What of the classes is proposed by one person and decided by others."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from daihou.engine.classification.codes import BY_CODE
from daihou.kit.scope import EVERYTHING
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import actions, queries, words
from daihou.rooms.grading.models import END_KIND, FACT_KIND, UPGRADE_KIND
from daihou.rooms.people import door as people

# 初分 is the run, 认定 and 审批 are two people, one after the other (办法 art. 30).
LEVELS = (str(people.Role.RISK), str(people.Role.COMPLIANCE))


def register() -> None:
    """Make the kinds known; called once at start-up."""
    upgrade, fact, ended = (
        (UPGRADE_KIND, _("Better class of a loan"), actions.carry_out_upgrade),
        (FACT_KIND, _("Fact that lifts a class"), actions.carry_out_fact),
        (END_KIND, _("End of a fact of a class"), actions.carry_out_end),
    )
    for code, name, handler in (upgrade, fact, ended):
        approvals.register(
            approvals.Kind(
                code=code,
                name=name,
                permission=people.Permission.DECIDE_CLASS,
                proposes=people.Permission.PROPOSE_CLASS,
                handler=handler,
                current=_now if code == UPGRADE_KIND else None,
                seen=queries.loans_in,
                describe=_field,
                address=lambda subject: reverse("grading:loan", args=[subject]),
                hours=72,
                levels=LEVELS if code == UPGRADE_KIND else (),
            )
        )


def _now(subject: str, names: Collection[str]) -> dict[str, object]:
    """The class as it is; the proofs are new with the request."""
    found = queries.class_of(int(subject), scope=EVERYTHING)
    now = {"asset_class": found.asset_class.code if found else None}
    return {name: now.get(name) for name in names}


def _field(name: str) -> approvals.Field:
    known = {
        "asset_class": gettext("Class"),
        "paid": gettext("Arrears and fees are paid"),
        "able": gettext("Can go on paying"),
        "others": gettext("Nothing else is impaired"),
        "kind": gettext("Fact"),
        "begins_on": pgettext("class", "Since"),
        "ends_on": gettext("Until"),
        "content": gettext("Figures"),
        "evidence": gettext("Evidence"),
        "fact": gettext("Number of the fact"),
    }
    if name == "asset_class":
        return approvals.Field(word=known[name], say=_class)
    if name == "kind":
        return approvals.Field(word=known[name], say=_kind)
    if name == "content":
        return approvals.Field(word=known[name], say=_content)
    return approvals.Field(word=known.get(name, name))


def _class(value: object) -> str:
    return words.class_word(BY_CODE[str(value)]) if value else ""


def _kind(value: object) -> str:
    return words.fact_word(str(value)) if value else ""


def _content(value: object) -> str:
    told = value if isinstance(value, dict) else {}
    return ", ".join(f"{name} {told[name]}" for name in told)
