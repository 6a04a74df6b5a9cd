"""The channel: its settings, and the talk with a mail server."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from typing import Any, Final, Literal

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from huiyin.channels.email.letters import letter
from huiyin.core.moments import BadText
from huiyin.desk.messaging.actions import Field, Outcome, Parcel, Refused, Saying, Sent, TryAgain
from huiyin.plumbing.addresses import is_email
from huiyin.plumbing.outgoing import BadHost, Unreachable, connect, cut_after, is_inside, read_address, secured

_HOST: Final = re.compile(r"[A-Za-z0-9.:-]{1,253}")
WHOLE_SECONDS: Final = 60.0
BUSY: Final = timedelta(minutes=5)
_PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}


class _Talk(smtplib.SMTP):
    """A talk on a line that was looked at before, under the name of the host that the certificate has to carry."""

    def __init__(self, line: socket.socket, host: str, own_name: str) -> None:
        self.line = line
        super().__init__(host, line.getpeername()[1], local_hostname=own_name)
        self._host = host

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        return self.line


class Mail:
    """Mail by SMTP, up to fifty messages to one person in one mail."""

    label: Any = _("邮件")
    reach: Literal["email", "mobile"] = "email"
    together: int = 50
    fields: tuple[Field, ...] = (
        Field("host", _("邮件服务器"), _("如 smtp.example.com；内网服务器须由运维写入 HUIYIN_INSIDE"), needed=True, leads=True),
        Field(
            "security",
            _("加密"),
            kind="choice",
            choices=(("tls", _("TLS（465端口）")), ("starttls", _("STARTTLS（587端口）")), ("none", _("不加密（仅限内网服务器）"))),
            needed=True,
            default="tls",
            leads=True,
        ),
        Field("port", _("端口"), _("不填则按加密方式取465、587或25"), kind="number", leads=True),
        Field("login", _("登录名"), _("多为完整的邮箱地址；服务器不要求登录时不填")),
        Field("password", _("密码或授权码"), kind="secret"),
        Field("from_address", _("发件地址"), needed=True),
        Field("from_name", _("发件人名称"), _("不填则用组织名称")),
        Field("reply_to", _("回复地址"), _("收件人回复时寄往的邮箱；可不填")),
        Field("site", _("系统网址"), _("写在邮件末尾，如 https://service.example.com；可不填")),
    )

    def check(self, chosen: Mapping[str, str]) -> None:
        """Raises BadText for settings that no mail server has."""
        host, port = chosen["host"], chosen["port"]
        if not _HOST.fullmatch(host):
            raise BadText(
                f"found the host {host[:60]!r}, expected a name such as smtp.example.com; correct it", f"“{host[:60]}”不是服务器名称"
            )
        if port and not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
            raise BadText(f"found the port {port[:20]!r}, expected 1 to 65535; correct it", f"端口“{port[:20]}”应为1至65535")
        if chosen["security"] not in _PORTS:
            raise BadText("found another security, expected tls, starttls or none; choose one", "请选择加密方式")
        if chosen["security"] == "none" and (chosen["password"] or not is_inside(host, settings.INSIDE)):
            raise BadText(
                "found no encryption, expected it for a password and for every server outside; choose TLS or STARTTLS",
                "使用密码或服务器不在内网时必须加密；请选择 TLS 或 STARTTLS",
            )
        for name in ("from_address", "reply_to"):
            if chosen[name] and not is_email(chosen[name]):
                raise BadText(f"found the address {chosen[name][:80]!r}, expected one such as notice@example.com; correct it",
                              f"“{chosen[name][:80]}”不是邮箱地址")  # fmt: skip
        if chosen["site"]:
            _refuse_bad_site(chosen["site"])

    def takes(self, _topic: str, _params: Mapping[str, Any], _chosen: Mapping[str, str]) -> bool:
        """A mail can say everything."""
        return True

    def trial(self, language: str) -> Saying:
        """The message of an administrator who tries the settings."""
        with override(language):
            return Saying("trial", gettext("测试邮件"), gettext("收到这封邮件，说明邮件渠道可以使用。"))

    def send(self, parcel: Parcel) -> Outcome:
        """Send one mail. A connection that breaks before the server said that it took it means: again, under the same Message-ID."""
        if not parcel.settings:
            return TryAgain("not set up")
        if not is_email(parcel.address):
            return Refused("no address")
        try:
            with _talk(parcel.settings) as talk:
                return _deliver(talk, parcel)
        except smtplib.SMTPAuthenticationError as error:
            return TryAgain(f"login: {_said(error.smtp_code, error.smtp_error)}", after=BUSY)
        except BadHost as error:
            return TryAgain(f"inside: {error}", after=BUSY)
        except (Unreachable, smtplib.SMTPException, OSError) as error:
            return TryAgain(f"not reached: {error}")


def _refuse_bad_site(site: str) -> None:
    try:
        read_address(site)
    except BadHost as error:
        raise BadText(f"found the site {site[:80]!r}, expected an address with https; correct it", "系统网址应以 https:// 开头") from error


@contextmanager
def _talk(chosen: Mapping[str, str]) -> Iterator[smtplib.SMTP]:
    """A talk with the mail server, signed in. The end of it is courtesy: how it ends says nothing about the mail."""
    host, security = chosen["host"], chosen["security"]
    line = connect(host, int(chosen["port"] or _PORTS[security]), settings.INSIDE)
    with closing(line), cut_after(line, WHOLE_SECONDS):
        seen = secured(line, host) if security == "tls" else line
        with closing(seen), closing(_Talk(seen, host, chosen["from_address"].rpartition("@")[2])) as talk:
            talk.ehlo_or_helo_if_needed()
            if security == "starttls":
                _start_tls(talk, host)
            if chosen["login"]:
                talk.login(chosen["login"], chosen["password"])
            yield talk
            with suppress(smtplib.SMTPException, OSError):
                talk.quit()


def _start_tls(talk: smtplib.SMTP, host: str) -> None:

    code, said = talk.starttls(context=ssl.create_default_context())
    if code != 220:
        raise Unreachable(f"{host} offers no STARTTLS: {_said(code, said)}")
    talk.ehlo()


def _deliver(talk: smtplib.SMTP, parcel: Parcel) -> Outcome:
    code, said = talk.mail(parcel.settings["from_address"])
    if code != 250:
        return TryAgain(f"sender: {_said(code, said)}", after=BUSY)
    code, said = talk.rcpt(parcel.address)
    if code not in (250, 251):
        return _refusal(code, f"addressee: {_said(code, said)}")
    code, said = talk.data(letter(parcel).as_bytes())
    if code != 250:
        return _refusal(code, f"content: {_said(code, said)}")
    return Sent(_said(code, said))


def _refusal(code: int, why: str) -> Outcome:
    return Refused(why) if code >= 500 else TryAgain(why)


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:200]


CHANNEL: Final = Mail()
