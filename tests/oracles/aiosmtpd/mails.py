"""The mails of a program that serves, as a mail server took them and Python's email package reads them.

A user is enabled with the tenant's file and one through the JSON interface, a cycle fails, and the next one is
well again: four mails, each with one text and one HTML that say the same."""

import contextlib
import copy
import email.utils
import html.parser
import json
import os
import tempfile
import urllib.error
import urllib.request

from mail_server import MailServer
from program import Program

SENDER = "Tandem für Contoso"
TOLD = ["it@example.com", "ops@example.com"]


def program(folder, server):
    exchange = os.environ["EXCHANGE"]
    return Program(
        folder,
        f'graph = "{exchange}"\ntoken = "{exchange}"\n'
        f'[smtp]\nhost = "localhost"\nport = {server.port}\nfrom = "{SENDER} <tandem@example.com>"',
        f'error-notifications-to = "{"; ".join(TOLD)};"\n'
        f'[settings.credentials]\nkind = "oauth"\ntenant-id = "{os.environ["TENANT_ID"]}"\n'
        f'client-id = "{os.environ["CLIENT_ID"]}"\nclient-secret = "{os.environ["CLIENT_SECRET"]}"',
        network=f'ca-files = ["{server.authority}"]',
    )


def control(method, path, body=None):
    url = f"{os.environ['EXCHANGE']}/control{path}"
    request = urllib.request.Request(url, body and json.dumps(body).encode(), method=method)
    urllib.request.urlopen(request, timeout=60).close()


class Page(html.parser.HTMLParser):
    """What people read of a page, a line for each paragraph and each row; where its links lead; and
    whatever would be fetched or run."""

    SILENT = {"title", "style"}
    FETCHING = {"src", "srcset", "background", "poster", "data", "action"}

    def __init__(self, text):
        super().__init__()
        self.lines, self.links, self.fetched, self.within = [""], [], [], []
        self.feed(text)
        self.lines = [" ".join(line.split()) for line in self.lines if line.strip()]

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br"):
            self.within.append(tag)
        for name, value in attributes:
            if name == "href" and tag == "a":
                self.links.append(value)
            elif name in self.FETCHING or name == "href" or name.startswith("on"):
                self.fetched.append((tag, name, value))
        if tag in ("script", "link", "img", "iframe", "object", "embed"):
            self.fetched.append((tag,))

    def handle_endtag(self, tag):
        assert self.within and self.within.pop() == tag, f"</{tag}> closes nothing"
        if tag in ("p", "h1", "tr", "footer", "a"):
            self.lines.append("")
        elif tag == "th":
            self.lines[-1] += ": "

    def handle_data(self, data):
        if "style" in self.within and ("url(" in data or "@import" in data):
            self.fetched.append(("style", data))
        if not self.SILENT & set(self.within):
            self.lines[-1] += data


def says_the_same(mail):
    """Judges both alternatives, and gives the lines of the text."""
    plain, html_part = mail.iter_parts()
    for part, kind in ((plain, "text/plain"), (html_part, "text/html")):
        assert part.get_content_type() == kind, part.get_content_type()
        assert part.get_content_charset() == "utf-8", part["Content-Type"]
    text = plain.get_content()
    page = Page(html_part.get_content())
    assert not page.within and not page.fetched, (page.within, page.fetched)
    subject, *read = page.lines
    assert subject == mail["Subject"], (subject, mail["Subject"])
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line and line != "--"]
    # A link is its words, then its address.
    addresses = [line for line in lines if line.startswith("http://127.0.0.1:")]
    assert addresses == page.links and addresses, (addresses, page.links)
    words = [line.removesuffix(":") for line in lines if line not in addresses]
    assert words == read, "\n".join(["text:", *words, "html:", *read])
    return lines


