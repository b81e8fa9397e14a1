"""What is asked for when files are taken in by hand."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

LARGEST = 60 * 2**20  # bytes of all files together; larger ones go by command line
KINDS = (".csv", ".xlsx", ".parquet")


class Files(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files, checked for kind, names and size."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> Sequence[UploadedFile]:
        """The files, or what is wrong with them."""
        sent = data if isinstance(data, list | tuple) else [data]
        if not sent and not self.required:
            return []
        sent = sent or [None]  # none chosen is refused in words
        files = [super(FilesField, self).clean(one, initial) for one in sent]
        names = [PurePath(file.name).name for file in files]
        wrong = [name for name in names if not name.lower().endswith(KINDS)]
        if wrong:
            raise forms.ValidationError(
                _("%(name)s is not CSV, XLSX or Parquet. Save it as one of them."),
                params={"name": wrong[0]},
            )
        if len(set(names)) < len(names):
            raise forms.ValidationError(
                _("Two files have the same name. Rename one of them.")
            )
        if sum(file.size for file in files) > LARGEST:
            raise forms.ValidationError(
                _("More than 60 MB at once. Send large files with daihou intake.")
            )
        return files


class SendForm(forms.Form):
    """Files of one source, with the mapping that turns them into the contract."""

    files = FilesField(
        label=_("Files"), error_messages={"required": _("Choose at least one file.")}
    )
    source = forms.RegexField(
        label=_("Source"),
        regex=r"^[^/]+$",
        max_length=40,
        error_messages={
            "required": _("Name the system that sends."),
            "invalid": _("Name the system that sends without a slash."),
        },
    )
    mapping = forms.ChoiceField(label=_("Mapping"), required=False)
    accept_good = forms.BooleanField(required=False)
    step = forms.ChoiceField(
        label=_("Step"), choices=[("plan", "plan"), ("apply", "apply")]
    )

    def __init__(
        self, *args: Any, mappings: Sequence[str], kept: bool = False, **more: Any
    ) -> None:
        """`mappings` are the names that may be chosen; a path is not one.

        `kept`: the files of the plan before are still here and need no choosing.
        """
        super().__init__(*args, **more)
        self.fields["files"].required = not kept
        field = self.fields["mapping"]
        field.choices = [("", ""), *((name, name) for name in mappings)]

    def problems(self) -> Sequence[tuple[str, str]]:
        """What is wrong, each with the word of its field."""
        return [
            (str(self.fields[name].label), message)
            for name, messages in self.errors.items()
            for message in messages
        ]


class SampleForm(forms.Form):
    """A sample of what a source sends, and what the mapping of it is to be called."""

    name = forms.RegexField(
        label=_("Name"),
        regex=r"^[a-z0-9_]+$",
        max_length=60,
        error_messages={
            "invalid": _("Small letters, digits and _ only."),
            "required": _("Give the mapping a name."),
        },
    )
    files = FilesField(
        label=_("Files"), error_messages={"required": _("Choose at least one file.")}
    )

    def problems(self) -> Sequence[tuple[str, str]]:
        """What is wrong, each with the word of its field."""
        return [
            (str(self.fields[name].label), message)
            for name, messages in self.errors.items()
            for message in messages
        ]
