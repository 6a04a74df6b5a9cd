from django.apps import AppConfig


class Lists(AppConfig):
    name = "huiyin.desk.lists"
    label = "lists"
