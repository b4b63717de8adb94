"""Has python-dateutil judge the dates that Tandem finds for series.

    judge.py VECTORS LEFT_OUT

Rules of Exchange are drawn from a seed (SEED, PATTERNS how many) and expanded three times: by Tandem, by
dateutil from Tandem's RRULE, and from Microsoft's description of the pattern without any RRULE. Of
libical's vectors that Tandem leaves out, dateutil's answer must be the one that is noted.
"""

import collections
import datetime
import json
import os
import random
import subprocess
import sys

import patterns
import vectors


def ask_tandem(questions):
    lines = "\n".join(map(json.dumps, questions))
    answers = subprocess.run([os.environ["DATES"]], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in answers.stdout.splitlines()]


def judge_patterns(seed, number):
    chance = random.Random(seed)
    questions = [patterns.draw(chance) for _ in range(number)]
    with_dates = collections.Counter()
    wrong = []
    for question, answer in zip(questions, ask_tandem(questions), strict=True):
        series = question["series"]
        begin, end = (datetime.date.fromisoformat(question[name]) for name in ("from", "to"))
        judged = {
            "dateutil": patterns.by_dateutil(answer["rrule"], series, begin, end),
            "exchange": patterns.by_exchange(series, begin, end),
        }
        if any(dates != answer["dates"] for dates in judged.values()):
            wrong.append({"question": question, "tandem": answer} | judged)
        (kind,) = series["pattern"]
        with_dates[kind] += bool(answer["dates"])
    for verdict in wrong[:5]:
        print(json.dumps(verdict), file=sys.stderr)
    print(f"{number} patterns of seed {seed}, {with_dates.total()} with dates: {len(wrong)} wrong")
    # few dates would be little to judge by
    return not wrong and len(with_dates) == 6 and min(with_dates.values()) * 30 >= number


def judge_left_out(file, noted):
    known = vectors.read(file)
    groups = json.load(open(noted, encoding="utf-8"))
    wrong = 0
    for group in groups:
        for number, rule in group["vectors"].items():
            vector = known[int(number)]
            if vector.rule != rule:
                print(f"vector {number} is {vector.rule}", file=sys.stderr)
                wrong += 1
                continue
            answer = vectors.judge(vector, ask_tandem)
            if answer != group["dateutil"]:
                print(f"vector {number}, {rule}: dateutil answers {answer}", file=sys.stderr)
                wrong += 1
    total = sum(len(group["vectors"]) for group in groups)
    print(f"{total} of {len(known)} vectors left out: {wrong} otherwise than noted")
    return wrong == 0


good = judge_patterns(int(os.environ.get("SEED", "1")), int(os.environ.get("PATTERNS", "2000")))
good = judge_left_out(*sys.argv[1:]) and good
sys.exit(0 if good else 1)
