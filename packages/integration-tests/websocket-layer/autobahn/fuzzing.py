"""Runs cases of the Autobahn test suite (Python 2.7): fuzzing.py client|server SPEC, a file of JSON.

As `wstest -m fuzzingclient` and `-m fuzzingserver` do, but a server accepts the subprotocol that it is offered.
"""
import json
import sys

from twisted.internet import reactor
from autobahntestsuite import fuzzing


def accept_subprotocol(on_connect):
    def accept(protocol, request):
        on_connect(protocol, request)
        return request.protocols[0] if request.protocols else None

    return accept


def main(mode, path):
    with open(path) as file:
        spec = json.load(file)
    if mode == "client":
        fuzzing.startClient(spec)
    else:
        server = fuzzing.FuzzingServerProtocol
        server.onConnect = accept_subprotocol(server.onConnect)
        fuzzing.startServer(spec, 0)
        print("listening")
    reactor.run()


main(*sys.argv[1:])
