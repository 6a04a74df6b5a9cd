"""Forgetting: what our documents say of a case, and papers whose own time of keeping is over."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q

from huiyin.core.moments import in_shanghai
from huiyin.desk.documents.models import Document, Paper
from huiyin.desk.facts.actions.forgetting import NOTE, Forgotten

_SAID: Final = ("place", "content", "department", "solution", "result")
"""What a row of the weekly summary says in words."""


def forget_documents(cursor: Any, forgotten: Forgotten) -> None:
    """A document about the case alone keeps its number and signatures; a summary keeps the row of the case without its words."""
    rows = Document.objects.filter(organisation_id=forgotten.organisation_id)
    for own in rows.filter(case_id=forgotten.about_id):
        said = f"本件的内容已于{in_shanghai(forgotten.at).date()}随工单{forgotten.number}销毁。"
        own.body = {"unit": own.body.get("unit", ""), "fields": [], "notes": [said]}
        own.withdrawn_why = NOTE if own.withdrawn_why else ""
        own.save(update_fields=["body", "withdrawn_why"])
    for summary in rows.filter(body__cases__contains=str(forgotten.about_id)):
        for row in summary.body.get("rows", []):
            if row.get("number") == forgotten.number:
                row.update({name: NOTE for name in _SAID if row.get(name)})
        summary.save(update_fields=["body"])
    of_it = Q(case_id=forgotten.about_id) | Q(fact_id__in=forgotten.facts)
    for paper in Paper.objects.filter(of_it, organisation_id=forgotten.organisation_id).exclude(missing_parts=[]):
        paper.missing_parts = [forgotten.stand_ins.get(str(part), part) for part in paper.missing_parts]
        paper.save(update_fields=["missing_parts"])


def forget_paper(cursor: Any, forgotten: Forgotten) -> None:
    """The paper itself: its body goes; its number, title, signatures and moments stay."""
    for own in Document.objects.filter(organisation_id=forgotten.organisation_id, id=forgotten.about_id):
        said = f"本件的内容已于{in_shanghai(forgotten.at).date()}期满销毁。"
        own.body = {"unit": own.body.get("unit", ""), "fields": [], "notes": [said]}
        own.withdrawn_why, own.destroyed_at = NOTE if own.withdrawn_why else "", forgotten.at
        own.save(update_fields=["body", "withdrawn_why", "destroyed_at"])


def forget_lines(forgotten: Forgotten, document_id: Any, texts: frozenset[str]) -> None:
    """In the paper of a notice to customers these lines said something of the case."""
    for paper in Document.objects.filter(organisation_id=forgotten.organisation_id, id=document_id):
        paper.body = {**paper.body, "lines": [NOTE if line in texts else line for line in paper.body.get("lines", [])]}
        paper.save(update_fields=["body"])
