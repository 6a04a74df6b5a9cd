from django.apps import AppConfig


class Tracking(AppConfig):
    name = "huiyin.desk.tracking"
    label = "tracking"
