from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "huiyin.desk.facts"
    label = "facts"
