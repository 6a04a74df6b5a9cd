"""A real stream: the process that `huiyin live` becomes, a session of the database, news sent by PostgreSQL."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import httpx
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from psycopg import conninfo

from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit

AT = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)
CLERK = By("admin")
pytestmark = pytest.mark.django_db(transaction=True)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture
def address() -> Iterator[str]:
    """The address of a live process that serves the test's database."""
    told = settings.DATABASES["default"]
    database = conninfo.make_conninfo(
        dbname=connection.settings_dict["NAME"],
        host=told.get("HOST"),
        port=told.get("PORT") or None,
        user=told.get("USER") or None,
        password=told.get("PASSWORD") or None,
    )
    port = free_port()
    environment = {**os.environ, "HUIYIN_DATABASE_URL": database, "HUIYIN_SECRET_KEY": settings.SECRET_KEY, "HUIYIN_ARRIVAL_SECONDS": "2"}
    process = subprocess.Popen([sys.executable, "-m", "huiyin", "live", "--port", str(port)], env=environment)
    try:
        wait_until_alive(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_until_alive(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        try:
            assert httpx.get(f"{address}/healthz").text == "ok\n"
            return
        except httpx.TransportError:
            assert process.poll() is None, "the live process ended by itself"
            time.sleep(0.1)
    raise AssertionError("the live process does not answer")


@pytest.fixture
def units() -> dict[str, Unit]:
    """A company with two projects."""
    organisation = places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=AT)
    company = places.add_unit(organisation.id, "WY", "property_company", "物业公司", by=CLERK, at=AT)
    made = {"WY": company}
    for code in ("CY", "HY"):
        made[code] = places.add_unit(organisation.id, code, "project", code, by=CLERK, at=AT, parent=company.id)
    return made


def logged_in(unit: Unit, role: str = "unit_liaison") -> tuple[Staff, dict[str, str]]:
    """A person with a post at the unit, and the cookie of their session."""
    staff = people.add_staff(unit.organisation_id, f"{role[:4]}.{unit.code.lower()}", "王芳", by=CLERK, at=AT)
    people.give_post(staff, unit, role, date(2020, 1, 1), by=CLERK, at=AT)
    session = SessionStore()
    session[SESSION_KEY] = str(staff.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
    session.create()
    return staff, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def tell(unit: Unit, topic: str = "cases", *ids: str) -> None:
    news = {"organisation": str(unit.organisation_id), "unit": unit.code, "topic": topic, "ids": ids}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('huiyin', %s)", [json.dumps(news)])


@contextmanager
def listening(address: str, headers: dict[str, str]) -> Iterator[Iterator[dict[str, object]]]:
    """The news of a stream that is open and listens: at first every page is told to look afresh."""
    with httpx.stream("GET", f"{address}/live", headers=headers, timeout=20) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        news = (json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: "))
        assert next(news)["topic"] == "poll"
        yield news


def test_news_of_a_unit_reaches_those_whose_post_reaches_it(address: str, units: dict[str, Unit]) -> None:
    with listening(address, logged_in(units["CY"])[1]) as news:
        tell(units["HY"], "cases", "TS2602020001")
        tell(units["CY"], "cases", "TS2602020002")
        assert next(news) == {"topic": "cases", "ids": ["TS2602020002"], "unit": "CY"}


def test_the_head_office_hears_of_every_unit(address: str, units: dict[str, Unit]) -> None:
    with listening(address, logged_in(units["WY"], "quality_dept")[1]) as news:
        tell(units["HY"], "warnings")
        tell(units["CY"], "warnings")
        assert [next(news)["unit"], next(news)["unit"]] == ["HY", "CY"]


def test_what_is_no_news_is_dropped_and_the_stream_goes_on(address: str, units: dict[str, Unit]) -> None:
    with listening(address, logged_in(units["CY"])[1]) as news:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('huiyin', 'hello'), pg_notify('huiyin', '[]'), pg_notify('huiyin', '{}')")
        tell(units["CY"])
        assert next(news)["topic"] == "cases"


def test_without_a_session_there_is_no_stream(address: str, units: dict[str, Unit]) -> None:
    staff, cookie = logged_in(units["CY"])
    people.set_password(staff, "a new password", by=CLERK, at=AT)
    for headers in ({}, {"Cookie": f"{settings.SESSION_COOKIE_NAME}=nobody"}, cookie):
        assert httpx.get(f"{address}/live", headers=headers).status_code == 401


def test_whoever_still_owes_the_second_step_hears_nothing(address: str, units: dict[str, Unit]) -> None:
    _, cookie = logged_in(units["CY"])
    places.ask_second_step(units["CY"].organisation_id, asked=True, by=CLERK, at=AT)
    assert httpx.get(f"{address}/live", headers=cookie).status_code == 401


def test_the_pages_of_this_site_may_listen_and_those_of_others_not(address: str, units: dict[str, Unit]) -> None:
    _, cookie = logged_in(units["CY"])
    for origin in ("http://evil.example", "http://localhost.evil.example", "https://127.0.0.1", "null"):
        assert httpx.get(f"{address}/live", headers={**cookie, "Origin": origin}).status_code == 403
    with httpx.stream("GET", f"{address}/live", headers={**cookie, "Origin": "http://127.0.0.1:8400"}) as response:
        assert response.headers["access-control-allow-origin"] == "http://127.0.0.1:8400"
        assert response.headers["access-control-allow-credentials"] == "true"


def test_a_person_has_a_limit_of_open_pages(address: str, units: dict[str, Unit]) -> None:
    _, cookie = logged_in(units["CY"])
    with httpx.Client() as client:
        streams = [client.send(client.build_request("GET", f"{address}/live", headers=cookie), stream=True) for _ in range(21)]
        assert [stream.status_code for stream in streams] == [200] * 20 + [503]
        for stream in streams:
            stream.close()


def test_who_connects_and_says_nothing_is_hung_up_on(address: str) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as silent:
        assert silent.recv(1) == b""
