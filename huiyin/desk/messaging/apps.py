from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "huiyin.desk.messaging"
    label = "messaging"
