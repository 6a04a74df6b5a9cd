"""The words of a unit (用语): what its pages and papers call the people it serves, itself and its work, and its own choice of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.adoptions.actions import MOST_EN, MOST_ZH, choose_word, drop_word
from huiyin.desk.adoptions.models import Wording
from huiyin.desk.adoptions.terms import CHOOSABLE, origin_of, terms_of
from huiyin.desk.places.models import Unit
from huiyin.faces.console.cases.words import unit_word
from huiyin.faces.parts.guard import Acting

CALLED: Final = {
    "customer": gettext_lazy("服务对象"),
    "customers": gettext_lazy("服务对象（名册等处的统称）"),
    "household": gettext_lazy("服务对象的一户"),
    "case": gettext_lazy("办理的一件事"),
    "unit": gettext_lazy("基层单位"),
    "branch": gettext_lazy("基层单位的上级"),
    "company": gettext_lazy("公司一级"),
    "quality_department": gettext_lazy("管品质的部门"),
}
"""What each term is about, for whoever chooses its word."""


class WordingForm(forms.Form):
    """A Chinese and an English word for each term; empty: as the units above and the regulations say it."""

    def __init__(self, *args: Any, unit: Unit, at: datetime, **more: Any) -> None:
        self.own = {one.term: one for one in Wording.objects.filter(unit=unit)}
        self.unit, self.said = unit, terms_of(unit.organisation_id, unit.code, at)
        super().__init__(*args, **more)
        for term in CHOOSABLE:
            if term in self.said or term in self.own:
                self._add(term)

    def _add(self, term: str) -> None:
        own, said = self.own.get(term), self.said[term]
        for language, most, label, before in (("zh", MOST_ZH, _("中文"), said[0]), ("en", MOST_EN, _("英文"), said[1])):
            called = f"{CALLED[term]} · {label}"
            attrs = {"placeholder": before, "aria-label": called, "autocomplete": "off", "lang": language, "class": "input"}
            self.fields[f"{term}-{language}"] = forms.CharField(
                label=called, required=False, max_length=most, initial=getattr(own, language, ""), widget=forms.TextInput(attrs=attrs)
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each term: what it is about, what is said now, who chose that (empty: the regulations), and its two fields."""
        organisation = self.unit.organisation_id
        return [
            {
                "about": CALLED[term],
                "said": self.said[term],
                "chosen": unit_word(organisation, code) if (code := origin_of(organisation, self.unit.code, term)) else "",
                "fields": [self[f"{term}-zh"], self[f"{term}-en"]],
            }
            for term in CHOOSABLE
            if f"{term}-zh" in self.fields
        ]

    @transaction.atomic
    def save(self, who: Acting, at: datetime) -> None:
        """Keep what has changed; a term whose words have been emptied is said as before. Raises BadText."""
        for term in CHOOSABLE:
            if f"{term}-zh" not in self.fields:
                continue
            own, told = self.own.get(term), (self.cleaned_data[f"{term}-zh"], self.cleaned_data[f"{term}-en"])
            if any(told) and (own is None or told != (own.zh, own.en)):
                choose_word(self.unit, term, *told, by=who.by, at=at)
            elif own is not None and not any(told):
                drop_word(self.unit, term, by=who.by, at=at)
