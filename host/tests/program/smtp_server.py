"""A real SMTP server for the tests: writes each mail it takes as a JSON file into a folder.

Options: --folder DIR, --port N (0: any), --fail-first N (refuse so many at first), --certificate
PEM --key PEM (STARTTLS is then required, and the account tandem/secret), --tls-at-once (TLS from the
first byte instead). Addresses that begin with `nobody` do not exist. Prints its port once it listens, and ends with its standard input.
"""

import argparse
import asyncio
import json
import pathlib
import ssl
import sys
import uuid

from aiosmtpd.smtp import SMTP, AuthResult

parser = argparse.ArgumentParser()
parser.add_argument("--folder", type=pathlib.Path)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--fail-first", type=int, default=0)
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--tls-at-once", action="store_true")
options = parser.parse_args()


class Handler:
    def __init__(self):
        self.refused = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.refused < options.fail_first:
            self.refused += 1
            return "451 4.7.1 try again later"
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode("utf-8", "replace"),
            "tls": server.transport.get_extra_info("sslcontext") is not None,
            "authenticated": bool(session.authenticated),
        }
        unfinished = options.folder / f".{uuid.uuid4()}"
        unfinished.write_text(json.dumps(mail))
        unfinished.rename(options.folder / f"{uuid.uuid4()}.json")
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    known = data.login == b"tandem" and data.password == b"secret"
    return AuthResult(success=known)


async def main():
    more, at_once = {}, None
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
        more = {"authenticator": authenticate, "auth_required": True}
        if options.tls_at_once:
            at_once = context
            more["auth_require_tls"] = False  # It knows of its own STARTTLS only.
        else:
            more |= {"tls_context": context, "require_starttls": True}
    handler = Handler()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop, **more),
        "127.0.0.1",
        options.port,
        ssl=at_once,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
