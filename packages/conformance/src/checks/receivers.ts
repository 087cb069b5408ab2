import { type Check, type CheckContext, may, must } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import { type Dict, invocationOrError, type Session } from '../session.js';

interface Room {
  publisher: Session;
  one: Session;
  two: Session;
}

/* Two subscribers and a publisher. */
async function room(t: CheckContext): Promise<Room> {
  const publisher = await t.joinWith('broker', 'subscriber_blackwhite_listing');
  const [one, two] = [await t.join(), await t.join()];
  for (const subscriber of [one, two]) await subscriber.subscribe(t.uri());
  return { publisher, one, two };
}

function principal(session: Session, key: 'authid' | 'authrole'): string {
  const value = session.details[key];
  return typeof value === 'string' ? value : skip(`WELCOME tells no ${key}`);
}

/* Publishes once to whom the options say and wants it at exactly these sessions. */
async function reaches(
  t: CheckContext,
  { publisher, one, two }: Room,
  options: Dict,
  who: readonly Session[],
) {
  await publisher.publishAcknowledged(t.uri(), options);
  for (const session of [one, two]) {
    if (who.includes(session)) await session.event();
    await session.nothingElse(`with options ${inText(options)}`);
  }
}

type Choice = (room: Room) => { options: Dict; who: readonly Session[] };

const choices: readonly (readonly [id: string, title: string, choice: Choice])[] = [
  [
    'BWL-02',
    'exclude keeps a session out',
    ({ one, two }) => ({ options: { exclude: [one.id] }, who: [two] }),
  ],
  [
    'BWL-02',
    'eligible lets only its sessions in',
    ({ one }) => ({ options: { eligible: [one.id] }, who: [one] }),
  ],
  [
    'BWL-02',
    'exclude_authid keeps a principal out',
    ({ one, two }) => ({ options: { exclude_authid: [principal(one, 'authid')] }, who: [two] }),
  ],
  [
    'BWL-02',
    'eligible_authid lets only its principals in',
    ({ one }) => ({ options: { eligible_authid: [principal(one, 'authid')] }, who: [one] }),
  ],
  [
    'BWL-02',
    'exclude_authrole keeps a role out',
    ({ one }) => ({ options: { exclude_authrole: [principal(one, 'authrole')] }, who: [] }),
  ],
  [
    'BWL-02',
    'eligible_authrole lets a role in',
    ({ one, two }) => ({ options: { eligible_authrole: [principal(one, 'authrole')] }, who: [one, two] }),
  ],
  [
    'BWL-02',
    'eligible_authrole of another role lets nobody in',
    () => ({ options: { eligible_authrole: ['nobody-has-this-role'] }, who: [] }),
  ],
  [
    'BWL-03',
    'who is both eligible and excluded gets nothing',
    ({ one, two }) => ({ options: { eligible: [one.id, two.id], exclude: [one.id] }, who: [two] }),
  ],
  [
    'BWL-03',
    'who is not in every eligible list gets nothing',
    ({ one, two }) => ({
      options: { eligible: [one.id, two.id], eligible_authid: [principal(two, 'authid')] },
      who: [two],
    }),
  ],
  [
    'BWL-03',
    'one exclude list is enough',
    ({ one, two }) => ({
      options: { exclude: [one.id], exclude_authid: [principal(two, 'authid')] },
      who: [],
    }),
  ],
  [
    'BWL-03',
    'unknown sessions and principals change nothing',
    ({ one, two }) => ({
      options: { exclude: [1], exclude_authid: ['nobody'], exclude_authrole: ['none'] },
      who: [one, two],
    }),
  ],
  ['BWL-04', 'an empty eligible list means nobody', () => ({ options: { eligible: [] }, who: [] })],
  [
    'BWL-04',
    'an empty eligible_authid list means nobody',
    () => ({ options: { eligible_authid: [] }, who: [] }),
  ],
  [
    'BWL-04',
    'an empty eligible_authrole list means nobody',
    () => ({ options: { eligible_authrole: [] }, who: [] }),
  ],
  [
    'BWL-03',
    'empty exclude lists keep nobody out',
    ({ one, two }) => ({
      options: { exclude: [], exclude_authid: [], exclude_authrole: [] },
      who: [one, two],
    }),
  ],
];

