from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "huiyin.desk.attachments"
    label = "attachments"
