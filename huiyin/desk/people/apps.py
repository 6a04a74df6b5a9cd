from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "huiyin.desk.people"
    label = "people"
