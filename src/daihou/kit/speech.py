"""What the command line says is said in one language: English or Chinese.

Texts stand in the code in English and go through `gettext`; the Chinese ones are in
the catalog of the pages. Django is not needed for that, and what it says itself
follows once it is set up (`config.wiring.setup`).
"""

import functools
import gettext as catalogs
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

LANGUAGES = ("zh", "en")
USUAL = "DAIHOU_LANGUAGE"
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
_DOMAIN = "django"
_LOCALE = Path(__file__).resolve().parents[1] / "locale"
# As Django calls them, and as the folders of the catalogs are called.
_DJANGO: Mapping[str, str] = MappingProxyType({"zh": "zh-hans", "en": "en"})
_FOLDER: Mapping[str, str] = MappingProxyType({"zh": "zh_Hans", "en": "en"})
_spoken: list[str] = []


def usual(environment: Mapping[str, str] = os.environ) -> str:
    """The language of whoever asks for none: DAIHOU_LANGUAGE, else the system's.

    A system that names no language (`C`, or nothing at all) is spoken to in Chinese,
    one that names another than these two in English.
    """
    if environment.get(USUAL) in LANGUAGES:
        return environment[USUAL]
    named = next((environment[name] for name in _SYSTEM if environment.get(name)), "")
    plain = named.partition(".")[0]
    return "zh" if plain.startswith("zh") or plain in {"", "C", "POSIX"} else "en"


def speak(language: str) -> None:
    """Say everything in `language` ("zh" or "en") until `hush`; click's texts too."""
    assert language in LANGUAGES, language
    _spoken[:] = [language]
    os.environ["LANGUAGE"] = _FOLDER[language]  # where click's own texts are looked up
    catalogs.bindtextdomain(_DOMAIN, str(_LOCALE))
    catalogs.textdomain(_DOMAIN)
    tell_django()


def hush() -> None:
    """A command has ended: what speaks next says in which language."""
    _spoken.clear()
    if "django.utils.translation" in sys.modules:
        from django.utils import translation

        translation.deactivate()


def tell_django() -> None:
    """Let Django speak the same language, once it is set up."""
    from_django = sys.modules.get("django.apps")
    if _spoken and from_django is not None and from_django.apps.ready:
        from django.utils import translation

        translation.activate(_DJANGO[_spoken[0]])


def language() -> str:
    """The language spoken now."""
    return _spoken[0] if _spoken else usual()


def gettext(text: str) -> str:
    """The text in the language spoken now."""
    return _catalog(language()).gettext(text)


@functools.cache
def _catalog(spoken: str) -> catalogs.NullTranslations:
    folder = _FOLDER[spoken]
    return catalogs.translation(_DOMAIN, _LOCALE, [folder], fallback=True)


def reason(error: OSError) -> str:
    """Why the system refused; the usual reasons in the language spoken."""
    return gettext(error.strerror or type(error).__name__)


def gettext_noop(text: str) -> str:
    """Mark a text that somebody else looks up."""
    return text


def ngettext_noop(one: str, _many: str) -> str:
    """Mark a text for one and for many that somebody else looks up."""
    return one


REASONS = (
    gettext_noop("Address already in use"),
    gettext_noop("File exists"),
    gettext_noop("Is a directory"),
    gettext_noop("No space left on device"),
    gettext_noop("No such file or directory"),
    gettext_noop("Not a directory"),
    gettext_noop("Permission denied"),
    gettext_noop("Read-only file system"),
)
