"""A sign of life for supervisors and load balancers."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from huiyin.plumbing.postgres import house_id


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 `ok` with the id of the house if the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse(f"ok {house_id()}\n", content_type="text/plain")
