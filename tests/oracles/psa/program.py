"""The program itself (the environment's TANDEM) beside the emulator, with people who work in its PSA:
what both judges of copies have in common."""

import contextlib
import datetime
import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path


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
    """The program in a folder of its own, with a tenant whose one user is anna, and which reaches
    Exchange as these lines of the operator's and the tenant's files say."""

    def __init__(self, folder, endpoints, settings, network=""):
        self.folder = Path(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        (self.folder / "tandem.toml").write_text(
            f'listen = "{self.address}"\ndatabase = "sqlite:tandem.db"\nkey-file = "tandem.key"\n'
            f'[network]\nallow = ["127.0.0.0/8"]\n{network}\n[endpoints]\n{endpoints}\n'
        )
        (self.folder / "acme.toml").write_text(
            f'tenant = "acme"\n[settings]\nprofile-name = "Acme"\n{settings}\n'
            '[[resource]]\nid = "anna"\nname = "Anna"\nmailbox = "anna@example.com"\n[resource.profile]\n'
        )
        self.run("apply", "acme.toml")
        self.token = self.run("token", "create").strip()

    def run(self, *arguments):
        command = [os.environ["TANDEM"], *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def ask(self, path, body=None):
        """Asks the JSON interface, of a program that serves; with a body something is made."""
        answer, _ = self.send("POST" if body else "GET", path, body)
        return answer

    def send(self, method, path, body=None, headers=None):
        """Sends a request to the JSON interface. Gives its answer, and the version that it names."""
        request = urllib.request.Request(
            f"http://{self.address}/api/v1{path}",
            method=method,
            data=body and json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer), answer.headers["ETag"]

    @contextlib.contextmanager
    def serving(self):
        serving = subprocess.Popen(
            [os.environ["TANDEM"], "serve"], cwd=self.folder, stdout=subprocess.DEVNULL
        )
        try:
            self.answers(serving)
            yield
        finally:
            serving.terminate()
            serving.wait(timeout=120)

    def fill(self, wanted):
        """Makes the appointments over the JSON interface, then carries them to Exchange."""
        with self.serving():
            for title, fields in wanted.items():
                self.ask("/appointments", {"resource": "anna", "title": title, **fields})
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
