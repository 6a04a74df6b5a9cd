"""The cases that an act counts, on its form: how many of each class in each period, with their list; who sends the form confirms it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from huiyin.desk.cases.models import Case
from huiyin.desk.duties.calendar.compiling import UNCLASSED, compiled, subject_of
from huiyin.desk.matters.steps import Offer, Subject
from huiyin.faces.console import periods
from huiyin.faces.console.cases.words import channel_word, class_words, language
from huiyin.faces.console.matters.forms import ActForm
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import value_name


def panel(form: ActForm, offer: Offer, subject: Subject) -> list[dict[str, Any]]:
    """For each period that the form offers what the act would tell of it, the one proposed first; nothing where it counts no cases."""
    listed = next((one.choices for one in form.asked if one.name == "period"), ())
    found = [one for choice in listed if (one := compiled(offer, subject, choice.key)) is not None]
    return [
        {
            "period": periods.words(one.period),
            "count": len(one.cases),
            "classes": [(_class(offer, key), number) for key, number in one.by_subject.items()],
            "cases": [_line(form.who, offer, case) for case in one.cases],
        }
        for one in found
    ]


def _line(who: Acting, offer: Offer, case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "url": reverse("console:case", args=[case.number]) if case.unit_code in who.codes else "",
        "channel": channel_word(case.channel, [offer.regulation.stem]),
        "class": _class(offer, subject_of(case, offer)),
        "at": case.received_at,
    }


def _class(offer: Offer, key: str) -> str:
    if key == UNCLASSED:
        return value_name(key, language())
    return class_words("category", {offer.regulation.prefix: key}, [offer.regulation.stem])
