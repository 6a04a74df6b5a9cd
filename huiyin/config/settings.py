"""Django's settings. Everything that differs between places comes from the environment; each default is the safe one.

| variable | meaning | default |
|---|---|---|
| HUIYIN_DATA | folder of the database and keys | `var/` in the checkout |
| HUIYIN_DATABASE_URL | a PostgreSQL 15 or newer to use | the one in the data folder |
| HUIYIN_SECRET_KEY | signs cookies and links | a file in the data folder, made once |
| HUIYIN_HOSTS | names that the site answers to, by commas | localhost and its numbers |
| HUIYIN_HTTPS | 1 if people reach the site by HTTPS | 0 |
| HUIYIN_LIVE_PORT | port of the live updates, if it is not that of the pages | the same |
| HUIYIN_ARRIVAL_SECONDS | how long the head of a request may take to arrive, and a body slower than 32 kB a second (1 to 60) | 30 |
| HUIYIN_FILE_MB | how large one file of a case may be (1 to 60) | 20 |
| HUIYIN_CASE_FILES | how many files a case may have (1 to 1000) | 60 |
| HUIYIN_CASE_FILES_MB | how large all files of a case may be together (1 to 10000) | 300 |
| HUIYIN_PERSON_FILES | how many files a person may send in a day (1 to 10000) | 300 |
| HUIYIN_PERSON_FILES_MB | how large all files may be together that a person sends in a day (1 to 10000) | 600 |
| HUIYIN_CONNECTION_SECONDS | how long a database connection is kept | 60 |
| HUIYIN_INSIDE | names, addresses and networks of the own network that a mail server or gateway may stand in, by commas | none |
| HUIYIN_ANNOUNCE | 0 tells the open pages nothing of changes | 1 |
| HUIYIN_DEBUG | 1 shows errors with their insides: for developers | 0 |
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from huiyin.config.environment import database_options, flag, names, number, origins, secret_key
from huiyin.plumbing.postgres import data_folder, database_address

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = data_folder()
DEBUG = flag("HUIYIN_DEBUG")
HTTPS = flag("HUIYIN_HTTPS")
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = names("HUIYIN_HOSTS", "localhost,127.0.0.1,[::1]")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "huiyin.desk.journal",
    "huiyin.desk.files",
    "huiyin.desk.places",
    "huiyin.desk.people",
    "huiyin.desk.lists",
    "huiyin.desk.adoptions",
    "huiyin.desk.messaging",
    "huiyin.desk.facts",
    "huiyin.desk.clocks",
    "huiyin.desk.keeping",
    "huiyin.desk.cases",
    "huiyin.desk.matters",
    "huiyin.desk.approvals",
    "huiyin.desk.warnings",
    "huiyin.desk.scores",
    "huiyin.desk.documents",
    "huiyin.desk.duties",
    "huiyin.desk.imports",
    "huiyin.desk.registers",
    "huiyin.desk.publications",
    "huiyin.desk.topics",
    "huiyin.desk.classing",
    "huiyin.desk.tracking",
    "huiyin.desk.attachments",
    "huiyin.desk.qr_points",
    "huiyin.desk.robots",
    "huiyin.desk.inspections",
    "huiyin.desk.surveys",
    "huiyin.faces.parts",
    "huiyin.faces.console",
    "huiyin.faces.portal",
    "huiyin.faces.api",
]
# The rooms that keep what follows from a fact; below them nobody needs to know them.
HUIYIN_KEEPERS = "huiyin.config.keepers.KEEPERS"
HUIYIN_CASE_KEEPER = "huiyin.config.keepers.CASES"
HUIYIN_MATTER_KEEPER = "huiyin.config.keepers.MATTERS"
# What each table holds in words of what may be destroyed, and what becomes of it then.
HUIYIN_FORGETTING = "huiyin.config.forgetting.STEPS"
# What may be destroyed once its times of keeping are over.
HUIYIN_DESTROYED = "huiyin.config.forgetting.DESTROYED"
# The ways by which messages leave the house: a name, and the channel that it stands for. One line each.
HUIYIN_CHANNELS = {
    "email": "huiyin.channels.email.CHANNEL",
    "sms": "huiyin.channels.sms.CHANNEL",
}
# The chat groups whose robots are told digests: a kind, and the chat that it stands for. One line each.
HUIYIN_ROBOTS = {
    "wecom": "huiyin.channels.robots.WECOM",
    "dingtalk": "huiyin.channels.robots.DINGTALK",
    "feishu": "huiyin.channels.robots.FEISHU",
}
INSIDE = names("HUIYIN_INSIDE", "")
HUIYIN_ANNOUNCE = flag("HUIYIN_ANNOUNCE", default=True)
AUTH_USER_MODEL = "people.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "huiyin.config.refusals.Refusals",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "huiyin.config.sessions.RenewSession",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.faces.parts.guard.Guard",
]
ROOT_URLCONF = "huiyin.config.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "huiyin.faces.console.frame.frame",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {"default": database_options(database_address())}

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LANGUAGE_COOKIE_NAME = "huiyin_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]

# Served by the application itself, straight from the faces' folders: no step of collecting that can be forgotten.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_NAME = "huiyin_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "huiyin_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Files lie in the database; pictures are drawn anew before they count.
ATTACHMENT_MOST_BYTES = number("HUIYIN_FILE_MB", 20, least=1, most=60) * 1024 * 1024
ATTACHMENTS_MOST = number("HUIYIN_CASE_FILES", 60, least=1, most=1000)
ATTACHMENTS_MOST_BYTES = number("HUIYIN_CASE_FILES_MB", 300, least=1, most=10_000) * 1024 * 1024
PERSON_FILES_A_DAY = number("HUIYIN_PERSON_FILES", 300, least=1, most=10_000)
PERSON_BYTES_A_DAY = number("HUIYIN_PERSON_FILES_MB", 600, least=1, most=10_000) * 1024 * 1024
ARRIVAL_SECONDS = int(os.environ.get("HUIYIN_ARRIVAL_SECONDS", "30"))

LIVE_PORT = os.environ.get("HUIYIN_LIVE_PORT", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *origins(ALLOWED_HOSTS, LIVE_PORT, https=HTTPS)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "huiyin.plumbing.logs.OneLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
}
