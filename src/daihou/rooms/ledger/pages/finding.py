"""The words of what the search of the top bar finds."""

from django.utils.translation import gettext


def group_word(kind: str) -> str:
    """What was found this way, as the heading of its group."""
    words = {
        "loan": gettext("Loan number"),
        "customer": gettext("Customer"),
        "phone": gettext("Phone number ends in or is this"),
        "id_no": gettext("ID number ends in or is this"),
    }
    return words[kind]
