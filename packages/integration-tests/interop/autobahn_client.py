"""Drives a session of PyPI autobahn over asyncio by lines of JSON: see autobahn_lines.py."""

import asyncio
import sys

from autobahn.asyncio.wamp import ApplicationRunner, ApplicationSession
from autobahn_lines import Verbs, runner_arguments, write


class Session(Verbs, ApplicationSession):
    async def onJoin(self, details):
        write("joined", details.session)
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


ApplicationRunner(**runner_arguments()).run(Session, log_level="error")
