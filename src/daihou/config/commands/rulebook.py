"""Read the rule book: what the law and the lender's policy say, since when, says who.

Needs no database and no server: enough is the package without its extras. Where a
lender has a database, its approved changes of the rules count.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _books, _language
from daihou.kit import speech
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.engine.rulebook.law import Change, Lawbook, Rule, Version

_POLICY = click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The lender's own policy, which may only be stricter.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
@_language.option
def command() -> None:
    """List, show, check and compare the rules."""


@command.command("list")
@click.option("--jurisdiction", metavar="CODE", help="Only this one: cn, us ...")
@click.option("--licence", metavar="CODE", help="Only rules for this licence.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Only in force that day."
)
@_books.shipped
@_JSON
@_language.option
def list_rules(
    jurisdiction: str | None,
    licence: str | None,
    day: datetime | None,
    *,
    shipped: bool,
    as_json: bool,
) -> None:
    """List the rules: id, title, force, since when, how far attested."""
    from daihou.packs import law_words

    book = _books.chosen(shipped=shipped)
    law_words.jurisdiction(book, jurisdiction)
    rows = [
        law_words.row(rule, version)
        for rule in book.rules.values()
        if jurisdiction in {None, rule.jurisdiction}
        and (licence is None or rule.covers(licence))
        and (version := rule.on(day.date()) if day else rule.versions[-1]) is not None
        and (day is None or book.on(rule.id, day.date()) is not None)
    ]
    if as_json:
        click.echo(json.dumps({"version": book.digest, "rules": rows}, indent=1))
        return
    for each in rows:
        click.echo(_line(book.rules[each["id"]], each))
    words = gettext("%(count)s rules; version %(version)s")
    click.echo(words % {"count": len(rows), "version": book.digest[:12]})


def _line(rule: "Rule", row: dict[str, Any]) -> str:
    forces = "+".join(_forces()[each] for each in row["force"])
    doubt = "" if row["status"] == "verified" else f" [{gettext('unverified')}]"
    return (
        f"{rule.id:<12} {row['begins_on']}  {rule.title[_tongue()]} ({forces}){doubt}"
    )


@command.command()
@click.argument("rule")
@_books.shipped
@_JSON
@_language.option
def show(rule: str, *, shipped: bool, as_json: bool) -> None:
    """Show one rule with all its versions, values, sources and enforcement."""
    from daihou.packs import law_words

    book = _books.chosen(shipped=shipped)
    found = law_words.find(book, rule)
    if as_json:
        content = law_words.content(found)
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    tongue = _tongue()
    forces = ", ".join(_forces()[each] for each in found.force)
    licences = ", ".join(sorted(found.licences))
    click.echo(f"{found.id}  {found.title[tongue]}")
    click.echo(f"{found.jurisdiction} · {licences} · {forces}")
    click.echo(f"{gettext('Enforcement')}: {found.enforcement[tongue]}")
    for version in found.versions:
        click.echo("")
        click.echo("\n".join(_version(found, version, tongue)))
    for change in book.changes:
        if change.rule == found.id:
            click.echo("")
            click.echo("\n".join(_own(found, change, tongue)))


def _own(rule: "Rule", change: "Change", tongue: str) -> Iterator[str]:
    """A change of the lender's own, as it was approved."""
    from daihou.packs.law_policy import shown

    ends = change.ends_on or gettext("no end")
    yield f"{change.begins_on} – {ends}  [{gettext('policy of the house')}]"
    if not change.switched_on:
        yield f"  {gettext('switched off')}"
    for name, value in change.values.items():
        term = rule.terms[name]
        yield f"  {name} ({term.title[tongue]}): {shown(value)} {term.unit}"
    if change.because:
        yield f"  {change.because}"


