"""The words of people: what they are, what part they have, how to reach them."""

from django.utils.translation import gettext, pgettext


def role_word(role: str) -> str:
    """The part somebody has in a loan, or in the life of a borrower."""
    words = {
        "self": pgettext("party", "the person"),
        "borrower": pgettext("party", "borrower"),
        "co_borrower": pgettext("party", "co-borrower"),
        "guarantor": pgettext("party", "guarantor"),
        "spouse": pgettext("party", "spouse"),
        "contact_person": pgettext("party", "contact person"),
        "legal_representative": pgettext("party", "legal representative"),
        "actual_controller": pgettext("party", "actual controller"),
        "authorised_representative": pgettext("party", "authorised representative"),
    }
    return words.get(role, role)


def kind_word(kind: str) -> str:
    """What a customer is."""
    words = {
        "person": pgettext("customer", "Person"),
        "organisation": pgettext("customer", "Organisation"),
    }
    return words.get(kind, kind)


def contact_word(kind: str) -> str:
    """A way to reach somebody."""
    words = {
        "mobile": pgettext("contact", "Mobile"),
        "phone": pgettext("contact", "Landline"),
        "email": pgettext("contact", "E-mail"),
        "address": pgettext("contact", "Address"),
        "wechat": pgettext("contact", "WeChat"),
    }
    return words.get(kind, kind)


def document_word(kind: str) -> str:
    """What a document number is of; an unknown kind is shown as it came."""
    words = {
        "": gettext("Document number"),
        "resident_id": gettext("Resident identity card"),
        "id_card": gettext("Resident identity card"),
        "identity_card": gettext("Resident identity card"),
        "passport": gettext("Passport"),
        "credit_code": gettext("Unified social credit code"),
        "uscc": gettext("Unified social credit code"),
        "business_licence": gettext("Business licence"),
    }
    return words.get(kind.lower(), kind)


def gender_word(gender: str) -> str:
    """The gender in one word; nothing for one not told."""
    words = {
        "male": pgettext("gender", "male"),
        "female": pgettext("gender", "female"),
    }
    return words.get(gender, "")


def language_word(language: str) -> str:
    """The language somebody is spoken to in; an unknown one is shown as it came."""
    words = {
        "zh": gettext("Mandarin"),
        "zh-hans": gettext("Mandarin"),
        "en": gettext("English"),
        "yue": gettext("Cantonese"),
        "nan": gettext("Southern Min"),
    }
    return words.get(language.lower(), language)
