"""Addresses that need no account."""

from django.urls import path

from huiyin.faces.portal.public_page import public_page
from huiyin.faces.portal.qr_points import qr_point, receipt
from huiyin.faces.portal.surveys import answer
from huiyin.faces.portal.tracking import leave, track, tracked

urlpatterns = [
    path("s/<str:code>", answer, name="survey-answer"),
    path("q/receipt", receipt, name="qr-receipt"),
    path("q/<str:code>", qr_point, name="qr-point"),
    path("n/<str:organisation>/<str:unit>", public_page, name="public-page"),
    path("t/", track, name="track"),
    path("t/case", tracked, name="tracked"),
    path("t/leave", leave, name="track-leave"),
]
