"""What an error says to the person at the page: the sentence in their language that says what to do."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

from huiyin.core import moments
from huiyin.desk.facts.actions import Refused, note_refusal
from huiyin.desk.files.actions import TooMuchToday
from huiyin.faces.console.cases.words import language
from huiyin.plumbing import files, phones, text
from huiyin.plumbing.files import BadFile

STATUS: Final = {"wrong_type": 415, "too_large": 413, "invalid": 422}

SAID = (moments.BadText, text.BadText, phones.BadPhone, files.BadFile, Refused)
"""Errors that say to people what is wrong with what they typed or did."""


def tell(error: Exception) -> str:
    """The sentence of an error that ended an act; that a regulation refused the act is entered in the journal."""
    if isinstance(error, Refused):
        note_refusal(error)
    return sentence(error)


def sentence(error: Exception) -> str:
    """The sentence of one of the errors ``SAID``: for a refusal the clause that forbids the act and why."""
    chinese = language().startswith("zh")
    if isinstance(error, Refused):
        refusal = error.refusal
        return f"{refusal.clause}：{refusal.why_zh}" if chinese else f"{refusal.clause}: {refusal.why_en}"
    if isinstance(error, moments.BadText | files.BadFile):
        return error.zh if chinese else error.en
    if isinstance(error, text.BadText | phones.BadPhone):
        return error.message_zh if chinese else error.message_en
    return str(error)


def status_of(error: Exception) -> int:
    """The status of an answer that says what is wrong with a file, or with what came with it."""
    if isinstance(error, TooMuchToday):
        return 429
    return STATUS[error.code] if isinstance(error, BadFile) else 422


def waited(answer: HttpResponse, error: Exception) -> HttpResponse:
    """The answer that tells the error, with how long to wait where that helps."""
    if isinstance(error, TooMuchToday):
        answer["Retry-After"] = str(error.seconds)
    return answer
