"""Addresses about the person at the desk."""

from django.urls import path

from huiyin.faces.console.people import device, door, inbox, search, second_step, workbench

URLS = [
    path("", workbench.workbench, name="workbench"),
    path("login", door.login, name="login"),
    path("login/code", door.login_code, name="login-code"),
    path("second-step", second_step.mine, name="second-step"),
    path("logout", door.logout, name="logout"),
    path("post", door.change_post, name="post"),
    path("looks", door.choose_looks, name="looks"),
    path("messages", inbox.inbox, name="messages"),
    path("messages/wishes", inbox.wishes, name="wishes"),
    path("messages/<uuid:letter>", inbox.open_letter, name="message"),
    path("device", device.key, name="device"),
    path("search", search.search, name="search"),
]
