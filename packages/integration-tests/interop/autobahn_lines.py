"""What the drivers of PyPI autobahn share: lines of JSON, and the verbs.

A driver is run as: URL SERIALIZER REALM [METHOD AUTHID SECRET [CHANNEL_BINDING]]. The lines are those of go/lines/lines.go.
"""

import base64
import json
import os
import sys

from autobahn.wamp.auth import create_authenticator
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import CallResult, PublishOptions, RegisterOptions, SubscribeOptions

SERIALIZERS = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}
SECRETS = {"ticket": "ticket", "wampcra": "secret", "cryptosign": "privkey", "scram": "password"}
LARGEST_SAFE_INTEGER = 2**53 - 1


def to_json(value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$binary": base64.b64encode(value).decode()}
    if isinstance(value, int) and abs(value) > LARGEST_SAFE_INTEGER:
        return {"$integer": str(value)}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def from_json(value):
    if isinstance(value, dict):
        if "$binary" in value:
            return base64.b64decode(value["$binary"])
        if "$integer" in value:
            return int(value["$integer"])
        return {key: from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return value


# autobahn logs to stdout: what it writes goes to stderr, and the lines of JSON to the stdout that was.
lines = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def write(*line):
    print(json.dumps(to_json(list(line))), file=lines, flush=True)


def serializer_of(name):
    """`json`, or `json.batched` as in the name of the subprotocol."""
    kind, *batched = name.split(".")
    return SERIALIZERS[kind](batched=bool(batched))


def runner_arguments(make_tls):
    """The arguments of either ApplicationRunner. `make_tls` limits TLS to 1.2, which has `tls-unique`."""
    url, serializer, realm, *user = sys.argv[1:]
    extra = {"proof": authenticator_of(*user) if user else None}
    tls = make_tls() if url.startswith("wss:") else None
    return {"url": url, "realm": realm, "extra": extra, "serializers": [serializer_of(serializer)], "ssl": tls}


def authenticator_of(method, authid, secret, channel_binding=None):
    arguments = {"authid": authid or None}
    if method in SECRETS:
        arguments[SECRETS[method]] = secret
    if channel_binding:
        arguments["authextra"] = {"channel_binding": channel_binding}
    authenticator = create_authenticator(method, **arguments)
    authenticator.authid = authid or None
    return authenticator


class Verbs:
    """Mixed into either ApplicationSession."""

    def onConnect(self):
        proof = self.config.extra["proof"]
        if proof is None:
            self.join(self.config.realm)
        else:
            self.join(self.config.realm, [proof.name], proof.authid, authextra=proof.authextra)

    def onChallenge(self, challenge):
        return self.config.extra["proof"].on_challenge(self, challenge)

    def onWelcome(self, welcome):
        proof = self.config.extra["proof"]
        return proof and proof.on_welcome(self, welcome.authextra)

    async def perform(self, line):
        number, verb, *arguments = from_json(json.loads(line))
        try:
            write(number, True, await getattr(self, "do_" + verb)(*arguments))
        except Exception as error:
            write(number, False, f"{type(error).__name__}: {error}")

    async def do_call(self, procedure, args, kwargs):
        try:
            result = await self.call(procedure, *args, **kwargs)
        except ApplicationError as error:
            return {"uri": error.error, "args": list(error.args), "kwargs": error.kwargs}
        if isinstance(result, CallResult):
            return {"args": list(result.results), "kwargs": result.kwresults}
        return {"args": [] if result is None else [result], "kwargs": {}}

    async def do_register_echo(self, procedure, match):
        def echo(*args, **kwargs):
            return CallResult(*args, **kwargs)

        await self.register(echo, procedure, RegisterOptions(match=match))

    async def do_register_failing(self, procedure, error):
        def fail(*args, **kwargs):
            raise ApplicationError(error["uri"], *error["args"], **error["kwargs"])

        await self.register(fail, procedure)

    async def do_subscribe(self, topic, match):
        def on_event(*args, **kwargs):
            write("event", topic, {"args": list(args), "kwargs": kwargs})

        await self.subscribe(on_event, topic, SubscribeOptions(match=match))

    async def do_publish(self, topic, args, kwargs):
        await self.publish(topic, *args, options=PublishOptions(acknowledge=True), **kwargs)
