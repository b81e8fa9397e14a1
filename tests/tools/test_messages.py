"""The message tool finds every text, and complains of what is missing or spoilt."""

from pathlib import Path

import polib
import pytest

from tools import messages
from tools.messages import Text


def texts(found):
    return set(found)


def test_texts_in_python_are_found_in_every_form():
    code = """
from django.utils.translation import gettext as _, ngettext, pgettext, gettext_lazy
_("One")
gettext_lazy("Two " "parts")
ngettext("%(n)s loan", "%(n)s loans", n)
pgettext("of a loan", "late")
translation.gettext("By attribute")
_(variable)
other("Not this")
"""
    assert texts(messages.in_python(code)) == {
        Text("One"),
        Text("Two parts"),
        Text("%(n)s loan", None, "%(n)s loans"),
        Text("late", "of a loan"),
        Text("By attribute"),
    }


def test_texts_in_templates_are_found_in_every_form():
    template = """{% load i18n %}
<p title="{% translate "Quoted (with brackets)" %}">{% translate "Plain" as x %}</p>
    {% blocktranslate count n=loans trimmed %}
      {{ n }} loan is late
    {% plural %}
      {{ n }} loans are late
    {% endblocktranslate %}
{% translate "late" context "of a loan" %}
<p>Not (this) one</p>
"""
    assert texts(messages.in_template(template)) == {
        Text("Quoted (with brackets)"),
        Text("Plain"),
        Text("%(n)s loan is late", None, "%(n)s loans are late"),
        Text("late", "of a loan"),
    }


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two texts, and a place for its catalog."""
    (tmp_path / "words.py").write_text(
        "from django.utils.translation import gettext as _\n_('Late'); _('{n} days')\n"
    )
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages.collect, "__defaults__", (tmp_path,))
    return tmp_path


def translate(**translations: str) -> None:
    catalog = messages.read_catalog("zh_Hans")
    for entry in catalog:
        entry.msgstr = translations.get(entry.msgid.split()[-1], entry.msgstr)
    catalog.save(str(messages.catalog_path("zh_Hans")))


def test_a_new_text_is_missing_until_it_is_translated(package):
    assert len(messages.complaints("zh_Hans")) == 2
    messages.update("zh_Hans", prune=False)
    assert len(messages.complaints("zh_Hans")) == 2
    translate(Late="逾期", days="{n} 天")
    assert messages.complaints("zh_Hans") == []


def test_an_update_keeps_what_is_translated_and_prune_drops_what_is_unused(package):
    messages.update("zh_Hans", prune=False)
    translate(Late="逾期", days="{n} 天")
    (package / "words.py").write_text("_('Late')\n")
    messages.update("zh_Hans", prune=False)
    assert messages.complaints("zh_Hans") == ["stale: '{n} days'"]
    messages.update("zh_Hans", prune=True)
    assert messages.complaints("zh_Hans") == []
    assert messages.read_catalog("zh_Hans").find("Late").msgstr == "逾期"


def test_a_lost_placeholder_is_seen(package):
    messages.update("zh_Hans", prune=False)
    translate(Late="逾期", days="若干天")
    (said,) = messages.complaints("zh_Hans")
    assert "other placeholders" in said


def test_a_compiled_catalog_says_the_same(package):
    messages.update("zh_Hans", prune=False)
    translate(Late="逾期", days="{n} 天")
    messages.compile_catalog("zh_Hans")
    compiled = polib.mofile(str(messages.catalog_path("zh_Hans").with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {
        "Late": "逾期",
        "{n} days": "{n} 天",
    }


def test_what_the_reference_says_of_operations_is_collected() -> None:
    code = '''
class LoanOut(Schema):
    """A loan as
    it stands."""

class LoanFilter(Schema):
    """Which loans."""

router = Router(tags=["Loans"])

@router.read("/loans", scope="x", returns=LoanOut)
def list_loans(request):
    """List loans

    In the order
    of ids.
    """

def helper():
    """Not told."""
'''
    said = {text.singular for text in messages.in_api(code, Path("rooms/x/api.py"))}
    assert said == {
        "A loan as it stands.",
        "Loans",
        "List loans",
        "In the order of ids.",
    }
    assert not list(messages.in_api(code, Path("rooms/x/views.py")))
