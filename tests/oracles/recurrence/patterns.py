"""Random rules of Exchange, and their dates by python-dateutil, with and without an RRULE."""

import calendar
import datetime
import itertools

from dateutil import rrule
from dateutil.relativedelta import relativedelta

WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
INDEXES = ["First", "Second", "Third", "Fourth", "Last"]


def draw(chance):
    """A rule as the contract writes it in JSON, and two dates between which to look."""
    first = datetime.date(1990, 1, 1) + datetime.timedelta(chance.randrange(40 * 366))
    interval = chance.choice([1, 1, 1, 2, 2, 3, 4, 5, 6, 12, 18, 99])
    some = sorted(chance.sample(WEEK, chance.randint(1, 7)), key=WEEK.index)
    day, month = chance.choice([*range(1, 32), 28, 29, 29, 30, 30, 31, 31]), chance.randint(1, 12)
    index = chance.choice(INDEXES)
    pattern = chance.choice(
        [
            {"Daily": {"interval": interval}},
            {"Weekly": {"interval": interval, "days": some, "first_day": chance.choice(WEEK)}},
            {"AbsoluteMonthly": {"interval": interval, "day": day}},
            {"RelativeMonthly": {"interval": interval, "days": some, "index": index}},
            {"AbsoluteYearly": {"interval": interval, "month": month, "day": day}},
            {"RelativeYearly": {"interval": interval, "month": month, "days": some, "index": index}},
        ]
    )
    until = first + datetime.timedelta(chance.randint(-10, 5000))
    end = chance.choice(["Endless", {"Numbered": chance.randint(1, chance.choice([9, 99, 999]))}, {"Until": written(until)}])
    years = chance.choice([0, 0, 0, 1, 3]) if end != "Endless" else chance.choice([0, 1, 10, 45])
    begin = first + datetime.timedelta(chance.randint(-400, 400) + years * 366)
    return {
        "series": {"pattern": pattern, "first": written(first), "end": end, "zone": {"name": "UTC"}},
        "from": str(begin),
        "to": str(begin + datetime.timedelta(chance.choice([30, 800, 4000]))),
    }


def written(date):
    return {"year": date.year, "month": date.month, "day": date.day}


def by_dateutil(text, series, begin, end):
    """The dates of our RRULE."""
    first = datetime.datetime(**series["first"])
    dates = rrule.rrulestr(text, dtstart=first, ignoretz=True)
    wanted = itertools.takewhile(lambda time: time.date() <= end, dates)
    return [str(time.date()) for time in wanted if time.date() >= begin]


def by_exchange(series, begin, end):
    """The dates of the pattern as Microsoft describes it, without any RRULE."""
    first = datetime.date(**series["first"])
    limit = series["end"]
    last, most = end, None
    if "Until" in limit:
        last = min(end, datetime.date(**limit["Until"]))
    elif "Numbered" in limit:
        most = limit["Numbered"]
    dates = (date for date in every_date(series["pattern"], first) if date >= first)
    counted = itertools.islice(dates, most)
    wanted = itertools.takewhile(lambda date: date <= last, counted)
    return [str(date) for date in wanted if date >= begin]


def every_date(pattern, first):
    ((kind, how),) = pattern.items()
    for step in itertools.count(0, how["interval"]):
        match kind:
            case "Daily":
                yield first + relativedelta(days=step)
            case "Weekly":
                behind = (first.weekday() - WEEK.index(how["first_day"])) % 7
                week = first + relativedelta(days=7 * step - behind)
                days = (week + relativedelta(days=n) for n in range(7))
                yield from (date for date in days if WEEK[date.weekday()] in how["days"])
            case "AbsoluteMonthly":
                # relativedelta takes a month's last day for one that it lacks, as Exchange does
                yield first + relativedelta(day=1, months=step) + relativedelta(day=how["day"])
            case "AbsoluteYearly":
                month = first + relativedelta(day=1, month=how["month"], years=step)
                yield month + relativedelta(day=how["day"])
            case "RelativeMonthly":
                yield indexed(first + relativedelta(day=1, months=step), how)
            case "RelativeYearly":
                yield indexed(first + relativedelta(day=1, month=how["month"], years=step), how)


def indexed(month, how):
    length = calendar.monthrange(month.year, month.month)[1]
    days = (month + relativedelta(day=day) for day in range(1, length + 1))
    matching = [date for date in days if WEEK[date.weekday()] in how["days"]]
    return matching[{"Last": -1}.get(how["index"], INDEXES.index(how["index"]))]
