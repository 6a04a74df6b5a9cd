"""Addresses that need no account."""

from django.urls import path

from huiyin.faces.portal.surveys import answer

urlpatterns = [path("<str:code>", answer, name="survey-answer")]
