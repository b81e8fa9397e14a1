"""Every text that enters the house is looked at for acts that must not be.

One place for all rooms: `middleware` looks at every form, the guard of the API at every
body, the intake at values and mapping files, and an action that takes words from
elsewhere may call `check`. What is found is refused whatever the role, and kept: the
attempt is written down after the transaction it would have been part of is undone.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.engine.gate.refused import Finding
from daihou.kit.refusal import Refused, TooLarge
from daihou.packs import refused

Respond = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A text that names a refused act: where it came in, by whom, what was found.

    `channel` is form, api, import, mapping, template or action; `place` the address or
    file, `name` the field or column. `let_in`: it tells of somebody else's deed.
    """

    channel: str
    place: str
    name: str
    by: str
    at: datetime
    business_date: date | None
    findings: tuple[Finding, ...]
    request_id: str = ""
    let_in: bool = False
    customer_id: int | None = None
    loan_id: int | None = None
    payload: Mapping[str, object] = field(default_factory=dict)


class RefusedWords(Refused):
    """The text names an act nobody may do; the message says which and what instead."""

    def __init__(self, attempt: Attempt) -> None:
        """Keep what was tried."""
        code = attempt.findings[0].code
        act = refused.known().acts[code]
        zh = (get_language() or "zh-hans").startswith("zh")
        tongue = "zh-Hans" if zh else "en"
        basis = act.basis[0]
        words = _(
            "“%(words)s” names an act that is never allowed: %(act)s (%(law)s). It was"
            " not kept, and compliance is told. %(instead)s"
        )
        super().__init__(
            "refused_act",
            words
            % {
                "words": attempt.findings[0].words[:40],
                "act": act.title[tongue],
                "law": f"{basis.text} {basis.place}".strip(),
                "instead": act.instead[tongue],
            },
            act=code.value,
            field=attempt.name,
        )
        self.attempt = attempt


Record = Callable[[Attempt], None]
_record: list[Record] = []
_waiting: ContextVar[list[Attempt] | None] = ContextVar("waiting", default=None)
# Fields that hold what others wrote: never looked at.
_SPARED: set[str] = {"payer", "remark"}
# Fields of forms that nobody reads, by view; "" is every page.
_SECRET: dict[str, set[str]] = {"": {"csrfmiddlewaretoken", "password"}}
# Words by which things are named: here a report of a deed is no report.
_NAMES: Final = frozenset(
    {"word", "name", "label", "outcome", "result", "tag", "template", "body", "key"}
)
# More than this cannot be looked at while somebody waits: it is sent back.
LONGEST: Final = 100_000  # characters of one text
_MOST: Final = 20_000  # texts in one request
_MOST_CHARS: Final = 1_000_000  # in all of them
_ways: dict[str, str] = {}


def register_recorder(record: Record) -> None:
    """Say who writes attempts down, in a transaction of its own."""
    _record[:] = [record]


def name_way(view_name: str, way: str) -> None:
    """Say what a page sends that is more than a form: a template, a mapping."""
    _ways[view_name] = way


def spare(*names: str) -> None:
    """Name fields that hold the words of others, such as a bank's remark."""
    _SPARED.update(names)


def keep_secret(view_name: str, *names: str) -> None:
    """Name the fields of a page that nobody may read, such as a new password."""
    _SECRET.setdefault(view_name, set()).update(names)


@contextmanager
def collecting() -> Iterator[None]:
    """Keep what is noted inside, and write it down at the end, whatever was undone."""
    token = _waiting.set([])
    try:
        yield
    finally:
        waiting = _waiting.get() or []
        _waiting.reset(token)
        for attempt in waiting:
            _write(attempt)


def note(attempt: Attempt) -> None:
    """Write an attempt down: at the end of `collecting`, or at once outside of it.

    At once is as part of the transaction that is open, if one is.
    """
    waiting = _waiting.get()
    if waiting is None:
        _write(attempt)
    else:
        waiting.append(attempt)


def _write(attempt: Attempt) -> None:
    for record in _record:
        record(attempt)


def found_in(name: str, text: str) -> tuple[tuple[Finding, ...], bool]:
    """The refused acts in a text under this name, and whether it is only a report."""
    found = refused.find(text)
    is_report = name not in _NAMES and all(each.reported for each in found)
    return found, bool(found) and is_report


