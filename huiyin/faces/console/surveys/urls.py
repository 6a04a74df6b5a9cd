"""The addresses of the surveys."""

from __future__ import annotations

from django.urls import path

from huiyin.faces.console.surveys import answering, asking, evaluating, report, views

URLS = [
    path("surveys", views.listing, name="surveys"),
    path("surveys/<uuid:matter>", views.survey, name="survey"),
    path("surveys/<uuid:matter>/questionnaire", asking.questionnaire, name="survey-questionnaire"),
    path("surveys/<uuid:matter>/paper", asking.paper, name="survey-paper"),
    path("surveys/<uuid:matter>/asked", asking.asked, name="survey-asked"),
    path("surveys/<uuid:matter>/codes", asking.codes, name="survey-codes"),
    path("surveys/<uuid:matter>/answers", answering.answers, name="survey-answers"),
    path("surveys/<uuid:matter>/evaluation", evaluating.evaluation, name="survey-evaluation"),
    path("surveys/<uuid:matter>/given", evaluating.given, name="survey-given"),
    path("surveys/<uuid:matter>/report", report.report, name="survey-report"),
    path("surveys/<uuid:matter>/report/print", report.print_view, name="survey-report-print"),
]
