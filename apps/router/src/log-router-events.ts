import { type Clock, systemClock, type TransportInfo } from '@wampkit/protocol';
import type {
  Denied as DeniedInfo,
  EventDropped,
  JoinRefused,
  LockedOut,
  PayloadRefused,
  RouterEvents,
  Violation,
} from '@wampkit/router';
import type { Log } from './log.js';
import { RepeatLog } from './repeat-log.js';

type Denied = Omit<DeniedInfo, 'failed'>;

/** The hooks that write a log, and the end of them. */
export interface LoggedEvents {
  readonly events: RouterEvents;
  /** Writes what is still to be summed up. */
  flush(): void;
}

/**
 * Writes what happens in a router to its log. What a peer can cause at will (refused joins, violations, denied
 * requests, dropped events) is summed up; no line holds a ticket, a signature, a payload or a header.
 */
export function logRouterEvents(log: Log, clock: Clock = systemClock): LoggedEvents {
  const refused = new RepeatLog<JoinRefused>(clock, {
    one: (info) => log.warn(refusedFields(info), 'join refused'),
    more: (count, last) => log.warn({ count, last: refusedFields(last) }, 'more joins refused'),
  });
  const lockedOut = new RepeatLog<LockedOut>(clock, {
    one: (info) => log.warn(info, 'locked out after too many failed authentications'),
    more: (count, last) => log.warn({ count, last }, 'more locked out'),
  });
  const violations = new RepeatLog<Violation>(clock, {
    one: (info) => log.warn(violationFields(info), 'protocol violation'),
    more: (count, last) => log.warn({ count, last: violationFields(last) }, 'more protocol violations'),
  });
  const denied = new RepeatLog<Denied>(clock, {
    one: (info) => log.info(info, 'not authorized'),
    more: (count, last) => log.info({ count, last }, 'more not authorized'),
  });
  const undecided = new RepeatLog<Denied>(clock, {
    one: (info) => log.warn(info, 'an authorizer failed'),
    more: (count, last) => log.warn({ count, last }, 'authorizers failed more'),
  });
  const unfit = new RepeatLog<PayloadRefused>(clock, {
    one: (info) => log.info(info, 'payload does not fit its schema'),
    more: (count, last) => log.info({ count, last }, 'more payloads do not fit their schema'),
  });
  const dropped = new RepeatLog<EventDropped>(clock, {
    one: (info) => log.warn(info, 'event dropped'),
    more: (count, last) => log.warn({ count, last }, 'more events dropped'),
  });
  return {
    events: {
      sessionJoined: ({ realm, session }) => log.info(sessionFields(realm, session), 'session joined'),
      sessionLeft: ({ realm, session, reason, message }) =>
        log.info(
          { realm, session: session.session, authid: session.authid, reason, message },
          'session left',
        ),
      joinRefused: (info) => refused.add(info),
      lockedOut: (info) => lockedOut.add(info),
      violation: (info) => violations.add(info),
      denied: ({ failed, ...info }) => (failed ? undecided : denied).add(info),
      payloadRefused: (info) => unfit.add(info),
      eventDropped: (info) => dropped.add(info),
      bug: ({ realm, session, error }) => log.error({ realm, session, err: error }, 'a fault in the router'),
    },
    flush: () => {
      for (const repeats of [refused, lockedOut, violations, denied, undecided, unfit, dropped])
        repeats.flush();
    },
  };
}

function refusedFields({ realm, authid, reason, message, transport }: JoinRefused): object {
  return { realm, authid, reason, message, ...transportFields(transport) };
}

function violationFields({ realm, session, message, transport }: Violation): object {
  return { realm, session, message, ...transportFields(transport) };
}

function sessionFields(
  realm: string,
  details: Parameters<RouterEvents['sessionJoined']>[0]['session'],
): object {
  const { session, authid, authrole, authmethod, transport } = details;
  return { realm, session, authid, authrole, authmethod, ...transportFields(transport) };
}

/** Which transport and whence; never the headers, they can hold cookies. */
function transportFields({ type, serializer, peer }: TransportInfo): object {
  return { transport: serializer === undefined ? type : `${type}/${serializer}`, peer };
}
