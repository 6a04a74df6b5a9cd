from django.apps import AppConfig


class QrPoints(AppConfig):
    name = "huiyin.desk.qr_points"
    label = "qr_points"
