"""What recurring-ical-events expands of a calendar in one window:

    expand.py CALENDAR ZONE FIRST DAYS

prints as JSON the window's bounds, as days and as instants, and its occurrences as title, start and
end. What counts:

- The window is so many days from midnight of the FIRST one on, in the mailbox's IANA ZONE.
- An occurrence of which any part lies inside. One that ends as the window begins lies outside, and
  so does one that starts as it ends.
- All-day ones have dates, which are those of every zone: the day after the last is their end. All
  others have instants in UTC.
- Cancelled ones are none. Free ones are, because the PSA shows free time unless it is set otherwise;
  organisers, attendees and their answers do not matter.
- A title has no blanks around it.
- What LEFT_OUT lists is there although this library leaves it out."""

import datetime
import json
import sys
import zoneinfo
from pathlib import Path

import icalendar
import recurring_ical_events

# Exchange ends an all-day series with the midnight at which its last occurrence begins, written in
# UTC: east of Greenwich that is the evening before. The library keeps of it the date alone, which is
# the day before, and the last occurrence is missing.
LEFT_OUT = {
    "outlook-series-until-utc.ics": [
        # UNTIL=20200916T230000Z and UNTIL=20200923T230000Z, both Thursdays in British summer time.
        ("Refuse black bin", "2020-09-17", "2020-09-18"),
        ("Blue Recycle bin", "2020-09-24", "2020-09-25"),
    ],
}

DAY = datetime.timedelta(days=1)


def written(moment):
    """Dates and instants as texts that sort as they follow each other."""
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    assert moment.tzinfo is not None, f"{moment} is in no zone"
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def expanded(file, first, after):
    """All that may lie in days of whichever zone."""
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    for event in recurring_ical_events.of(calendar).between(first - 2 * DAY, after + 2 * DAY):
        if event.get("STATUS") != "CANCELLED":
            yield str(event["SUMMARY"]).strip(), written(event.start), written(event.end)
    yield from LEFT_OUT.get(file.name, [])


def main(calendar, zone, first, days):
    file, first = Path(calendar), datetime.date.fromisoformat(first)
    bounds = (first, first + int(days) * DAY)
    midnight = lambda day: datetime.datetime.combine(
        day, datetime.time(), zoneinfo.ZoneInfo(zone)
    )
    days = [written(day) for day in bounds]
    instants = [written(midnight(day)) for day in bounds]

    def inside(occurrence):
        _title, start, end = occurrence
        begin, after = instants if "T" in start else days
        return start < after and end > begin

    occurrences = sorted(filter(inside, expanded(file, *bounds)))
    twice = [one for one in LEFT_OUT.get(file.name, []) if occurrences.count(one) > 1]
    assert not twice, f"the library does not leave out {twice}"
    print(json.dumps({"days": days, "instants": instants, "occurrences": occurrences}))


main(*sys.argv[1:])
