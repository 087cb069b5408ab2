import { ErrorMessage, Invocation, type Message, Payload, Publish } from '@wampkit/protocol';
import { askingRole } from './asking-role.js';
import type { Sickness } from './sickness.js';

const failure = 'wamp.error.authorization_failed';
const denial = 'wamp.error.not_authorized';

function renamed(from: string, to: string) {
  return () => (m: Message) =>
    m instanceof ErrorMessage && m.error === from
      ? [new ErrorMessage(m.requestType, m.request, m.details, to, m.payload)]
      : [m];
}

/** What can be wrong with how an authorizer is asked, and with what becomes of its answer. */
export const authorizationSicknesses: readonly Sickness[] = [
  {
    name: 'asks an authorizer without match',
    role: askingRole,
    sends: () => (m) => {
      if (!(m instanceof Invocation)) return [m];
      return [new Invocation(m.request, m.registration, m.details, Payload.of(m.payload.args().slice(0, 3)))];
    },
    fails: ['AZ-03'],
  },
  {
    name: 'takes a failure of an authorizer for a denial',
    role: askingRole,
    sends: renamed(failure, denial),
    fails: ['AZ-02', 'AZ-03'],
  },
  {
    name: 'takes a denial for a failure of an authorizer',
    role: askingRole,
    sends: renamed(denial, failure),
    fails: ['AZ-02'],
  },
  {
    name: 'tells that it denied a PUBLISH without acknowledge',
    role: askingRole,
    receives: () => (m) =>
      m instanceof Publish
        ? [new Publish(m.request, { ...m.options, acknowledge: true }, m.topic, m.payload)]
        : [m],
    fails: ['AZ-02'],
  },
];
