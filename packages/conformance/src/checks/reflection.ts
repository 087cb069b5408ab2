import { type Check, type CheckContext, may } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import type { Session } from '../session.js';

type Kind = 'procedure' | 'topic' | 'error';

const schema = { title: 'for a check', args: [{ type: 'integer' }] };

async function joinReflecting(t: CheckContext): Promise<Session> {
  const session = await t.join();
  const { roles } = session.details;
  const announced = ['broker', 'dealer'].some(
    (role) => isDict(roles) && isDict(roles[role]) && roles[role].reflection === true,
  );
  if (!announced) skip('the router does not announce reflection');
  return session;
}

async function ask(
  session: Session,
  name: string,
  args: unknown[] = [],
  kwargs: object = {},
): Promise<unknown> {
  return ((await session.result(session.call(name, args, kwargs)))[3] as unknown[])[0];
}

const define = (session: Session, uri: string, kind: Kind) =>
  ask(session, 'wamp.reflect.define', [uri, schema], { kind });

async function isListed(session: Session, kind: Kind, uri: string): Promise<boolean> {
  const list = await ask(session, `wamp.reflection.${kind}.list`);
  ok(Array.isArray(list), `${kind}.list gives ${inText(list)}`);
  return list.includes(uri);
}

/** Reflection: requirement REFL-01. */
export const reflection: readonly Check[] = [
  ...(['procedure', 'topic', 'error'] as const).map((kind) =>
    may('REFL-01', `what is defined as ${kind} is listed and described as that`, async (t) => {
      const provider = await joinReflecting(t);
      await define(provider, t.uri(), kind);
      const asker = await t.join();
      ok(await isListed(asker, kind, t.uri()), `${kind}.list has it not`);
      equal(await ask(asker, `wamp.reflection.${kind}.describe`, [t.uri()]), schema, `${kind}.describe`);
      equal(await ask(asker, 'wamp.reflect.describe', [t.uri()]), schema, 'describe');
    }),
  ),
  may('REFL-01', 'a definition is gone with its session', async (t) => {
    const provider = await joinReflecting(t);
    await define(provider, t.uri(), 'topic');
    const asker = await t.join();
    await provider.leave();
    ok(!(await isListed(asker, 'topic', t.uri())), 'topic.list still has it');
  }),
  may('REFL-01', 'on_define and on_undefine tell of it', async (t) => {
    const provider = await joinReflecting(t);
    const watcher = await t.join();
    const topics = new Map<unknown, string>();
    for (const name of ['on_define', 'on_undefine'])
      topics.set(await watcher.subscribe(`wamp.reflect.${name}`), name);
    await define(provider, t.uri(), 'topic');
    await provider.leave();
    const isOfUri = (message: readonly unknown[]) =>
      message[0] === Code.EVENT && (message[4] as unknown[])[0] === t.uri();
    for (const name of ['on_define', 'on_undefine']) {
      const message = await watcher.connection.takeAny(isOfUri, 'EVENT');
      equal(topics.get(message[1]), name, 'the event');
    }
  }),
  may('REFL-01', 'a reserved URI cannot be defined', async (t) => {
    const provider = await joinReflecting(t);
    const call = provider.call('wamp.reflect.define', ['wamp.session.count', schema]);
    await provider.error(Code.CALL, call, 'wamp.error.invalid_uri');
  }),
];