def judge(mail):
    assert mail.get_content_type() == "multipart/alternative", mail.get_content_type()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["MIME-Version"] == "1.0"
    [sender] = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (SENDER, "tandem@example.com"), mail["From"]
    identity = mail["Message-ID"]
    assert identity.startswith("<") and identity.endswith("@example.com>"), identity
    age = email.utils.localtime() - mail["Date"].datetime
    assert abs(age.total_seconds()) < 600, mail["Date"]
    return says_the_same(mail)


def notices_what_is_spoilt(mail):
    """This judge finds fault with HTML that says less, more or something else than the text."""
    for said, instead in (
        ("</table>", "<tr><th>More</th><td>than the text</td></tr></table>"),
        ("</h1>", "</h1><img alt='' src='https://example.com/opened'>"),
        ('href="http', 'href="https://elsewhere.example/http'),
        ("<td>", "<td>not "),
        ("</main>", ""),
    ):
        spoilt = copy.deepcopy(mail)
        _, html_part = spoilt.iter_parts()
        before = html_part.get_content()
        assert said in before, said
        html_part.set_content(before.replace(said, instead, 1), subtype="html")
        try:
            judge(spoilt)
        except AssertionError:
            continue
        raise SystemExit(f"nobody noticed {instead!r} in place of {said!r}")


class Elsewhere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def leads_somewhere(address):
    """Whoever follows a mail's link is asked to sign in, and not told that there is no such page."""
    try:
        status = urllib.request.build_opener(Elsewhere).open(address, timeout=60).status
    except urllib.error.HTTPError as answer:
        status, target = answer.code, answer.headers.get("Location", "")
        assert target.startswith("/sign-in"), (address, status, target)
    assert status == 303, (address, status)


def fails(tandem):
    with contextlib.suppress(urllib.error.HTTPError):
        tandem.send("POST", "/sync", {"resource": "anna"})
        raise AssertionError("the cycle was to fail")


def tour(tandem):
    """What people and servers do, between the mails."""
    tandem.ask("/resources", {"id": "bela", "name": "Béla Nagy & Söhne", "email": ""})
    _, version = tandem.send("GET", "/resources/bela")
    wanted = {"enabled": True, "mailbox": "bob@example.com"}
    tandem.send("PATCH", "/resources/bela", wanted, {"If-Match": version})
    yield 2
    fault = {"kind": "status", "status": 403, "code": "ErrorAccessDenied"}
    control("POST", "/faults", {"mailbox": "anna@example.com", "effect": fault, "count": 0})
    fails(tandem)
    yield 3
    # The same cause again is not told again.
    fails(tandem)
    control("DELETE", "/faults")
    tandem.send("POST", "/sync", {"resource": "anna"})
    yield 4


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = MailServer(folder)
        tandem = program(folder, server)
        with server.serving(), tandem.serving():
            for count in tour(tandem):
                mails = server.wait_for(count)
            for line in (line for mail in mails for line in judge(mail)):
                if line.startswith("http://127.0.0.1:"):
                    leads_somewhere(line)
    assert len({mail["Message-ID"] for mail in mails}) == 4
    for mail in mails:
        print(f'{mail["To"]}: {mail["Subject"]}')
        notices_what_is_spoilt(mail)
    by_reader = {}
    for mail in mails:
        readers = [address.addr_spec for address in mail["To"].addresses]
        by_reader.setdefault(tuple(readers), []).append("\n".join(judge(mail)))
    [anna], [bela] = by_reader[("anna@example.com",)], by_reader[("bob@example.com",)]
    assert "Hello Anna," in anna and "nothing is left to do" in anna, anna
    assert "Hello Béla Nagy & Söhne," in bela and "Nothing is synchronised until" in bela, bela
    assert "/users/bela/profile" in bela, bela
    failed, well = sorted(by_reader[tuple(TOLD)], key=lambda text: "works again" in text)
    for fact in ("anna@example.com", os.environ["EXCHANGE"], "403", "What to do: "):
        assert fact in failed, (fact, failed)
    assert "works again" in well and "anna@example.com" in well, well


main()
