from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "huiyin.desk.journal"
    label = "journal"
