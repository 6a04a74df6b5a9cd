from tests.house import __name__ as _n
from huiyin.faces.console.tests.conftest import House, build_house, house  # noqa
import pytest
ADDR = ["/cases/%00", "/cases?after=x", "/cases?after=2026-01-01%7Czz", "/cases?unit=NOPE", "/cases?q=%00","/cases?household=%00","/register?unit=NOPE","/register?unit=%00",
 "/register/household?contact_phone=%00123456789&place=3-2-1501&unit=CY","/register/similar?story=%00abcdef&unit=CY","/search?q=%00","/search?q=12345%00","/overview?month=%00","/overview?unit=LY","/overview/list?figure=open&class=%00","/overview/list?figure=open&page=x",
 "/duties?month=x&day=%00","/scores?unit=CY&warning=%00","/scores?period=9999-99","/scores/export?period=all","/scores/assessment","/rosters?unit=CY&month=0000-00","/rosters/day?unit=CY&day=9999-12-31","/rosters/day?unit=CY&day=0001-01-01","/rosters?unit=CY&month=9999-12","/warnings/%00","/warnings?page=zz","/documents/%00","/messages?before=zz","/rulebook/zz","/rulebook/clauses/%00","/rulebook/calendar?year=99999999999999999999","/rulebook/calendar?year=²","/summaries?period=9999-W53","/circulars?period=9999-12","/cases/news?shown=%00","/registered/%00","/cases?from=9999-12-31&until=9999-12-31","/cases?since=zzz&state=all&after=q","/duties?month=9999-12","/overview?month=9999-12","/statements","/suggestions", "/duties?month=0001-01","/cases?from=0001-01-01","/cases?q=%27%5C"]
@pytest.mark.parametrize("who", ["zhao", "wu", "zhou"])
def test_probe(house, who):
    b = house.browser(who); b.raise_request_exception = False
    for a in ADDR:
        r = b.get(a)
        if r.status_code >= 500: print("!!", who, a, r.status_code, repr(getattr(r,'exc_info',None) and r.exc_info[1])[:150])
