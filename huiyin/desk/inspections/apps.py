from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "huiyin.desk.inspections"
    label = "inspections"
