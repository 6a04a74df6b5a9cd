from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "huiyin.desk.surveys"
    label = "surveys"
