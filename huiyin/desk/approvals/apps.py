from django.apps import AppConfig


class Approvals(AppConfig):
    name = "huiyin.desk.approvals"
    label = "approvals"
