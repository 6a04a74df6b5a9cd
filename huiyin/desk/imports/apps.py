from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "huiyin.desk.imports"
    label = "imports"
