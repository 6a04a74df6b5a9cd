from django.apps import AppConfig


class Duties(AppConfig):
    name = "huiyin.desk.duties"
    label = "duties"
