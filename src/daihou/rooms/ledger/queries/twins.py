"""Customers of an intake who may be one person with another, as statements."""

from typing import Final

# first_id, second_id, reason, of the customers of the batch %(batch)s. The same number
# of a document of one kind, under the same name or another; or the same name and
# birthday at the same own number, where documents do not say that they are two.
TWINS: Final = """
select least(a.id, b.id) as first_id, greatest(a.id, b.id) as second_id,
       case when lower(btrim(a.name)) = lower(btrim(b.name)) then 'document'
            else 'document_other_name' end as reason
from ledger_customer a
join ledger_customer b on b.id_no_digest = a.id_no_digest and b.id <> a.id
where a.batch_id = %(batch)s and a.id_no_digest <> ''
  and a.erased_on is null and b.erased_on is null
  and (a.id_type = b.id_type or a.id_type = '' or b.id_type = '')
union
select least(a.id, b.id), greatest(a.id, b.id), 'name_birth_number'
from ledger_customer a
join ledger_contact_point k on k.customer_id = a.id and k.owner_role in ('', 'self')
  and k.value_digest <> ''
join ledger_contact_point m on m.value_digest = k.value_digest
  and m.customer_id <> a.id and m.owner_role in ('', 'self')
join ledger_customer b on b.id = m.customer_id
where (a.batch_id = %(batch)s or k.batch_id = %(batch)s)
  and a.erased_on is null and b.erased_on is null
  and lower(btrim(a.name)) = lower(btrim(b.name)) and a.birth_on = b.birth_on
  and (a.id_no_digest = '' or b.id_no_digest = '' or a.id_type <> b.id_type)
"""