def _version(rule: "Rule", version: "Version", tongue: str) -> Iterator[str]:
    from daihou.packs.law_policy import shown

    ends = version.ends_on or gettext("no end")
    marks = [] if version.dates_stated else [gettext("first day assumed")]
    if version.status.value == "unverified":
        marks.append(gettext("unverified: no statement of what the law says"))
    tail = f"  [{'; '.join(marks)}]" if marks else ""
    yield f"{version.begins_on} – {ends}{tail}"
    yield f"  {version.text[tongue]}"
    for name, term in rule.terms.items():
        if name not in version.values and name not in version.unverified_values:
            continue
        value = version.values.get(name)
        said = gettext("not known") if value is None else shown(value)
        doubt = "" if version.is_asserted(name) else f" [{gettext('unverified')}]"
        yield f"  {name} ({term.title[tongue]}): {said} {term.unit}{doubt}"
    for each in version.sources:
        place = f" {each.place}" if each.place else ""
        yield f"  [{each.evidence.value}] {each.text}{place}"


@command.command()
@click.argument(
    "folder",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@_POLICY
@_language.option
def check(folder: Path | None, policy: Path | None) -> None:
    """Check the rule book, or the one in FOLDER, and a lender's policy.

    An error names the file, the rule and the way out; exit code 1.
    """
    from daihou.packs import law, law_files, law_policy

    book = law.load(folder or law_files.packaged())
    if policy is not None:
        book = law_policy.under(book, policy, name=policy.name)
    words = gettext("%(count)s rules are in order; version %(version)s")
    click.echo(words % {"count": len(book.rules), "version": book.digest[:12]})


@command.command()
@click.argument("before", metavar="FROM")
@click.argument("after", metavar="TO")
@click.option("--jurisdiction", metavar="CODE", help="Only this one: cn, us ...")
@_POLICY
@_books.shipped
@_JSON
@_language.option
def diff(
    before: str,
    after: str,
    jurisdiction: str | None,
    policy: Path | None,
    *,
    shipped: bool,
    as_json: bool,
) -> None:
    """Say what changes between two days, or between two rule books in folders."""
    from daihou.packs import law_words

    ours = _books.chosen(shipped=shipped, policy=policy)
    first, first_day = _side(before, policy, ours)
    second, second_day = _side(after, policy, ours)
    law_words.jurisdiction(second, jurisdiction)
    found = [
        each
        for each in law_words.difference(first, second, first_day, second_day)
        if jurisdiction in {None, each["jurisdiction"]}
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    tongue = _tongue()
    for each in found:
        click.echo(f"{each['rule']}  {each['title'][tongue]}: {_change(each, tongue)}")
    if not found:
        click.echo(gettext("Nothing changes."))


def _change(found: dict[str, Any], tongue: str) -> str:
    kinds = {
        "begins": gettext("is now in force"),
        "ends": gettext("is no longer in force"),
        "text": gettext("its text changed"),
    }
    if found["kind"] in kinds:
        return kinds[found["kind"]]
    was = found["was"] if found["was"] is not None else gettext("not known")
    now = found["is"] if found["is"] is not None else gettext("not known")
    words = gettext("%(name)s was %(was)s, is %(now)s")
    return words % {"name": found["name"][tongue], "was": was, "now": now}


def _side(
    text: str, policy: Path | None, ours: "Lawbook"
) -> tuple["Lawbook", date | None]:
    """A day of our own rule book, or a rule book in a folder with all its versions."""
    from daihou.packs import law, law_policy
    from daihou.packs.law_errors import LawError

    day = None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        if not Path(text).is_dir():
            raise LawError("not_a_day", text=text) from None
    if day is not None:
        return ours, day
    book = law.load(Path(text))
    if policy is not None:
        book = law_policy.under(book, policy, name=policy.name)
    return book, day


def _tongue() -> str:
    return "zh-Hans" if speech.language() == "zh" else "en"


def _forces() -> dict[str, str]:
    return {
        "law": gettext("statute"),
        "regulation": gettext("regulation"),
        "judicial_interpretation": gettext("judicial interpretation"),
        "standard": gettext("national standard"),
        "self_regulation": gettext("self-regulation"),
        "practice": gettext("usual practice"),
        "draft": gettext("draft text"),
        "policy": gettext("policy of the house"),
    }
