"""exchangelib, pointed at the emulator as a service account that may act for every mailbox."""

import os

from exchangelib import BASIC, IMPERSONATION, Account, Configuration, Credentials, EWSTimeZone, Version
from exchangelib.version import EXCHANGE_2016

BERLIN = EWSTimeZone("Europe/Berlin")


def connect(address):
    """A mailbox on the server that the environment's EXCHANGE names, opened by the account in ACCOUNT."""
    name, password = os.environ["ACCOUNT"].split(":", 1)
    configuration = Configuration(
        service_endpoint=os.environ["EXCHANGE"] + "/EWS/Exchange.asmx",
        credentials=Credentials(name, password),
        auth_type=BASIC,
        version=Version(build=EXCHANGE_2016),
    )
    return Account(
        address,
        config=configuration,
        autodiscover=False,
        access_type=IMPERSONATION,
        default_timezone=BERLIN,
    )
