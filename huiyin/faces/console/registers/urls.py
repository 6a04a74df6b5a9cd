"""The addresses of the registers."""

from __future__ import annotations

from django.urls import path

from huiyin.faces.console.registers import bringing, entry, line, views

URLS = [
    path("registers", views.overview, name="registers"),
    path("registers/list", views.listing, name="registers-list"),
    path("registers/add", views.add, name="registers-add"),
    path("registers/export", views.export, name="registers-export"),
    path("registers/template", views.template, name="registers-template"),
    path("registers/print", views.print_view, name="registers-print"),
    path("registers/bring", bringing.bring, name="registers-bring"),
    path("registers/sheets/<uuid:sheet>", bringing.verdicts, name="registers-sheet"),
    path("registers/cases/<uuid:case>", line.case_line, name="registers-case"),
    path("registers/entries/<uuid:line>", entry.entry, name="registers-entry"),
    path("registers/entries/<uuid:line>/amend", entry.amend, name="registers-amend"),
    path("registers/entries/<uuid:line>/close", entry.close, name="registers-close"),
    path("registers/entries/<uuid:line>/unmask/<str:field>", entry.unmask, name="registers-unmask"),
]
