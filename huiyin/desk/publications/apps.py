from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "huiyin.desk.publications"
    label = "publications"
