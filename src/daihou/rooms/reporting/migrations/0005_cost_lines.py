"""Costs written down and costs taken in as one list: the view `reporting_cost_line`."""

from django.db import migrations, models

_KINDS = ("staff", "telecom", "agency", "legal", "system", "other")
# What people wrote down goes before what was taken in, month by month and kind by kind,
# so nothing counts twice. Costs taken in name neither a channel nor a currency.
_VIEW = """
create view reporting_cost_line as
with stands as (
  select * from (
    select distinct on (currency, month, kind, channel) *
    from reporting_cost order by currency, month, kind, channel, id desc) newest
  where amount is not null
), taken_in as (
  select to_char(f.on_date, 'YYYY-MM') as month,
    case
      when word in ('staff', 'salary', 'salaries', 'wages', '人员', '人工', '工资')
        then 'staff'
      when word in ('telecom', 'phone', 'sms', '通信', '通讯') then 'telecom'
      when word in ('agency', 'agencies', 'commission', '委外', '委外佣金') then 'agency'
      when word in ('legal', 'court', '法务', '诉讼') then 'legal'
      when word in ('system', 'systems', 'it', '系统') then 'system'
      else 'other'
    end as kind,
    (f.content ->> 'amount')::bigint as amount, f.on_date
  from ledger_side_fact f
  cross join lateral (select lower(trim(f.content ->> 'kind')) as word) said
  where f."table" = 'costs'
)
select month, kind, channel, currency, amount, by, at,
  (month || '-01')::date + interval '1 month' - interval '1 day' as ends_on,
  false as taken_in
from stands
union all
select t.month, t.kind, '', '', sum(t.amount)::bigint, '', null,
  max(t.on_date)::timestamp, true
from taken_in t
where not exists (
  select from stands s where s.month = t.month and s.kind = t.kind)
group by t.month, t.kind
"""
_CONSTRAINT = models.CheckConstraint(
    condition=models.Q(
        ("kind__in", list(_KINDS)),
        ("month__regex", "^[0-9]{4}-(0[1-9]|1[0-2])$"),
    ),
    name="cost_words",
)


class Migration(migrations.Migration):
    """A kind of its own for other costs, and the view."""

    dependencies = [
        ("reporting", "0004_targets"),
        ("ledger", "0010_settled_at_once"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="cost", name="cost_words"),
        migrations.AddConstraint(model_name="cost", constraint=_CONSTRAINT),
        migrations.RunSQL(_VIEW, "drop view reporting_cost_line"),
    ]
