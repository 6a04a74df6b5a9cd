"""What leaves goes where it may, follows nobody, and does not wait for ever."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from huiyin.plumbing import outgoing
from huiyin.plumbing.outgoing import BadHost, Unreachable, https, lines, post, read_address
from huiyin.plumbing.outgoing.tests.partners import Asked, certificate, partner

HERE = ("127.0.0.1",)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1", "0.0.0.0", "localhost", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.100.100.200",
        "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fe80::1", "fd00::1", "224.0.0.1", "2130706433", "0x7f000001",
    ],
)  # fmt: skip
def test_no_name_leads_into_the_own_network(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_args, **_more: pytest.fail("a line was opened"))
    with pytest.raises((BadHost, Unreachable)) as found:
        outgoing.connect(address, 443)
    assert isinstance(found.value, BadHost) or "not known" in str(found.value)


def test_a_name_with_one_public_and_one_inner_address_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    with pytest.raises(BadHost):
        outgoing.connect("rebound.example.com", 443)


@pytest.mark.parametrize("inside", [("10.0.0.8",), ("10.0.0.0/8",), ("MAIL.internal", "10.0.0.8")])
def test_what_the_house_was_told_is_inside_may_be_reached(inside: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[str, int]] = []

    def line(address: tuple[str, int], timeout: float) -> socket.socket:
        opened.append(address)
        return socket.socket()

    monkeypatch.setattr(socket, "create_connection", line)
    outgoing.connect("10.0.0.8", 25, inside).close()
    assert opened == [("10.0.0.8", 25)]


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.com/", "ftp://sms.example.com/", "//sms.example.com", "https://", "https://a b.example.com/",
        "https://user:word@sms.example.com/", "https://sms.example.com:99999/", "https://sms.example.com/\r\nX: y", "https://sms.example.com/#x",
        "file:///etc/passwd", "https://短信.example.com/",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_are_read(url: str) -> None:
    with pytest.raises(BadHost):
        read_address(url)


def test_a_partner_is_asked_under_tls_and_its_certificate_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = certificate(tmp_path)
    with partner(lambda _: (200, {}, b'{"ok": 1}'), tls=file) as (address, asked):
        with pytest.raises(Unreachable, match="TLS"):
            post(f"{address}/send?a=1", b"x", {}, HERE)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        answer = post(f"{address}/send?a=1", b"x", {"X-One": "1"}, HERE)
    assert (answer.status, dict(answer.told())) == (200, {"ok": 1})
    path, headers, body = asked[0]
    assert (path, headers["X-One"], body) == ("/send?a=1", "1", b"x")


def test_a_redirect_is_not_followed() -> None:
    with partner(lambda _: (302, {"Location": "http://127.0.0.1:1/secret"}, b"")) as (address, asked):
        assert post(address, b"x", {}, HERE).status == 302
    assert len(asked) == 1


@pytest.mark.parametrize("said", [b"", b"[]", b"nothing", b"\xff\xfe", b"{" * 100_000, b"[" * 50_000])
def test_garbage_is_an_answer_that_says_nothing(said: bytes) -> None:
    with partner(lambda _: (200, {}, said)) as (address, _asked):
        answer = post(address, b"x", {}, HERE)
    assert dict(answer.told()) == {} and len(answer.text) <= https.MOST_ANSWER


def test_a_connection_that_is_cut_says_so() -> None:
    with partner(lambda _: None) as (address, asked), pytest.raises(Unreachable):
        post(address, b"x", {}, HERE)
    assert len(asked) == 1


@pytest.mark.parametrize("tls", [False, True])
def test_who_answers_too_slowly_is_cut_off(tls: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then keeps a line alive; the whole is bounded all the same, under TLS too."""
    import threading

    over = threading.Event()

    def never(asked: Asked) -> None:
        over.wait(20)

    file = certificate(tmp_path) if tls else None
    monkeypatch.setenv("SSL_CERT_FILE", str(file or ""))
    monkeypatch.setattr(https, "WHOLE_SECONDS", 0.3)
    with partner(never, tls=file) as (address, _asked):
        with pytest.raises(Unreachable):
            post(address, b"x", {}, HERE)
        over.set()
    assert lines.WAIT_SECONDS > 1, "it was the whole that ended, not the wait for one byte"
