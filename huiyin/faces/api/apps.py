from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "huiyin.faces.api"
    label = "api"
