"""libical's vectors, and what dateutil makes of one."""

import dataclasses
import datetime
import itertools
import re

from dateutil import rrule

TIMES = re.compile("HOURLY|MINUTELY|SECONDLY|BYHOUR|BYMINUTE|BYSECOND")


@dataclasses.dataclass
class Vector:
    rule: str
    start: str
    instances: list[str]

    def first(self):
        text = self.start.rstrip("Z")
        return datetime.datetime.strptime(text, "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")

    def written(self, time):
        """As the file writes times that go with this start."""
        if "T" not in self.start:
            return f"{time:%Y%m%d}"
        return f"{time:%Y%m%dT%H%M%S}" + self.start[15:]


def read(path):
    """The vectors by their number in the file, from 1."""
    blocks = (block for block in open(path, encoding="utf-8").read().split("\n\n") if "RRULE:" in block)

    def vector(block):
        def line(name):
            return re.search(f"^{name}:(.*)$", block, re.MULTILINE).group(1).strip()

        return Vector(line("RRULE"), line("DTSTART"), line("INSTANCES").split(","))

    return {number: vector(block) for number, block in enumerate(blocks, 1)}


def judge(vector, ask_tandem):
    """Whom dateutil agrees with."""
    # each ends by itself, and none has so many
    rule = rrule.rrulestr(vector.rule, dtstart=vector.first(), ignoretz=True)
    times = itertools.islice(rule, 1000)
    dateutil = [vector.written(time) for time in times]
    if dateutil == vector.instances:
        return "as libical"
    if not TIMES.search(vector.rule):
        (answer,) = ask_tandem([question(vector)])
        ours = [datetime.datetime.fromisoformat(date) for date in answer["dates"]]
        time = vector.first().time()
        if dateutil == [vector.written(datetime.datetime.combine(date, time)) for date in ours]:
            return "as ours"
    return "otherwise"


def question(vector):
    first = str(vector.first().date())
    # where one is left out, no UNTIL has a time before that of the first occurrence
    rule = re.sub(r"UNTIL=(\d{8})(?!T)", r"UNTIL=\1T000000Z", vector.rule)
    return {"rrule": rule, "first": first, "from": first, "to": "2200-01-01"}
