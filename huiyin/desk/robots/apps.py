from django.apps import AppConfig


class Robots(AppConfig):
    name = "huiyin.desk.robots"
    label = "robots"
