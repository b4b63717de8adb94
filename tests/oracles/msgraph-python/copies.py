"""What the plugin writes, as Microsoft's Graph client reads it: times, zones and texts.

Starts the program itself (the environment's TANDEM) beside the emulator, makes appointments in the
PSA, and looks for their copies in the mailbox."""

import asyncio
import datetime
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zoneinfo
from pathlib import Path

from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder

from client import asking, connect

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
WINDOWS_BERLIN = "W. Europe Standard Time"
MARKER = "String {6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96} Name TandemMarker"


def appointments():
    """The PSA's appointments, by title. Half a year apart lie summer and winter time."""
    today = datetime.datetime.now(datetime.UTC).replace(hour=9, minute=30, second=0, microsecond=0)

    def timed(days, minutes):
        start = today + datetime.timedelta(days=days)
        end = start + datetime.timedelta(minutes=minutes)
        return {"start": start.isoformat(), "end": end.isoformat()}

    def days(first, last):
        day = lambda number: (today + datetime.timedelta(days=number)).date().isoformat()
        return {"all_day": True, "first_day": day(first), "last_day": day(last)}

    return {
        "Site visit": {**timed(2, 45), "description": "Ring twice.\nÄpfel & <Birnen>, 100 % 🍐"},
        "Half a year on": timed(182, 60),
        "Past midnight in Berlin": timed(3, 16 * 60),
        "Fair": days(5, 6),
        "Dentist": {**timed(4, 30), "private": True},
        "Reading": {**timed(6, 30), "free": True},
    }


class Program:
    """The program in a folder of its own, with a tenant whose one user is anna."""

    def __init__(self, folder):
        self.folder = Path(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        exchange = os.environ["EXCHANGE"]
        (self.folder / "tandem.toml").write_text(
            f'listen = "{self.address}"\ndatabase = "sqlite:tandem.db"\nkey-file = "tandem.key"\n'
            '[network]\nallow = ["127.0.0.0/8"]\n'
            f'[endpoints]\ngraph = "{exchange}"\ntoken = "{exchange}"\n'
        )
        (self.folder / "acme.toml").write_text(
            'tenant = "acme"\n[settings]\nprofile-name = "Acme"\n'
            f'[settings.credentials]\nkind = "oauth"\ntenant-id = "{os.environ["TENANT_ID"]}"\n'
            f'client-id = "{os.environ["CLIENT_ID"]}"\nclient-secret = "{os.environ["CLIENT_SECRET"]}"\n'
            '[[resource]]\nid = "anna"\nname = "Anna"\nmailbox = "anna@example.com"\n[resource.profile]\n'
        )

    def run(self, *arguments):
        command = [os.environ["TANDEM"], *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def post(self, token, path, body):
        request = urllib.request.Request(
            f"http://{self.address}/api/v1{path}",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 201, answer.status

    def fill(self, wanted):
        """Makes the appointments over the JSON interface, then carries them to Exchange."""
        self.run("apply", "acme.toml")
        token = self.run("token", "create").strip()
        serving = subprocess.Popen(
            [os.environ["TANDEM"], "serve"], cwd=self.folder, stdout=subprocess.DEVNULL
        )
        try:
            self.answers(serving)
            for title, fields in wanted.items():
                self.post(token, "/appointments", {"resource": "anna", "title": title, **fields})
        finally:
            serving.terminate()
            serving.wait(timeout=120)
        self.run("sync")

    def answers(self, serving):
        """Waits until the program listens."""
        host, port = self.address.split(":")
        for _ in range(600):
            assert serving.poll() is None, "the program ended"
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("the program does not listen")


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
        Program(folder).fill(wanted)
    compare(wanted, asyncio.run(read()))
    print(f"msgraph-sdk: {len(wanted)} copies are as the PSA means them")


main()
