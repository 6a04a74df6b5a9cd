"""Addresses about things, units, and the acts recorded about cases, things and units."""

from django.urls import path

from huiyin.faces.console.matters import acting, opening, pages, waiting

URLS = [
    path("matters", pages.matters, name="matters"),
    path("matters/new", opening.new, name="matter-new"),
    path("matters/<uuid:matter>", pages.matter, name="matter"),
    path("matters/<uuid:matter>/steps/<str:step>", acting.matter_step, name="matter-step"),
    path("unit", pages.own_unit, name="own-unit"),
    path("units/<str:code>", pages.unit, name="unit"),
    path("units/<str:code>/steps/<str:step>", acting.unit_step, name="unit-step"),
    path("cases/<str:number>/steps/<str:step>", acting.case_step, name="case-step"),
    path("approvals", waiting.approvals, name="approvals"),
]
