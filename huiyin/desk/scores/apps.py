from django.apps import AppConfig


class Scores(AppConfig):
    name = "huiyin.desk.scores"
    label = "scores"
