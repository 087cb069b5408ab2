import type { ByteSession } from './byte-session.js';
import type { HealthyPair } from './healthy-pair.js';

/** Brings a new session into a state in which it is then fuzzed. */
type Enter = (session: ByteSession, healthy: HealthyPair) => void;

/** The states of a session, by what it has done last. */
export const sessionStates: Readonly<Record<string, Enter>> = {
  'before HELLO': () => {},
  challenged: (session) => session.hello('tickets', { authmethods: ['ticket'], authid: 'joe' }),
  'while it is authenticated': (session) => session.hello('tickets', { authmethods: ['slow'] }),
  joined: (session) => session.hello('realm1'),
  'with an open call': (session) => {
    session.hello('realm1');
    session.send(48, session.next(), { receive_progress: true }, 'healthy.silent', [1]);
    session.send(48, session.next(), {}, 'healthy.silent');
  },
  'with an open invocation': (session, healthy) => {
    session.hello('realm1');
    session.send(64, session.next(), {}, 'fuzz.served');
    healthy.callAway('fuzz.served');
    healthy.callAway('fuzz.served');
  },
  'after GOODBYE': (session) => {
    session.hello('realm1');
    session.send(32, session.next(), { match: 'prefix' }, 'fuzz');
    session.send(6, {}, 'wamp.close.close_realm');
  },
};
