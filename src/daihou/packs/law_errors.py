"""What can be wrong with a rule, a pack, a lender's policy or a question of law."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class LawError(UserError):
    """A rule book or a lender's policy that cannot be used, and the way out."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "yaml": (
            "{file} is not readable YAML: {problem}.",
            "{file} 不是可读的 YAML：{problem}。",
        ),
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/{schema}.",
            "{file} 的 {place} 处：{problem}。请对照 schema/{schema}。",
        ),
        "name": (
            "{file} holds rule {rule}; name the file {rule}.yaml.",
            "{file} 的规则编号是 {rule}；请将文件命名为 {rule}.yaml。",
        ),
        "folder": (
            "{file}: rule {rule} is of {jurisdiction}; move it into that folder.",
            "{file}：规则 {rule} 属于 {jurisdiction}；请移到该目录。",
        ),
        "licence": (
            (
                "{file}: rule {rule} names the licence {licence}, which pack.yaml does "
                "not know; correct it, or add it to the pack."
            ),
            (
                "{file}：规则 {rule} 的牌照 {licence} 不在 pack.yaml 中；"
                "请更正，或在 pack.yaml 增加。"
            ),
        ),
        "order": (
            (
                "{file}: rule {rule}: put the versions in order of begins_on, each on "
                "its own day."
            ),
            "{file}：规则 {rule} 的版本请按 begins_on 由早到晚排列，起始日不得相同。",
        ),
        "overlap": (
            (
                "{file}: rule {rule}: the version from {begins_on} ends on {ends_on}, "
                "after the next one begins or before it begins itself; correct ends_on."
            ),
            (
                "{file}：规则 {rule} 自 {begins_on} 起的版本止于 {ends_on}，"
                "与下一版本重叠或早于起始日；请更正 ends_on。"
            ),
        ),
        "gap": (
            (
                "{file}: rule {rule}: nothing holds from {ends_on} to {begins_on}; let "
                "the former version end when the next begins, or make it another rule."
            ),
            (
                "{file}：规则 {rule} 自 {ends_on} 至 {begins_on} 无有效版本；"
                "请让前一版本止于后一版本起始日，或另立规则。"
            ),
        ),
        "value": (
            (
                "{file}: rule {rule}: {value} is not a value of {name} ({unit}); "
                "correct it."
            ),
            "{file}：规则 {rule} 的 {name}（{unit}）不能取 {value}；请更正。",
        ),
        "values": (
            (
                "{file}: rule {rule}, version from {begins_on}: give only values that "
                "`values` of the rule names ({names}); null says that a number is not "
                "known."
            ),
            (
                "{file}：规则 {rule} 自 {begins_on} 起的版本只能给出该规则 values "
                "列出的值（{names}）；未知数填 null。"
            ),
        ),
        "asserted": (
            (
                "{file}: rule {rule}, version from {begins_on}: no source was read (P) "
                "or seen (S), or a number is not known, so its status is unverified."
            ),
            (
                "{file}：规则 {rule} 自 {begins_on} 起的版本没有原文（P）或间接（S）"
                "出处，或有未知数，状态只能是 unverified。"
            ),
        ),
        "unverified_values": (
            (
                "{file}: rule {rule}: unverified_values names {name}, which is no value "
                "of the rule; correct it."
            ),
            "{file}：规则 {rule} 的 unverified_values 中 {name} 不是该规则的值；请更正。",
        ),
        "check": (
            (
                "{file}: rule {rule}: the check {check} needs the value {name}; add it "
                "to the rule with a number that is known."
            ),
            "{file}：规则 {rule} 的检查 {check} 需要值 {name}；请在规则中给出已知数。",
        ),
        "twice": (
            "{file}: rule {rule} is in the book already; ids are given once.",
            "{file}：规则 {rule} 已存在；编号不得重复。",
        ),
        "stand_in": (
            (
                "{file}: rule {rule} yields to {other}, which is no rule of its "
                "jurisdiction; correct yields_to."
            ),
            "{file}：规则 {rule} 让位的 {other} 不是本法域的规则；请更正 yields_to。",
        ),
        "no_pack": (
            "{file} is missing; every jurisdiction's folder has one.",
            "缺少 {file}；每个法域目录都要有。",
        ),
        "policy_rule": (
            "{file}: there is no rule {rule}; see daihou rulebook list.",
            "{file}：没有规则 {rule}；请查看 daihou rulebook list。",
        ),
        "policy_name": (
            "{file}: rule {rule} has no value {name}; it has: {names}.",
            "{file}：规则 {rule} 没有值 {name}；可用：{names}。",
        ),
        "policy_days": (
            (
                "{file}: the change of {rule} from {begins_on} ends before it begins; "
                "correct ends_on."
            ),
            "{file}：{rule} 自 {begins_on} 起的变更早于起始日结束；请更正 ends_on。",
        ),
        "policy_twice": (
            (
                "{file}: two changes of {rule} hold on {begins_on}; let the first end "
                "that day."
            ),
            "{file}：{rule} 在 {begins_on} 有两项变更；请让前一项止于该日。",
        ),
        "loosened": (
            (
                "{file}: {rule} {name} may not be {value}: the rule in force from "
                "{begins_on} says {law}, and a lender's policy may only be stricter. "
                "Take {law} or stricter ({stricter})."
            ),
            (
                "{file}：{rule} 的 {name} 不能是 {value}：自 {begins_on} 起的规则为 "
                "{law}，机构政策只能更严。请取 {law} 或更严的值（{stricter}）。"
            ),
        ),
        "switched_off": (
            (
                "{file}: {rule} cannot be switched off: the version from {begins_on} "
                "binds. Only unverified rules and policies of the house can be."
            ),
            (
                "{file}：不能停用 {rule}：自 {begins_on} 起的版本具有约束力。"
                "只有未核实的规则和内置政策可以停用。"
            ),
        ),
        "turned": (
            (
                "{rule}: a version stays between its neighbours: from {first} on, and "
                "before {last}. Choose such a day."
            ),
            "{rule}：版本只能在前后版本之间移动（自 {first} 起，早于 {last}）；请另选日期。",
        ),
        "unknown_rule": (
            "There is no rule {rule}; see daihou rulebook list.",
            "没有规则 {rule}；请查看 daihou rulebook list。",
        ),
        "unknown_jurisdiction": (
            "There is no jurisdiction {jurisdiction}; known: {known}.",
            "没有法域 {jurisdiction}；可用：{known}。",
        ),
        "not_a_day": (
            "{text} is neither a day such as 2026-11-22 nor a folder with a rule book.",
            "{text} 既不是日期（例如 2026-11-22），也不是规则库目录。",
        ),
    }


