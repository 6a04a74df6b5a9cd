"""The acts that the regulations ask people to record: which are offered, on what, to whom, and what each is asked."""

from huiyin.desk.matters.steps.choices import Choice, Group, channels, intake_channels, named_outlets, schemes
from huiyin.desk.matters.steps.courses import begun_by_kind, courses_of, records_with_courses
from huiyin.desk.matters.steps.demanded import barred
from huiyin.desk.matters.steps.fields import Field, fields_of
from huiyin.desk.matters.steps.handing import Handing, handings
from huiyin.desk.matters.steps.offering import Offer, approvers_of, find, first_of, is_intake, offers
from huiyin.desk.matters.steps.subjects import OPENED, Subject, of_case, of_cases, of_name, of_thing, of_unit, thing_of

__all__ = [
    "OPENED",
    "Choice",
    "Field",
    "Group",
    "Handing",
    "Offer",
    "Subject",
    "approvers_of",
    "barred",
    "begun_by_kind",
    "channels",
    "courses_of",
    "fields_of",
    "find",
    "first_of",
    "handings",
    "intake_channels",
    "is_intake",
    "named_outlets",
    "of_case",
    "of_cases",
    "of_name",
    "of_thing",
    "of_unit",
    "offers",
    "records_with_courses",
    "schemes",
    "thing_of",
]
