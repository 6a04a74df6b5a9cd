"""The only way to fetch surveys: for a person of the house by their reach, for everybody else by the code of one home."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from huiyin.desk.facts.models import Fact
from huiyin.desk.matters import access as matters
from huiyin.desk.matters.models import Matter
from huiyin.desk.surveys.models import Invitation, Questionnaire

NotFound = (Matter.DoesNotExist, Invitation.DoesNotExist, Questionnaire.DoesNotExist)
"""There is none such, or it is not theirs: nobody can tell which."""
SURVEY = "survey"
COLLECTED, CLOSED = "survey_collection_closed", "survey_closed"
ENDS: Final = (COLLECTED, CLOSED)
"""With any of these no home answers any more."""


def fetch(organisation_id: UUID, matter_id: UUID, units: Collection[str]) -> Matter:
    """The survey with this id, if it is of one of the units. Raises one of NotFound otherwise."""
    found = matters.fetch(organisation_id, matter_id, units)
    if found.about != SURVEY:
        raise Matter.DoesNotExist
    return found


def by_code(code: str) -> tuple[Invitation, Questionnaire]:
    """The home that answers under the code, and the questionnaire, while it is open. Raises one of NotFound otherwise."""
    invitation = Invitation.objects.get(code=code[:16])
    found = Questionnaire.objects.get(organisation_id=invitation.organisation_id, matter_id=invitation.matter_id, public=True)
    if has_happened(found.organisation_id, found.matter_id, *ENDS):
        raise Questionnaire.DoesNotExist
    return invitation, found


def has_happened(organisation_id: UUID, survey_id: UUID, *events: str) -> bool:
    """Whether one of the acts has been recorded on the survey."""
    return Fact.objects.filter(organisation_id=organisation_id, case_id=survey_id, event__in=events, derived=False).exists()
