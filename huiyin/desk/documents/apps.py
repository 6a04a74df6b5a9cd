from django.apps import AppConfig


class Documents(AppConfig):
    name = "huiyin.desk.documents"
    label = "documents"
