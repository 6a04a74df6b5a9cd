from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "huiyin.desk.places"
    label = "places"
