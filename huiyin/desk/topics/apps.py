from django.apps import AppConfig


class Topics(AppConfig):
    name = "huiyin.desk.topics"
    label = "topics"
