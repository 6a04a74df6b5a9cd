from django.apps import AppConfig


class AdoptionsConfig(AppConfig):
    name = "huiyin.desk.adoptions"
    label = "adoptions"
