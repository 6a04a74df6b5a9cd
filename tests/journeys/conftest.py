"""A browser and a server on the test database, and the people whose journeys are told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from huiyin.faces.console.tests.conftest import House, build_house

WIDE = {"width": 1366, "height": 768}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

Enter = Callable[[str], Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium without a window. Raises an error that says what to install where there is none."""
    if CHROMIUM is None:
        raise RuntimeError("found no chromium, expected one on the path: apt-get install chromium")
    # Playwright runs a loop of its own in this thread; Django refuses its database there unless told that it is ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # What is expected may take its time on a machine that has other things to do.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def house(transactional_db: None) -> House:
    """The organisation of the console's tests, committed, so that the server sees it."""
    return build_house()


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, house: House) -> Iterator[Enter]:
    """Opens a page for somebody who is signed in: ``enter("zhao")``; for nobody yet: ``enter("")``. Each has a browser of their own."""
    contexts = []

    def come(login: str) -> Page:
        context = browser.new_context(viewport=WIDE, base_url=live_server.url, locale="zh-CN")  # type: ignore[arg-type]
        contexts.append(context)
        if login:
            client = Client()
            client.force_login(house.staff[login])
            context.add_cookies([{"name": "huiyin_session", "value": client.cookies["huiyin_session"].value, "url": live_server.url}])
        return context.new_page()

    yield come
    for context in contexts:
        context.close()
