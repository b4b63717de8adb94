"""Microsoft's Graph client, pointed at the emulator."""

import os

from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from kiota_abstractions.authentication.base_bearer_token_authentication_provider import (
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient


class GivenToken(AccessTokenProvider):
    """The token that the environment's TOKEN holds."""

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return os.environ["TOKEN"]

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["127.0.0.1"])


def connect():
    """A client for the server that the environment's EXCHANGE names."""
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(GivenToken()))
    adapter.base_url = os.environ["EXCHANGE"] + "/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def asking(builder, prefer=(), **query):
    """A request's configuration: preferences, and the query by the builder's own names."""
    parameters = next(
        (kind for name, kind in vars(builder).items() if name.endswith("GetQueryParameters")), None
    )
    configuration = RequestConfiguration(query_parameters=parameters(**query) if query else None)
    for wish in prefer:
        configuration.headers.add("Prefer", wish)
    return configuration
