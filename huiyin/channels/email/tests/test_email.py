"""Mail: written to one person, readable in Chinese, answered by no machine; sent under TLS, and again where nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from huiyin.channels.email import CHANNEL
from huiyin.channels.email.letters import letter
from huiyin.channels.email.tests.postman import Postman, at_work
from huiyin.desk.messaging.actions import Parcel, Refused, Saying, Sent, TryAgain
from huiyin.plumbing.outgoing.tests.partners import certificate, served

AT = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)
SETTINGS = {
    "host": "127.0.0.1", "port": "0", "security": "none", "login": "", "password": "", "from_address": "notice@example.com",
    "from_name": "", "reply_to": "", "site": "https://service.example.com",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.INSIDE = ["127.0.0.1"]


def _parcel(port: int = 0, *sayings: Saying, **changed: str) -> Parcel:
    said = sayings or (Saying("case.dispatched", "新投诉 TS2602020001", "请14:12前接单"),)
    return Parcel("n>email:wang", "翠园集团", "wang@example.com", "zh-hans", AT, said, {**SETTINGS, "port": str(port), **changed})


def test_a_mail_arrives_as_it_was_written() -> None:
    with at_work(Postman()) as postman:
        outcome = CHANNEL.send(_parcel(postman.port))
    assert isinstance(outcome, Sent) and "7F3A" in outcome.reference
    (mail,) = postman.letters
    assert (mail["Subject"], mail["To"]) == ("[翠园集团] 新投诉 TS2602020001", "wang@example.com")
    assert mail["From"] == "翠园集团 <notice@example.com>"
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert mail["Date"] == "Mon, 02 Feb 2026 09:00:00 +0800"
    assert "请14:12前接单" in mail.get_content() and "https://service.example.com" in mail.get_content()
    assert {"Cc", "Bcc", "Received"}.isdisjoint(mail.keys())
    assert postman.mails[0].isascii(), "seven bits, whatever stands between us and the mailbox"


def test_every_try_has_the_same_message_id() -> None:
    later = Parcel(**{**{name: getattr(_parcel(), name) for name in Parcel.__slots__}, "at": AT.replace(hour=5)})
    assert letter(_parcel())["Message-ID"] == letter(later)["Message-ID"]
    other = Parcel(**{**{name: getattr(_parcel(), name) for name in Parcel.__slots__}, "key": "m>email:wang"})
    assert letter(_parcel())["Message-ID"] != letter(other)["Message-ID"]


def test_several_messages_are_one_mail() -> None:
    mail = letter(_parcel(0, Saying("a", "甲", "一"), Saying("b", "乙", "二")))
    assert mail["Subject"] == "[翠园集团] 2条新消息：甲" and "乙\n二" in mail.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "title", ["甲\r\nBcc: x@evil.example", "甲\nX-Evil: 1", "甲\x00乙", "甲\u2028Bcc: x@evil.example", "=?utf-8?q?=0D=0ABcc:_x?="]
)
def test_nothing_is_added_to_the_head_of_a_mail(title: str) -> None:
    usual = set(letter(_parcel()).keys())
    made = message_from_bytes(
        letter(
            _parcel(
                0,
                Saying("t", title, "正文"),
            ),
        ).as_bytes(),
        policy=default,
    )
    assert set(made.keys()) == usual


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_password_goes_under_tls_to_whom_the_certificate_names(security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path)
    with at_work(Postman(tls=served(file), at_once=security == "tls")) as postman:
        parcel = _parcel(postman.port, security=security, login="notice", password="geheim")
        untrusted = CHANNEL.send(parcel)
        assert isinstance(untrusted, TryAgain) and "certificate" in untrusted.why.lower()
        assert postman.secrets == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert isinstance(CHANNEL.send(parcel), Sent)
    assert postman.secrets == ["\0notice\0geheim"]


def test_without_starttls_no_password_is_said() -> None:
    with at_work(Postman()) as postman:
        outcome = CHANNEL.send(_parcel(postman.port, security="starttls", login="notice", password="geheim"))
    assert isinstance(outcome, TryAgain) and postman.secrets == [] and postman.mails == []


@pytest.mark.parametrize(
    "says, kind",
    [
        ({"RCPT": b"550 5.1.1 no such user\r\n"}, Refused),
        ({"RCPT": b"450 4.2.0 greylisted\r\n"}, TryAgain),
        ({"MAIL": b"553 sender not yours\r\n"}, TryAgain),
        ({"MAIL-END": b"554 5.7.1 looks like spam\r\n"}, Refused),
        ({"MAIL-END": b"451 4.3.0 later\r\n"}, TryAgain),
        ({"DATA": b"421 too busy\r\n"}, TryAgain),
        ({"EHLO": b"500 what\r\n", "HELO": b"421 no\r\n"}, TryAgain),
        ({"RCPT": b"garbage\r\n"}, TryAgain),
    ],
)
def test_what_the_server_says_decides(says: dict[str, bytes], kind: type) -> None:
    with at_work(Postman(says=says)) as postman:
        outcome = CHANNEL.send(_parcel(postman.port))
    assert isinstance(outcome, kind), outcome


@pytest.mark.parametrize("cuts", ["EHLO", "MAIL", "RCPT", "DATA", "taken"])
def test_a_line_that_is_reset_means_again(cuts: str) -> None:
    with at_work(Postman(cuts=cuts)) as postman:
        assert isinstance(CHANNEL.send(_parcel(postman.port)), TryAgain)
    assert len(postman.mails) == (1 if cuts == "taken" else 0)


def test_how_the_talk_ends_says_nothing_about_the_mail() -> None:
    with at_work(Postman(cuts="QUIT")) as postman:
        assert isinstance(CHANNEL.send(_parcel(postman.port)), Sent)


def test_nobody_there_means_again() -> None:
    with at_work(Postman()) as postman:
        port = postman.port
    assert isinstance(CHANNEL.send(_parcel(port)), TryAgain)


def test_a_server_of_the_own_network_is_not_reached_unless_it_is_named(settings: Any) -> None:
    settings.INSIDE = []
    with at_work(Postman()) as postman:
        outcome = CHANNEL.send(_parcel(postman.port))
    assert isinstance(outcome, TryAgain) and "HUIYIN_INSIDE" in outcome.why and postman.verbs == []


@pytest.mark.parametrize("address", ["", "wang", "wang@example.com, li@example.com", "wang@example.com\r\nRCPT TO:<x@y.zz>"])
def test_what_is_no_address_is_refused(address: str) -> None:
    parcel = Parcel("n", "", address, "zh-hans", AT, (Saying("t", "甲"),), SETTINGS)
    assert isinstance(CHANNEL.send(parcel), Refused)
