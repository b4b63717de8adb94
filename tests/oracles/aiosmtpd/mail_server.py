"""aiosmtpd as its own command starts it, over STARTTLS, with the mails that it took in a Maildir."""

import contextlib
import email
import email.policy
import mailbox
import socket
import subprocess
import sys
import time
from pathlib import Path

import trustme

SECONDS = 120


class MailServer:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.authority = self.folder / "authority.pem"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost")
        authority.cert_pem.write_to_path(self.authority)
        certificate.private_key_pem.write_to_path(self.folder / "key.pem")
        certificate.cert_chain_pems[0].write_to_path(self.folder / "certificate.pem")

    @contextlib.contextmanager
    def serving(self):
        tls = ["--tlscert", self.folder / "certificate.pem", "--tlskey", self.folder / "key.pem"]
        handler = ["--class", "aiosmtpd.handlers.Mailbox", self.folder / "mails"]
        command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"localhost:{self.port}", *tls, *handler]
        server = subprocess.Popen(command)
        try:
            until(lambda: self.listens(server), "the mail server does not listen")
            yield
        finally:
            server.terminate()
            server.wait(timeout=SECONDS)

    def listens(self, server):
        assert server.poll() is None, "the mail server ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def taken(self):
        """The mails so far, read as strictly as Python's email package can."""
        policy = email.policy.default.clone(raise_on_defect=True)
        maildir = mailbox.Maildir(self.folder / "mails", create=True)
        return [email.message_from_bytes(maildir.get_bytes(key), policy=policy) for key in maildir.keys()]

    def wait_for(self, count):
        until(lambda: len(self.taken()) >= count, f"{count} mails were to come")
        taken = self.taken()
        assert len(taken) == count, [mail["Subject"] for mail in taken]
        return taken


def until(is_so, otherwise):
    """Waits for something to be so."""
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