def check(
    texts: Mapping[str, str] | Iterable[tuple[str, str]],
    *,
    channel: str,
    place: str,
    by: str,
    at: datetime,
    business_date: date | None = None,
    request_id: str = "",
    customer_id: int | None = None,
    loan_id: int | None = None,
) -> None:
    """Refuse texts that name a refused act, and note it; `texts` by name of the field.

    Each is looked at by itself. A report of somebody else's deed is let in, and
    compliance is told as well.
    """
    pairs = texts.items() if isinstance(texts, Mapping) else texts
    for given, said in pairs:
        name, text = _writable(given), _writable(said)
        found, is_report = found_in(name, text)
        if not found:
            continue
        attempt = Attempt(
            channel=channel,
            place=place,
            name=name,
            by=by,
            at=at,
            business_date=business_date,
            findings=found,
            request_id=request_id,
            let_in=is_report,
            customer_id=customer_id,
            loan_id=loan_id,
        )
        note(attempt)
        if not is_report:
            raise RefusedWords(attempt)


def _writable(text: str) -> str:
    """Text that any place can keep: half characters become a mark, NUL goes."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def check_request(
    request: HttpRequest, texts: Iterable[tuple[str, str]], *, channel: str
) -> None:
    """Look at the texts of a request, each with the name of its field.

    Every value is looked at by itself, however often its name is sent: nobody knows
    which of them is read. Raises TooLarge where there is more than can be looked at.
    """
    person = getattr(request, "person", None)
    match = request.resolver_match
    kwargs = match.kwargs if match else {}
    secret = _SECRET[""] | _SECRET.get(match.view_name if match else "", set())
    check(
        _few_enough(
            (name, text)
            for name, text in texts
            if not _is_spared(name) and not (channel == "form" and name in secret)
        ),
        channel=_ways.get(match.view_name, channel) if match else channel,
        place=request.path,
        by=person.username if person is not None else "",
        at=request.at,
        business_date=_business_date(request),
        request_id=getattr(request, "request_id", ""),
        customer_id=_number(kwargs.get("customer_id")),
        loan_id=_number(kwargs.get("loan_id")),
    )


def _business_date(request: HttpRequest) -> date | None:
    read = getattr(request, "business_day", None)
    day = read() if read is not None else None
    return day.on if day else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _is_spared(name: str) -> bool:
    return name.rpartition(".")[2].rpartition("-")[2] in _SPARED


def _few_enough(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The texts, each once; raises TooLarge for more than can be looked at."""
    different = list(dict.fromkeys(texts))
    if any(len(text) > LONGEST for _name, text in different):
        words = _("A text here has up to %(most)s characters: send a shorter one.")
        raise TooLarge("text_too_long", words % {"most": f"{LONGEST:,}"}, most=LONGEST)
    if (
        len(different) > _MOST
        or sum(len(text) for _name, text in different) > _MOST_CHARS
    ):
        words = _("That is more text than one request takes: send it in parts.")
        raise TooLarge("too_many_texts", words, most=_MOST)
    return different


def texts_of(content: Any, *, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in plain JSON with the name it stands under, keys too."""
    waiting = deque([(name, content)])
    while waiting:  # no recursion: however deep it is, all of it is looked at
        name, each = waiting.popleft()
        if isinstance(each, str):
            yield name, each
        elif isinstance(each, Mapping):
            for key, value in each.items():
                yield "key", str(key)
                waiting.append((str(key), value))
        elif isinstance(each, list):
            waiting.extend((name, value) for value in each)


def texts_of_body(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Every text of a form or of a JSON body; nothing of one that cannot be read."""
    if request.content_type == "application/json":
        try:
            yield from texts_of(json.loads(request.body or b"null"))
        except (ValueError, RecursionError):
            return
    else:
        for name, values in request.POST.lists():
            for value in values:
                yield name, value
        for name, files in request.FILES.lists():
            for file in files:
                yield name, file.name


def middleware(respond: Respond) -> Respond:
    """Look at every form that is sent; write down what was tried when all is done.

    The API's bodies are looked at by its guard, which knows whose token it is.
    """

    def answering(request: HttpRequest) -> HttpResponse:
        with collecting():
            return respond(request)

    def look(
        request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.method in {"GET", "HEAD", "OPTIONS"} or _is_api(request):
            return None
        if getattr(request, "person", None) is None:
            return None  # nobody signed in: nothing of theirs is kept
        try:
            check_request(request, texts_of_body(request), channel="form")
        except RefusedWords as refusal:
            return render(request, "refused_act.html", {"refused": refusal}, status=422)
        except TooLarge as refusal:
            return render(request, "413.html", {"refused": refusal}, status=413)
        return None

    answering.process_view = look  # type: ignore[attr-defined]
    return answering


def _is_api(request: HttpRequest) -> bool:
    path: str = request.path_info
    return path.startswith("/api/")
