"""The addresses of the inspections."""

from __future__ import annotations

from django.urls import path

from huiyin.faces.console.inspections import audit, behind, checklist, comparing, tasks, views

URLS = [
    path("inspections", views.listing, name="inspections"),
    path("inspections/open", views.begin, name="inspection-open"),
    path("inspections/compare", comparing.compare, name="inspection-compare"),
    path("inspections/compare/export", comparing.export, name="inspection-compare-export"),
    path("inspections/audit", audit.audit, name="inspection-audit"),
    path("inspections/evidence", behind.evidence_list, name="inspection-evidence"),
    path("inspections/tasks", tasks.tasks, name="inspection-tasks"),
    path("inspections/<uuid:matter>", checklist.inspection, name="inspection"),
    path("inspections/<uuid:matter>/findings", checklist.record, name="inspection-find"),
    path("inspections/<uuid:matter>/withdraw", checklist.withdraw, name="inspection-withdraw"),
    path("inspections/<uuid:matter>/reject", checklist.reject, name="inspection-reject"),
    path("inspections/<uuid:matter>/close", checklist.close, name="inspection-close"),
    path("inspections/<uuid:matter>/sheet", views.sheet, name="inspection-sheet"),
    path("inspections/<uuid:matter>/photo", checklist.photo, name="inspection-photo"),
]
