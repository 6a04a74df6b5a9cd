from django.apps import AppConfig


class Warnings(AppConfig):
    name = "huiyin.desk.warnings"
    label = "warnings"
