"""Drives a session of PyPI autobahn over Twisted by lines of JSON: see autobahn_lines.py."""

from autobahn.twisted.wamp import ApplicationRunner, ApplicationSession
from autobahn_lines import Verbs, runner_arguments, write
from twisted.internet.defer import ensureDeferred
from twisted.internet.error import ReactorNotRunning
from twisted.internet.ssl import TLSVersion, optionsForClientTLS
from twisted.internet.stdio import StandardIO
from twisted.protocols.basic import LineOnlyReceiver


class Commands(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = 1 << 24

    def __init__(self, session):
        self.session = session

    def lineReceived(self, line):
        ensureDeferred(self.session.perform(line))

    def connectionLost(self, reason):
        if self.session.is_attached():
            self.session.leave()


class Session(Verbs, ApplicationSession):
    def onJoin(self, details):
        write("joined", details.session, details.authid)
        StandardIO(Commands(self))

    def onLeave(self, details):
        write("left", details.reason)
        self.disconnect()

    def onDisconnect(self):
        from twisted.internet import reactor

        try:
            reactor.stop()
        except ReactorNotRunning:
            pass


def tls_with_unique_channels():
    options = {"lowerMaximumSecurityTo": TLSVersion.TLSv1_2}
    return optionsForClientTLS("localhost", extraCertificateOptions=options)


ApplicationRunner(**runner_arguments(tls_with_unique_channels)).run(Session, log_level="error")
