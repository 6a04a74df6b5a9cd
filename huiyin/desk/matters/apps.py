from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "huiyin.desk.matters"
    label = "matters"
