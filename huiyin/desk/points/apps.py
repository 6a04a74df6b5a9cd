from django.apps import AppConfig


class Points(AppConfig):
    name = "huiyin.desk.points"
    label = "points"
