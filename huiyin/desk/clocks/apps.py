from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "huiyin.desk.clocks"
    label = "clocks"