class AskError(UserError):
    """A question to the gate that cannot be read; `field` names the place in it."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "line": (
            "line: not one JSON object in UTF-8 ({problem}); send one a line.",
            "line：不是一个 UTF-8 的 JSON 对象（{problem}）；请每行一个。",
        ),
        "missing": (
            "{field}: is missing; what is not known denies.",
            "{field}：缺失；未知即拒绝。",
        ),
        "unknown_field": (
            "{field}: is no field of a request; correct its name or leave it out.",
            "{field}：不是请求的字段；请更正名称或删除。",
        ),
        "type": (
            "{field}: {given} is not {wanted}.",
            "{field}：{given} 不是{wanted_zh}。",
        ),
        "word": (
            "{field}: {given} is not known; known: {known}.",
            "{field}：{given} 无法识别；可用：{known}。",
        ),
        "instant": (
            (
                "{field}: {given} is not an instant with an offset between 2000 and "
                "2100, such as 2026-11-22T09:30:00+08:00."
            ),
            (
                "{field}：{given} 不是 2000 至 2100 年间带时区的时刻，"
                "例如 2026-11-22T09:30:00+08:00。"
            ),
        ),
        "zone": (
            "{field}: {given} is no time zone of the tz database, as Asia/Shanghai is.",
            "{field}：{given} 不是 tz 数据库中的时区，例如 Asia/Shanghai。",
        ),
        "no_rules": (
            "{field}: no rules of {jurisdiction} are known for that day.",
            "{field}：没有 {jurisdiction} 当日的规则。",
        ),
    }

    @property
    def field(self) -> str:
        """The place in the request, such as history[0].at; `line` for the whole."""
        return str(self.params.get("field", "line"))
