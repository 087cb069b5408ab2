import {
  Call,
  type Dict,
  ErrorMessage,
  Event,
  Invocation,
  type Message,
  Payload,
  Publish,
  Result,
  Yield,
} from '@wampkit/protocol';
import type { Sickness } from './sickness.js';

/** What a router may do wrong with payloads that are passed through. */
export const passthruSicknesses: readonly Sickness[] = [
  {
    name: 'tells nobody how a payload is passed through',
    sends: () => (m) => [untold(m)],
    fails: ['PPT-02', 'PPT-04'],
  },
  {
    name: 'takes every payload for an ordinary one',
    receives: () => (m) => {
      if (m instanceof Call) return [new Call(m.request, without(m.options), m.procedure, m.payload)];
      if (m instanceof Publish) return [new Publish(m.request, without(m.options), m.topic, m.payload)];
      return m instanceof Yield ? [new Yield(m.request, without(m.options), m.payload)] : [m];
    },
    fails: ['PPT-02', 'PPT-03', 'PPT-04'],
  },
  {
    name: 'makes text of binary',
    sends: () => (m) =>
      m instanceof Event && m.payload.args()[0] instanceof Uint8Array
        ? [new Event(m.subscription, m.publication, m.details, Payload.of([String(m.payload.args()[0])]))]
        : [m],
    fails: ['PPT-02', 'PPT-07', 'JBIN-01'],
  },
];

function untold(m: Message): Message {
  if (m instanceof Event) return new Event(m.subscription, m.publication, without(m.details), m.payload);
  if (m instanceof Invocation)
    return new Invocation(m.request, m.registration, without(m.details), m.payload);
  if (m instanceof Result) return new Result(m.request, without(m.details), m.payload);
  if (!(m instanceof ErrorMessage)) return m;
  return new ErrorMessage(m.requestType, m.request, without(m.details), m.error, m.payload);
}

/* Options or Details without what they say of payload passthru. */
function without(dict: Dict): Dict {
  return Object.fromEntries(Object.entries(dict).filter(([key]) => !key.startsWith('ppt_')));
}
