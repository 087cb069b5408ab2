"""Drives a session of PyPI autobahn over asyncio by lines of JSON: see autobahn_lines.py."""

import asyncio
import ssl
import sys

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn_lines import Verbs, runner_arguments, write


class Session(Verbs, ApplicationSession):
    async def onJoin(self, details):
        write("joined", details.session, details.authid)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        self.commands = asyncio.ensure_future(self.follow(reader))

    async def follow(self, reader):
        while line := await reader.readline():
            await self.perform(line)
        self.leave()

    def onLeave(self, details):
        write("left", details.reason)
        self.disconnect()

    def onDisconnect(self):
        asyncio.get_event_loop().stop()


def tls_with_unique_channels():
    context = ssl.create_default_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


ApplicationRunner(**runner_arguments(tls_with_unique_channels)).run(Session, log_level="error")
