"""A mapping as a form has it, column by column, and a first guess from the files."""

import difflib
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from daihou.rooms.intake.readers.raw import Raw
from daihou.tables.intake import TABLES, Column

CONSTANT, COMPUTE = "=constant", "=compute"
_MONEY: Final = frozenset({"money", "rate", "decimal", "integer"})
_DATES: Final = frozenset({"date", "instant"})
_NEAR: Final = 0.84
# What lenders call the columns of the contract; the first that is there is taken.
HEADINGS: Final[Map[str, str]] = MappingProxyType(
    {
        "loan_id": "借据号 借据编号 贷款编号 借据 合同借据号",
        "customer_id": "客户号 客户编号 客户ID",
        "payment_id": "还款流水号 流水号 还款编号 交易流水",
        "receipt_id": "收款流水号 来款编号 流水号",
        "collateral_id": "押品编号 抵押物编号",
        "charge_id": "费用编号",
        "name": "姓名 客户名称 客户姓名 名称",
        "id_type": "证件类型",
        "id_no": "证件号码 身份证号 证件号 身份证号码",
        "gender": "性别",
        "birth_on": "出生日期",
        "region": "地区 区域",
        "address": "地址 住址 联系地址",
        "employer": "单位 工作单位",
        "industry": "行业",
        "annual_income": "年收入",
        "kind": "类型 种类 客户类型",
        "value": "号码 电话 手机号 手机 价值 评估价值",
        "product": "产品 产品名称 产品代码",
        "currency": "币种",
        "principal": "本金 应还本金 贷款金额 放款金额 借款金额",
        "interest": "利息 应还利息",
        "fee": "费用 应还费用",
        "annual_rate": "年利率 利率 执行利率",
        "method": "还款方式",
        "periods": "期数 总期数",
        "period_unit": "期限单位",
        "disbursed_on": "放款日 放款日期 起息日",
        "first_due_on": "首期还款日 首个还款日 首次还款日",
        "maturity_on": "到期日 到期日期",
        "branch": "机构 网点 机构号 支行",
        "officer": "客户经理 经办人 管户经理",
        "channel": "渠道 还款渠道",
        "purpose": "用途 贷款用途",
        "status": "状态 借据状态",
        "closed_on": "结清日 结清日期",
        "seq": "期次 期号 期数",
        "due_on": "应还日 还款日 应还日期",
        "paid_principal": "实还本金 已还本金",
        "paid_interest": "实还利息 已还利息",
        "paid_fee": "实还费用 已还费用",
        "paid_penalty": "实还罚息 已还罚息",
        "paid_on": "还款日期 实还日期 入账日期 还款日",
        "amount": "金额 还款金额 交易金额 收款金额",
        "payer": "付款人 还款人 付款人名称",
        "payer_account": "付款账号 对方账号",
        "received_on": "收款日期 到账日期 入账日期",
        "remark": "附言 摘要 备注 用途",
        "role": "角色 关系",
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """One contract column in the form.

    `how` is empty (not sent), a column of the file, CONSTANT or COMPUTE; `what` the
    constant or the expression; `turn` a form of dates, a factor, or `old=new` pairs.
    """

    column: Column
    how: str = ""
    what: str = ""
    turn: str = ""
    more: Map[str, Any] = field(default_factory=dict)

    @property
    def turned_by(self) -> str:
        """What `turn` is for this kind of column: date, scale or map."""
        if self.column.kind in _DATES:
            return "date"
        return "scale" if self.column.kind in _MONEY else "map"


@dataclass(frozen=True, slots=True)
class RuleForm:
    """One rule in the form; `more` is what the form does not show (unpivot, sheet).

    `place` says which rule of the saved mapping it came from; -1: of none.
    """

    table: str
    file: str
    where: str
    distinct: bool
    attributes: str
    fields: Sequence[Field]
    more: Map[str, Any] = field(default_factory=dict)
    place: int = -1


def rule_form(rule: Map[str, Any], *, place: int) -> RuleForm:
    """A rule of a mapping file as the form shows it."""
    known = {"table", "from", "where", "distinct", "attributes", "columns"}
    specs = rule["columns"]
    attributes = rule.get("attributes", "none")
    more = {name: value for name, value in rule.items() if name not in known}
    if not isinstance(attributes, str):
        more["attributes"] = attributes
    return RuleForm(
        table=rule["table"],
        file=rule.get("from", "*"),
        where=rule.get("where", ""),
        distinct=bool(rule.get("distinct", False)),
        attributes=attributes if isinstance(attributes, str) else "listed",
        fields=[
            _field(column, specs.get(column.name)) for column in TABLES[rule["table"]]
        ],
        more=more,
        place=place,
    )


def _field(column: Column, spec: Any) -> Field:
    if spec is None:
        return Field(column)
    if isinstance(spec, str):
        return Field(column, how=spec)
    rest = dict(spec)
    if "constant" in rest:
        how, what = CONSTANT, str(rest.pop("constant"))
    elif "compute" in rest:
        how, what = COMPUTE, str(rest.pop("compute"))
    else:
        how, what = str(rest.pop("from")), ""
    by = Field(column).turned_by
    turn = rest.pop(by, "")
    if isinstance(turn, dict):
        turn = "; ".join(f"{old}={new}" for old, new in turn.items())
    return Field(column, how, what, str(turn), rest)


def content_of(form: RuleForm) -> dict[str, Any]:
    """The rule as a mapping file has it."""
    rule: dict[str, Any] = {"table": form.table, "from": form.file or "*"}
    if form.where.strip():
        rule["where"] = form.where.strip()
    if form.distinct:
        rule["distinct"] = True
    rule |= form.more
    if form.attributes in ("all", "none"):
        rule["attributes"] = form.attributes
    rule["columns"] = {
        each.column.name: spec
        for each in form.fields
        if (spec := _spec(each)) is not None
    }
    return rule


def _spec(each: Field) -> Any:
    if not each.how:
        return None
    if each.how == CONSTANT:
        spec: dict[str, Any] = {"constant": each.what}
    elif each.how == COMPUTE:
        spec = {"compute": each.what}
    else:
        spec = {"from": each.how}
    turn = each.turn.strip()
    if turn and each.turned_by == "map":
        spec["map"] = pairs(turn)
    elif turn:
        spec[each.turned_by] = turn
    spec |= each.more
    return each.how if spec == {"from": each.how} else spec


def pairs(text: str) -> dict[str, str]:
    """`old=new; old=new` as a map; what has no `=` is left out."""
    found: dict[str, str] = {}
    for part in text.replace("；", ";").replace("\n", ";").split(";"):
        old, is_pair, new = part.partition("=")
        if is_pair and old.strip():
            found[old.strip()] = new.strip()
    return found


def guess(raw: Raw, *, table: str) -> RuleForm:
    """A first rule for a file: columns of the same name, or of a name lenders use."""
    names = [name for name in raw.data.column_names if not name.startswith("#")]
    taken: set[str] = set()
    fields = []
    for column in TABLES[table]:
        how = _like(column.name, [name for name in names if name not in taken])
        taken.add(how)
        fields.append(Field(column, how=how))
    return RuleForm(
        table=table,
        file=raw.file,
        where="",
        distinct=False,
        attributes="none",
        fields=fields,
    )


def _like(column: str, names: Sequence[str]) -> str:
    """The name that means this column; '' for none."""
    plain = {name.lower().replace(" ", "_"): name for name in reversed(names)}
    if column in plain:
        return plain[column]
    for word in HEADINGS.get(column, "").split():
        if word in names:
            return word
    near = difflib.get_close_matches(column, plain, n=1, cutoff=_NEAR)
    return plain[near[0]] if near else ""


def best_table(raw: Raw) -> str:
    """The contract table most of whose columns a file seems to have."""
    names = [name for name in raw.data.column_names if not name.startswith("#")]

    def fits(table: str) -> float:
        found = {
            column.name: bool(_like(column.name, names)) for column in TABLES[table]
        }
        needed = [found[column.name] for column in TABLES[table] if column.required]
        # Many columns that fit say more than few that are all there are.
        return sum(found.values()) / 2 + sum(needed) / 2 - needed.count(False) / 5

    return max(TABLES, key=fits)
