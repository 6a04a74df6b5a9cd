from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "huiyin.desk.registers"
    label = "registers"
