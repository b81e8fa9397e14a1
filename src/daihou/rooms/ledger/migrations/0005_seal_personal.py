"""Documents, addresses and ways to reach people are sealed where they stand in the clear.

In batches, each a transaction of its own: broken off, it goes on where it was. What a
row is known by is reckoned anew where it was made from a value now sealed, so that a
file sent again still changes nothing.
"""

import json

from django.db import migrations, transaction

BATCH = 5_000
# Contract columns in their order, as the digest of a sent row is made of them.
CUSTOMER = (
    "h.external_id, h.kind, h.name, nullif(h.id_type, ''), {id_no}, h.birth_on,"
    " nullif(h.gender, ''), nullif(h.region, ''), {address}, nullif(h.employer, ''),"
    " nullif(h.industry, ''), h.annual_income, nullif(h.language, ''), {attributes}"
)
POINT = (
    "c.external_id, h.kind, {value}, nullif(h.owner_role, ''), h.verified_on,"
    " {attributes}"
)
CONTACT = (
    "h.content->>'customer_id', {value}, (h.content->>'at')::timestamptz,"
    " h.content->>'channel', h.content->>'actor', (h.content->>'connected')::boolean,"
    " h.content->>'result', h.content->>'loan_id', {attributes}"
)
TABLES = {
    "customers": "ledger_customer",
    "contact_points": "ledger_contact_point",
    "loans": "ledger_loan",
    "payments": "ledger_payment",
    "parties": "ledger_party",
    "collateral": "ledger_collateral",
}


def _md5(row):
    return f"decode(md5(ROW({row})::text), 'hex')"


def _digest(row, now, then, *, elsewhere=""):
    """The digest of the row sealed, if its digest was that of the row in the clear."""
    cases = ["CASE"]
    for tail in ("", elsewhere) if elsewhere else ("",):
        old, new = row.format(**then) + tail, row.format(**now) + tail
        cases.append(f"WHEN h.digest = {_md5(old)} THEN {_md5(new)}")
    return " ".join([*cases, "ELSE decode(md5(gen_random_uuid()::text), 'hex') END"])


_ROWS = "FROM unnest(%s::bigint[], {columns}) AS n({names})"


def _write(cursor, statement, names, rows):
    """Run an UPDATE over `n`, whose columns are the id and these texts."""
    columns = ", ".join(["%s::text[]"] * len(names))
    source = _ROWS.format(columns=columns, names=", ".join(["id", *names]))
    cursor.execute("SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'")
    cursor.execute(statement.format(source=source), [list(one) for one in zip(*rows)])


def _batches(connection, select, *params):
    """Rows of `select` (id first; `%s`: the id to begin behind), a batch a transaction."""
    after = 0
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(select + f" ORDER BY h.id LIMIT {BATCH}", [after, *params])
            rows = cursor.fetchall()
            if not rows:
                return
            after = rows[-1][0]
            yield cursor, rows


