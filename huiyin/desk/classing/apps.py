from django.apps import AppConfig


class Classing(AppConfig):
    name = "huiyin.desk.classing"
    label = "classing"
