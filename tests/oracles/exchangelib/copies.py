"""What the plugin writes, as exchangelib reads it, and what exchangelib writes, as the PSA gets it.

Makes appointments in the PSA and looks for their copies in the mailbox; then makes items in the
mailbox, a weekly series with exceptions among them, and looks for them in the PSA."""

import datetime
import os
import tempfile
import zoneinfo

from exchangelib import Body, CalendarItem, EWSDate, EWSDateTime, ExtendedProperty
from exchangelib.items import SEND_TO_NONE
from exchangelib.recurrence import Recurrence, WeeklyPattern

from client import BERLIN, connect
from program import Program, appointments

ZONE = zoneinfo.ZoneInfo("Europe/Berlin")


class Marker(ExtendedProperty):
    property_set_id = "6d2b7c0e-93f4-4a1b-8a57-2f0c41d5be96"
    property_name = "TandemMarker"
    property_type = "String"


CalendarItem.register("marker", Marker)


def program(folder):
    exchange = os.environ["EXCHANGE"]
    account, password = os.environ["ACCOUNT"].split(":", 1)
    return Program(
        folder,
        f'ews = "{exchange}/EWS/Exchange.asmx"',
        'version = "subscription-edition"\nserver-address = "mail.example.com"\ndomain = "EXAMPLE"\n'
        f'[settings.credentials]\nkind = "basic"\naccount = "{account}"\npassword = "{password}"',
    )


def is_copy(item, title, fields):
    if fields.get("all_day"):
        first, last = (EWSDate.fromisoformat(fields[name]) for name in ("first_day", "last_day"))
        assert (item.is_all_day, item.start, item.end) == (True, first, last), (fields, item)
    else:
        at = lambda name: datetime.datetime.fromisoformat(fields[name])
        assert (item.is_all_day, item.start, item.end) == (False, at("start"), at("end")), (fields, item)
    assert (item._start_timezone, item._end_timezone) == (BERLIN, BERLIN), item
    text = item.text_body.replace("\r\n", "\n")
    assert text.startswith(fields.get("description", "")), text
    sensitivity = "Private" if fields.get("private") else "Normal"
    # A copy is busy, whatever its original is.
    assert (item.sensitivity, item.legacy_free_busy_status) == (sensitivity, "Busy"), item
    assert (item.type, item.required_attendees, item.is_cancelled) == ("Single", None, False), item
    assert item.marker.startswith("acme:appointment:"), item.marker


def there(anna, tandem):
    """From the PSA to Exchange."""
    wanted = appointments()
    tandem.fill(wanted)
    found = {item.subject: item for item in anna.calendar.all()}
    assert sorted(found) == sorted(wanted), (sorted(found), sorted(wanted))
    for title, fields in wanted.items():
        is_copy(found[title], title, fields)
    return wanted


def originals(anna):
    """Items of exchangelib's making, and what the PSA has to hold of them: title, whether it recurs,
    start and end. A week from now, so that all lie in the window."""
    day = datetime.datetime.now(ZONE).date() + datetime.timedelta(days=2)

    def at(days, hour, minute=0):
        date = day + datetime.timedelta(days=days)
        return EWSDateTime(date.year, date.month, date.day, hour, minute, tzinfo=BERLIN)

    def on(days):
        date = day + datetime.timedelta(days=days)
        return EWSDate(date.year, date.month, date.day)

    def quietly(item, *fields):
        item.save(update_fields=fields or None, send_meeting_invitations=SEND_TO_NONE)
        return item

    folder = anna.calendar
    quietly(CalendarItem(folder=folder, subject="Müller & Söhne", body=Body("Ring twice.\nÄpfel"), start=at(0, 9), end=at(0, 10, 30)))
    quietly(CalendarItem(folder=folder, subject="Doctor", sensitivity="Private", start=at(1, 8), end=at(1, 9)))
    quietly(CalendarItem(folder=folder, subject="Trade fair", is_all_day=True, start=on(3), end=on(4)))
    weekday = at(0, 7).strftime("%A")
    master = quietly(
        CalendarItem(
            folder=folder,
            subject="Stand-up",
            start=at(0, 7),
            end=at(0, 7, 15),
            recurrence=Recurrence(pattern=WeeklyPattern(interval=1, weekdays=[weekday]), start=on(0), number=4),
        )
    )
    second = master.occurrence(2)
    second.refresh()
    second.start, second.end = at(8, 8), at(8, 9)
    quietly(second, "start", "end")
    third = master.occurrence(3)
    third.refresh()
    third.delete(send_meeting_cancellations=SEND_TO_NONE)
    timed = lambda title, recurring, start, end: (title, recurring, start.timestamp(), end.timestamp())
    return {
        timed("Müller & Söhne", False, at(0, 9), at(0, 10, 30)),
        timed("Appointment", False, at(1, 8), at(1, 9)),
        ("Trade fair", False, on(3).isoformat(), on(4).isoformat()),
        timed("Stand-up", True, at(0, 7), at(0, 7, 15)),
        timed("Stand-up", True, at(8, 8), at(8, 9)),
        timed("Stand-up", True, at(21, 7), at(21, 7, 15)),
    }


def held(tandem, titles):
    """The PSA's appointments of others' making, in the same form."""
    with tandem.serving():
        records = tandem.ask("/appointments?resource=anna&limit=200")["items"]
    instant = lambda text: datetime.datetime.fromisoformat(text).timestamp()
    found = set()
    for record in records:
        if record["title"] in titles:
            continue
        span = (
            (record["first_day"], record["last_day"])
            if record.get("all_day")
            else (instant(record["start"]), instant(record["end"]))
        )
        found.add((record["title"], record["recurring"], *span))
    return found


def main():
    anna = connect("anna@example.com")
    with tempfile.TemporaryDirectory() as folder:
        tandem = program(folder)
        wanted = there(anna, tandem)
        made = originals(anna)
        tandem.run("sync")
        found = held(tandem, wanted)
        assert found == made, (sorted(map(str, found - made)), sorted(map(str, made - found)))
    print(f"exchangelib: {len(wanted)} copies are as the PSA means them, {len(made)} items came over")


main()
