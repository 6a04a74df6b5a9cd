"""A session ends twelve hours after the last request, and not after the login."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

RENEW_AFTER_SECONDS = 15 * 60
SEEN = "seen"


class RenewSession:
    """Pushes the end of a session out, once in a quarter of an hour: saving at each request would cost a write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then mark the session as seen if it is somebody's and the last mark is old."""
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.is_empty() and time.time() - session.get(SEEN, 0) > RENEW_AFTER_SECONDS:
            session[SEEN] = int(time.time())
        return response
