"""What the plugin writes, as Microsoft's Graph client reads it: times, zones and texts.

Makes appointments in the PSA, and looks for their copies in the mailbox."""

import asyncio
import datetime
import os
import tempfile
import zoneinfo

from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder

from client import asking, connect
from program import Program, appointments

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
WINDOWS_BERLIN = "W. Europe Standard Time"
MARKER = "String {6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96} Name TandemMarker"


def program(folder):
    exchange = os.environ["EXCHANGE"]
    return Program(
        folder,
        f'graph = "{exchange}"\ntoken = "{exchange}"',
        f'[settings.credentials]\nkind = "oauth"\ntenant-id = "{os.environ["TENANT_ID"]}"\n'
        f'client-id = "{os.environ["CLIENT_ID"]}"\nclient-secret = "{os.environ["CLIENT_SECRET"]}"',
    )


def wall(moment):
    return datetime.datetime.fromisoformat(moment.date_time[:19])


async def read():
    """The events of the mailbox by subject, in Berlin's zone and as text."""
    prefer = (f'outlook.timezone="{WINDOWS_BERLIN}"', 'outlook.body-content-type="text"')
    expand = [f"singleValueExtendedProperties($filter=id eq '{MARKER}')"]
    anna = connect().users.by_user_id("anna@example.com")
    events = await anna.events.get(asking(EventsRequestBuilder, prefer, expand=expand, top=50))
    assert events.odata_next_link is None
    return {event.subject: event for event in events.value}


def compare(wanted, found):
    assert sorted(found) == sorted(wanted), (sorted(found), sorted(wanted))
    for title, fields in wanted.items():
        event = found[title]
        span = (wall(event.start), wall(event.end))
        if fields.get("all_day"):
            first, last = (datetime.date.fromisoformat(fields[n]) for n in ("first_day", "last_day"))
            midnight = lambda day: datetime.datetime.combine(day, datetime.time())
            after = last + datetime.timedelta(days=1)
            assert event.is_all_day is True and span == (midnight(first), midnight(after)), event
        else:
            at = lambda name: datetime.datetime.fromisoformat(fields[name]).astimezone(BERLIN)
            assert event.is_all_day is False
            assert span == tuple(at(n).replace(tzinfo=None) for n in ("start", "end")), (fields, span)
        zones = (event.original_start_time_zone, event.original_end_time_zone)
        assert (event.start.time_zone, *zones) == (WINDOWS_BERLIN,) * 3, event
        text = event.body.content.replace("\r\n", "\n")
        assert event.body.content_type == BodyType.Text
        assert text.startswith(fields.get("description", "")), text
        private = Sensitivity.Private if fields.get("private") else Sensitivity.Normal
        # A copy is busy, whatever its original is.
        assert (event.sensitivity, event.show_as) == (private, FreeBusyStatus.Busy), event
        assert (event.type, event.attendees, event.is_cancelled) == (
            EventType.SingleInstance,
            [],
            False,
        )
        (marker,) = event.single_value_extended_properties
        assert marker.value.startswith("acme:"), marker


def main():
    wanted = appointments()
    with tempfile.TemporaryDirectory() as folder:
        program(folder).fill(wanted)
    compare(wanted, asyncio.run(read()))
    print(f"msgraph-sdk: {len(wanted)} copies are as the PSA means them")


main()
