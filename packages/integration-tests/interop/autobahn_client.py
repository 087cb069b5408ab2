"""Drives a session of PyPI autobahn (asyncio) by lines of JSON.

usage: autobahn_client.py URL SERIALIZER REALM [AUTHID TICKET]

Each line of stdin is [id, verb, ...arguments]; each line of stdout is [id, true, value], [id, false, message],
or ["event", subscription, payload]. Binary values are {"$binary": base64}.
"""

import asyncio
import base64
import json
import os
import sys

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.serializer import CBORSerializer, JsonSerializer, MsgPackSerializer
from autobahn.wamp.types import CallResult, PublishOptions, RegisterOptions, SubscribeOptions

SERIALIZERS = {"json": JsonSerializer, "msgpack": MsgPackSerializer, "cbor": CBORSerializer}


def to_json(value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$binary": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return value


def from_json(value):
    if isinstance(value, dict):
        if "$binary" in value:
            return base64.b64decode(value["$binary"])
        return {key: from_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_json(item) for item in value]
    return value


# autobahn logs to stdout: what it writes goes to stderr, and the lines of JSON to the stdout that was.
lines = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def write(*line):
    print(json.dumps(to_json(list(line))), file=lines, flush=True)


class Session(ApplicationSession):
    def onConnect(self):
        user = self.config.extra
        if not user:
            self.join(self.config.realm)
        else:
            self.join(self.config.realm, ["ticket"], user["authid"])

    def onChallenge(self, challenge):
        return self.config.extra["ticket"]

    async def onJoin(self, details):
        write("joined", details.session)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        self.commands = asyncio.ensure_future(self.follow(reader))

    async def follow(self, reader):
        while line := await reader.readline():
            number, verb, *arguments = from_json(json.loads(line))
            try:
                write(number, True, await getattr(self, "do_" + verb)(*arguments))
            except Exception as error:
                write(number, False, f"{type(error).__name__}: {error}")
        self.leave()

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

    def onLeave(self, details):
        write("left", details.reason)
        self.disconnect()

    def onDisconnect(self):
        asyncio.get_event_loop().stop()


def main():
    url, serializer, realm, *user = sys.argv[1:]
    extra = {"authid": user[0], "ticket": user[1]} if user else None
    runner = ApplicationRunner(url, realm, extra=extra, serializers=[SERIALIZERS[serializer]()])
    runner.run(Session, log_level="error")


main()