/* Whether an EVENT or INVOCATION tells anything of who sent it. */
function tells(details: Record<string, unknown>, who: string): boolean {
  return Object.keys(details).some((key) => key.startsWith(who));
}

const DISALLOWED = 'wamp.error.option_disallowed.disclose_me';

async function invocationDetails(t: CheckContext, registerOptions: Dict, callOptions: Dict) {
  const caller = await t.joinWith('dealer', 'caller_identification');
  const callee = await t.join();
  const register = callee.request(Code.REGISTER, registerOptions, t.uri());
  const registered = await callee.connection.takeAny(
    (m) => m[1] === register || m[2] === register,
    'REGISTERED',
  );
  if (registered[0] === Code.ERROR && registered[4] === DISALLOWED)
    skip('the router does not allow disclose_caller here');
  const call = caller.request(Code.CALL, callOptions, t.uri());
  const message = await invocationOrError(callee, caller, call);
  if (message[0] === Code.ERROR) {
    equal(message[4], DISALLOWED, 'Error of ERROR');
    skip('the router does not allow disclosure here');
  }
  const details = message[3];
  ok(isDict(details), `malformed INVOCATION: ${inText(message)}`);
  return { caller, details };
}

/** Who gets an event and who is told to whom: requirements PEX, BWL, PID and CID. */
export const receivers: readonly Check[] = [
  must('PEX-01', 'with exclude_me false a publisher gets its own event', async (t) => {
    const session = await t.joinWith('broker', 'publisher_exclusion');
    await session.subscribe(t.uri());
    const publication = await session.publishAcknowledged(t.uri(), { exclude_me: false }, [1]);
    const event = await session.event();
    equal([event.publication, event.message[4]], [publication, [1]], 'EVENT');
  }),
  must('PEX-01', 'with exclude_me true, or none, it does not', async (t) => {
    const session = await t.joinWith('broker', 'publisher_exclusion');
    await session.subscribe(t.uri());
    await session.publishAcknowledged(t.uri(), { exclude_me: true });
    await session.publishAcknowledged(t.uri());
    await session.nothingElse('at the publisher');
  }),
  must('PEX-01', 'exclude_me false without a subscription brings nothing', async (t) => {
    const session = await t.joinWith('broker', 'publisher_exclusion');
    await session.publishAcknowledged(t.uri(), { exclude_me: false });
    await session.nothingElse('at the publisher');
  }),
  ...choices.map(([id, title, choice]) =>
    must(id, title, async (t) => {
      const all = await room(t);
      const { options, who } = choice(all);
      await reaches(t, all, options, who);
      await reaches(t, all, {}, [all.one, all.two]);
    }),
  ),
  must('BWL-05', 'a publisher that lists itself as eligible is still excluded', async (t) => {
    const all = await room(t);
    await all.publisher.subscribe(t.uri());
    await reaches(t, all, { eligible: [all.publisher.id, all.one.id] }, [all.one]);
    await all.publisher.nothingElse('at the publisher');
  }),
  must('BWL-05', 'a publisher that is eligible and not excluded gets its event', async (t) => {
    const all = await room(t);
    await all.publisher.subscribe(t.uri());
    await reaches(t, all, { eligible: [all.publisher.id], exclude_me: false }, []);
    await all.publisher.event();
  }),
  must('BWL-05', 'lists hold for pattern subscriptions too', async (t) => {
    const all = await room(t);
    const other = await t.joinWith('broker', 'pattern_based_subscription');
    await other.subscribe(t.uri(), { match: 'prefix' });
    await reaches(t, all, { exclude: [other.id] }, [all.one, all.two]);
    await other.nothingElse('at the excluded session');
  }),
  must('PID-02', 'disclose_me tells subscribers the publisher', async (t) => {
    const publisher = await t.joinWith('broker', 'publisher_identification');
    const subscriber = await t.join();
    await subscriber.subscribe(t.uri());
    const request = publisher.request(Code.PUBLISH, { disclose_me: true, acknowledge: true }, t.uri());
    const reply = await publisher.connection.takeAny(
      (m) => m[1] === request || m[2] === request,
      'PUBLISHED',
    );
    if (reply[0] === Code.ERROR) {
      equal(reply[4], DISALLOWED, 'Error of ERROR');
      await subscriber.nothingElse('for a publication that was refused');
      skip('the router does not allow disclosure here');
    }
    const { details } = await subscriber.event();
    equal(details.publisher, publisher.id, 'EVENT.Details.publisher');
    if ('publisher_authid' in details)
      equal(details.publisher_authid, publisher.details.authid, 'publisher_authid');
    if ('publisher_authrole' in details)
      equal(details.publisher_authrole, publisher.details.authrole, 'publisher_authrole');
  }),
  ...[{}, { disclose_me: false }].map((options) =>
    must('PID-03', `with options ${JSON.stringify(options)} the publisher is not told`, async (t) => {
      const [publisher, subscriber] = [await t.join(), await t.join()];
      await subscriber.subscribe(t.uri());
      await publisher.publishAcknowledged(t.uri(), options);
      const { details } = await subscriber.event();
      ok(!tells(details, 'publisher'), `EVENT.Details is ${inText(details)}`);
    }),
  ),
  must('CID-02', 'disclose_me tells the callee the caller', async (t) => {
    const { caller, details } = await invocationDetails(t, {}, { disclose_me: true });
    equal(details.caller, caller.id, 'INVOCATION.Details.caller');
    if ('caller_authid' in details) equal(details.caller_authid, caller.details.authid, 'caller_authid');
    if ('caller_authrole' in details)
      equal(details.caller_authrole, caller.details.authrole, 'caller_authrole');
  }),
  must('CID-04', 'disclose_caller of a registration tells the callee every caller', async (t) => {
    const { caller, details } = await invocationDetails(t, { disclose_caller: true }, {});
    if (!('caller' in details)) skip('the router has no disclose_caller');
    equal(details.caller, caller.id, 'INVOCATION.Details.caller');
  }),
  ...[{}, { disclose_me: false }].map((options) =>
    must('CID-05', `with options ${JSON.stringify(options)} the caller is not told`, async (t) => {
      const { details } = await invocationDetails(t, {}, options);
      ok(!tells(details, 'caller'), `INVOCATION.Details is ${inText(details)}`);
    }),
  ),
  may(
    'PID-03',
    'where disclosure is not allowed an acknowledged PUBLISH is refused, and nobody gets it',
    async (t) => {
      const publisher = await t.joinWith('broker', 'publisher_identification');
      const subscriber = await t.join();
      await subscriber.subscribe(t.uri());
      const request = publisher.request(Code.PUBLISH, { disclose_me: true, acknowledge: true }, t.uri());
      const reply = await publisher.connection.takeAny(
        (m) => m[1] === request || m[2] === request,
        'PUBLISHED',
      );
      if (reply[0] === Code.PUBLISHED) skip('the router allows disclosure here');
      equal(reply[4], DISALLOWED, 'Error of ERROR');
      await subscriber.nothingElse('for a publication that was refused');
      publisher.request(Code.PUBLISH, { disclose_me: true }, t.uri());
      await publisher.nothingElse('after the same without acknowledge');
      await subscriber.nothingElse('for the same without acknowledge');
    },
  ),
  may(
    'CID-03',
    'where disclosure is not allowed CALL with disclose_me is refused, with Details',
    async (t) => {
      const caller = await t.joinWith('dealer', 'caller_identification');
      const callee = await t.join();
      await callee.register(t.uri());
      const call = caller.request(Code.CALL, { disclose_me: true }, t.uri());
      const message = await invocationOrError(callee, caller, call);
      if (message[0] === Code.INVOCATION) skip('the router allows disclosure here');
      ok(isDict(message[3]), `malformed ERROR: ${inText(message)}`);
      equal(message[4], DISALLOWED, 'Error of ERROR');
      await callee.nothingElse('for a call that was refused');
    },
  ),
];