def _personal(connection):
    """The custom attributes that are personal, by contract table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('intake_attribute_field')")
        if cursor.fetchone()[0] is None:
            return {}
        cursor.execute('SELECT "table", name FROM intake_attribute_field WHERE personal')
        found = {}
        for table, name in cursor.fetchall():
            found.setdefault(table, []).append(name)
        return found


def _attributes(text, names, sealing, secret):
    """Attributes sealed, and as a digest takes them."""
    held = json.loads(text)
    sent = dict(held)
    for name in names:
        if name in held and not secret.is_sealed(str(held[name])):
            plain = held[name] if isinstance(held[name], str) else json.dumps(held[name])
            held[name] = secret.seal(plain, about=sealing.ATTRIBUTE)
            sent[name] = sealing.exact(plain, sealing.ATTRIBUTE)
    return json.dumps(held, ensure_ascii=False), json.dumps(sent, ensure_ascii=False)


def seal_customers(connection, sealing, secret, personal):
    then = {
        "id_no": "nullif(h.id_no, '')",
        "address": "nullif(h.address, '')",
        "attributes": "h.attributes",
    }
    now = {
        "id_no": "nullif(n.id_exact, '')",
        "address": "nullif(n.address_exact, '')",
        "attributes": "n.sent::jsonb",
    }
    statement = f"""
        UPDATE ledger_customer h SET digest = {_digest(CUSTOMER, now, then)},
            id_no = n.id_no, id_no_digest = n.id_digest, id_no_tail = n.id_tail,
            address = n.address, attributes = n.attributes::jsonb
        {{source}} WHERE h.id = n.id"""
    names = ["id_no", "id_digest", "id_tail", "id_exact", "address", "address_exact"]
    names += ["attributes", "sent"]
    select = """SELECT h.id, h.id_no, h.address, h.attributes::text
        FROM ledger_customer h WHERE h.id > %s AND h.id_no NOT LIKE 's1.%%'
        AND h.address NOT LIKE 's1.%%' AND (h.id_no > '' OR h.address > '' OR EXISTS
            (SELECT FROM jsonb_each_text(h.attributes) a WHERE a.key = ANY(%s)
             AND a.value NOT LIKE 's1.%%'))"""
    own = list(personal.get("customers", ()))
    for cursor, rows in _batches(connection, select, own):
        made = []
        for key, id_no, address, attributes in rows:
            kept, sent = _attributes(attributes, own, sealing, secret)
            number = sealing.id_columns(id_no)
            made.append(
                (
                    key,
                    *number.values(),
                    sealing.exact(id_no, sealing.ID_NO),
                    secret.seal(address, about=sealing.ADDRESS),
                    sealing.exact(address, sealing.ADDRESS),
                    kept,
                    sent,
                )
            )
        _write(cursor, statement, names, made)


def seal_points(connection, sealing, secret, personal):
    then = {"value": "h.value", "attributes": "h.attributes"}
    now = {"value": "n.exact", "attributes": "n.sent::jsonb"}
    row = _digest(POINT, now, then, elsewhere=", 'customer=' || c.source")
    known = "md5(ROW(c.external_id, h.kind, {value})::text)"
    statement = f"""
        UPDATE ledger_contact_point h SET digest = {row},
            external_id = CASE WHEN h.external_id = {known.format(value="h.value")}
                THEN {known.format(value="n.exact")} ELSE h.external_id END,
            value = n.value, value_digest = n.digest, value_tail = n.tail,
            attributes = n.attributes::jsonb
        {{source}}, ledger_customer c WHERE h.id = n.id AND c.id = h.customer_id"""
    names = ["value", "digest", "tail", "exact", "attributes", "sent"]
    select = """SELECT h.id, h.value, h.attributes::text FROM ledger_contact_point h
        WHERE h.id > %s AND h.value NOT LIKE 's1.%%'"""
    for cursor, rows in _batches(connection, select):
        made = []
        for key, value, attributes in rows:
            kept, sent = _attributes(
                attributes, personal.get("contact_points", ()), sealing, secret
            )
            point = sealing.contact_columns(value)
            exact = sealing.exact(value, sealing.CONTACT)
            made.append((key, *point.values(), exact, kept, sent))
        _write(cursor, statement, names, made)


def seal_contacts(connection, sealing, secret, personal):
    then = {"value": "h.content->>'contact_point'", "attributes": "h.attributes"}
    now = {"value": "n.exact", "attributes": "n.sent::jsonb"}
    row = _digest(CONTACT, now, then, elsewhere=", n.elsewhere")
    known = (
        "md5(ROW(h.content->>'customer_id', {value},"
        " (h.content->>'at')::timestamptz, h.content->>'channel')::text)"
    )
    old = known.format(value=then["value"])
    statement = f"""
        UPDATE ledger_side_fact h SET digest = {row},
            external_id = CASE WHEN h.external_id = {old}
                THEN {known.format(value="n.exact")} ELSE h.external_id END,
            content = h.content || jsonb_build_object('contact_point', n.value,
                'contact_point_digest', n.digest),
            attributes = n.attributes::jsonb
        {{source}} WHERE h.id = n.id"""
    names = ["value", "digest", "exact", "elsewhere", "attributes", "sent"]
    select = """SELECT h.id, h.content->>'contact_point', h.attributes::text,
            h.source, coalesce(c.source, h.source), coalesce(l.source, h.source)
        FROM ledger_side_fact h LEFT JOIN ledger_customer c ON c.id = h.customer_id
        LEFT JOIN ledger_loan l ON l.id = h.loan_id
        WHERE h.id > %s AND h."table" = 'contact_history'
        AND h.content->>'contact_point' NOT LIKE 's1.%%'"""
    for cursor, rows in _batches(connection, select):
        made = []
        for key, value, attributes, own, customer_of, loan_of in rows:
            kept, sent = _attributes(
                attributes, personal.get("contact_history", ()), sealing, secret
            )
            point = sealing.contact_columns(value)
            exact = sealing.exact(value, sealing.CONTACT)
            pairs = (("customer", customer_of), ("loan", loan_of))
            elsewhere = ",".join(f"{name}={of}" for name, of in pairs if of != own)
            given = (point["value"], point["value_digest"], exact, elsewhere, kept, sent)
            made.append((key, *given))
        _write(cursor, statement, names, made)


def seal_attributes(connection, sealing, secret, personal):
    """Of rows that hold nothing else personal; their next sending is a new version."""
    for contract, names in personal.items():
        table = TABLES.get(contract, "ledger_side_fact")
        if contract in {"instalments", "charges"}:
            continue
        statement = f"""UPDATE {table} h SET attributes = n.attributes::jsonb,
            digest = decode(md5(gen_random_uuid()::text), 'hex')
            {{source}} WHERE h.id = n.id AND h.attributes <> n.attributes::jsonb"""
        select = f"""SELECT h.id, h.attributes::text FROM {table} h
            WHERE h.id > %s AND h.attributes <> '{{}}'::jsonb"""
        if table == "ledger_side_fact":
            select += f" AND h.\"table\" = '{contract}'"
        for cursor, rows in _batches(connection, select):
            made = [
                (key, _attributes(text, names, sealing, secret)[0]) for key, text in rows
            ]
            _write(cursor, statement, ["attributes"], made)


def seal_history(connection, sealing, secret, personal):
    """Former contents too; ids that were made from a value are left out."""
    select = """SELECT h.id, h."table", h.content::text FROM ledger_row_history h
        WHERE h.id > %s AND (h."table" IN ('customer', 'contact_point')
        OR h.content->>'table' = 'contact_history'
        OR h.content->'attributes' <> '{}'::jsonb)"""
    statement = """UPDATE ledger_row_history h SET content = n.content::jsonb
        {source} WHERE h.id = n.id"""
    about = {
        "id_no": sealing.ID_NO,
        "address": sealing.ADDRESS,
        "value": sealing.CONTACT,
        "contact_point": sealing.CONTACT,
    }
    of_table = {table.removeprefix("ledger_"): name for name, table in TABLES.items()}
    for cursor, rows in _batches(connection, select):
        made = []
        for key, table, text in rows:
            held = json.loads(text)
            inner = held.get("content") if table == "side_fact" else held
            if table in {"customer", "contact_point", "side_fact"}:
                for name, kind in about.items():
                    plain = inner.get(name)
                    if isinstance(plain, str) and plain and not secret.is_sealed(plain):
                        inner[name] = secret.seal(plain, about=kind)
            contract = of_table.get(table) or held.get("table", "")
            names = personal.get(contract, ())
            if names and held.get("attributes"):
                own = json.dumps(held["attributes"])
                held["attributes"] = json.loads(
                    _attributes(own, names, sealing, secret)[0]
                )
            if table == "contact_point" or contract == "contact_history":
                held.pop("external_id", None)
            made.append((key, json.dumps(held, ensure_ascii=False)))
        _write(cursor, statement, ["content"], made)


def seal(apps, schema_editor):
    from daihou.kit import secret
    from daihou.rooms.ledger import sealing

    connection = schema_editor.connection
    personal = _personal(connection)
    for step in (
        seal_customers,
        seal_points,
        seal_contacts,
        seal_attributes,
        seal_history,
    ):
        step(connection, sealing, secret, personal)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0004_personal")]
    operations = [migrations.RunPython(seal, elidable=False)]
