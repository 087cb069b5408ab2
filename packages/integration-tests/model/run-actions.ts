import { type IdSource, type Peer, RandomIds } from '@wampkit/protocol';
import { type Permission, Router, type Verdict } from '@wampkit/router';
import { FakeClock, toWire } from '@wampkit/testkit';
import type { Action } from './action.js';
import { checkInvariants } from './check-invariants.js';
import { Client } from './client.js';
import { bounds, histories, type NaiveRealm, RETAINED_TOPICS, type Rules } from './naive-realm.js';
import { NaiveRouter } from './naive-router.js';
import { ASKED, forbidden, SHY, SHY_TRUST } from './naive-session.js';
import { compareEffects } from './placeholder.js';
import { type Input, type NaiveVerdict, Trace } from './trace.js';
import type { World } from './world.js';

/** What one run is made of. */
export interface Run {
  readonly rules: Rules;
  /** Ids from a range so small that they come again and again: those of the living must differ all the same. */
  readonly scarceIds: boolean;
  readonly actions: readonly Action[];
  /** In which order and way the clients end. */
  readonly ends: readonly number[];
}

const CLIENTS = 6;
/** Time passes, histories are read and authorizers answer when nothing else is under way: it takes more than one turn. */
const apart: readonly string[] = ['wait', 'history', 'decide'];
/** Most of what is asked for is allowed. */
const verdicts: readonly NaiveVerdict[] = [true, true, true, false, true, null];
const endings = ['goodbye', 'abort', 'drop', 'violate'] as const;

/**
 * Lets clients do the actions on a router, and holds each of its effects against the model's.
 *
 * @throws {Error} naming the first difference, with what led to it
 */
export async function runActions(run: Run): Promise<void> {
  const world = new RouterUnderTest(run);
  const clients = Array.from({ length: CLIENTS }, () => new Client(world));
  for (const [n, client] of clients.slice(0, 4).entries()) client.join(n);
  await world.settle();
  for (const action of run.actions) {
    const isApart = apart.includes(action.verb);
    if (action.verb === 'history')
      await world.decideAll(); // it must not wait behind a question
    else if (isApart) await world.settle();
    if (action.verb === 'wait') world.pass(1000 * (1 + (action.a % 4)));
    else if (action.verb === 'decide') world.decide(action.a, verdicts[action.b % verdicts.length] ?? null);
    else clients[action.client]?.act(action);
    if (isApart || !action.hasty) await world.settle();
  }
  await world.decideAll();
  for (const [n, client] of order(clients, run.ends).entries()) {
    const end = run.ends[n] ?? 0;
    const verb = client.isLeaving ? 'drop' : (endings[end % 4] ?? 'drop');
    client.act({ verb, client: 0, a: 0, b: 0, c: 2, hasty: false });
    await world.decideAll();
  }
  await world.end();
  checkInvariants(world.trace, { scarceIds: run.scarceIds });
}

/** A router, the model beside it, and what has passed. */
class RouterUnderTest implements World {
  readonly trace = new Trace();
  readonly model: NaiveRouter;
  readonly subscriptionIds: number[] = [];
  readonly registrationIds: number[] = [];
  readonly publicationIds: number[] = [];
  readonly #clock = new FakeClock();
  readonly #router: Router;
  /** What was asked, the oldest first. */
  #questions: { readonly session: number; readonly signal: AbortSignal; resolve(verdict: Verdict): void }[] =
    [];
  #checked = 0;
  #connections = 0;
  #timeouts = 0;
  #failure: unknown = null;

  constructor({ rules, scarceIds }: Run) {
    this.model = new NaiveRouter(rules);
    this.#router = new Router({
      clock: this.#clock,
      ids: scarceIds ? new ScarceIds() : new RandomIds(),
      realms: [
        {
          name: 'realm1',
          metaApi: rules.metaApi,
          history: histories,
          retain: { maxTopics: RETAINED_TOPICS },
          limits: bounds,
          requestIds: rules.requestIds,
          slowConsumer: { events: rules.metaApi ? 'drop' : 'disconnect' },
          authenticators: [
            {
              method: 'anonymous',
              start: ({ authextra }) => ({
                type: 'accept',
                authid: authextra.authid as string,
                authrole: authextra.authrole as string,
              }),
            },
          ],
          roles: [
            { name: 'open', permissions: [everything(['caller', 'publisher'])] },
            {
              name: ASKED,
              permissions: [],
              authorizer: {
                name: 'late',
                authorize: ({ session }, uri, _action, { signal }) =>
                  !forbidden.includes(uri) &&
                  new Promise<Verdict>((resolve) => this.#questions.push({ session, signal, resolve })),
              },
              authorizerTimeout: 2 ** 31 - 1,
            },
            { name: SHY, permissions: [everything([])], trustlevel: SHY_TRUST },
          ],
        },
      ],
      events: {
        sessionLeft: ({ session }) => this.trace.effect('left', session.session),
        eventDropped: ({ session, subscription, cause }) =>
          this.trace.effect('dropped', session, subscription, cause),
        violation: () => this.trace.effect('violation', this.trace.steps.at(-1)?.input.connection),
        bug: ({ error }) => {
          this.#failure ??= error;
        },
      },
    });
  }

  attach = (peer: Peer): void => this.#router.attach(peer);

  nextConnection = (): number => this.#connections++;

  nextTimeout = (): number => 1000 * (this.#timeouts % 4) + ++this.#timeouts;

  pass(ms: number): void {
    this.trace.input({ kind: 'time', ms });
    this.#clock.advance(ms);
  }

  /** Lets an authorizer answer one of the questions that it was asked. Only when all is quiet. */
  decide(n: number, verdict: NaiveVerdict): void {
    this.#questions = this.#questions.filter(({ signal }) => !signal.aborted);
    const [question] = this.#questions.splice(n % (this.#questions.length || 1), 1);
    const asking = this.model.realm.sessions.find(({ id }) => id.value === question?.session);
    if (question === undefined || asking === undefined) return;
    this.trace.input({ kind: 'verdict', connection: asking.connection, verdict });
    question.resolve(verdict === null ? (undefined as never) : { allow: verdict, disclose: true });
  }

  /** Answers until nothing is asked any more. */
  async decideAll(): Promise<void> {
    await this.settle();
    while (this.#questions.length > 0) {
      this.decide(0, true);
      await this.settle();
    }
  }

  /** Waits until all has arrived, and compares. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#failure !== null) throw this.#failure;
    for (const { input, effects } of this.trace.steps.slice(this.#checked)) {
      const fault = compareEffects(this.model.take(input, effects), effects);
      if (fault !== null) throw new Error(`${this.#describe()}\n${fault}`);
      checkLiveIds(this.model.realm);
      this.#checked++;
      for (const [kind, , code, , id] of effects) {
        if (kind === 'send' && code === 33) this.subscriptionIds.push(id as number);
        if (kind === 'send' && code === 65) this.registrationIds.push(id as number);
        if (kind === 'send' && (code === 17 || code === 36)) this.publicationIds.push(id as number);
      }
    }
  }

  /** All are gone: the router must hold nothing, and end without waiting for anything. */
  async end(): Promise<void> {
    this.#router.close({ grace: 60_000 }).then(() => {
      this.#checked = -1;
    });
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#checked !== -1) throw new Error('a call, a session or a transport was left over');
    if (this.#clock.timers > 0) throw new Error(`${this.#clock.timers} timers were left over`);
  }

  /* What led to it: the last steps. */
  #describe(): string {
    const first = Math.max(0, this.#checked - 12);
    const lines = this.trace.steps
      .slice(first, this.#checked + 1)
      .map(
        ({ input, effects }, n) =>
          `step ${first + n}: ${describeInput(input)} -> ${effects.map((effect) => JSON.stringify(effect)).join(' | ')}`,
      );
    return lines.join('\n');
  }
}

/** No two that live may have the same id, however few ids there are. */
function checkLiveIds({ sessions, subscriptions, registrations }: NaiveRealm): void {
  const shared = new Map(subscriptions.map((each) => [`${each.match} ${each.uri}`, each]));
  for (const kind of [sessions, [...shared.values()], registrations]) {
    const ids = kind.map(({ id }) => id.value);
    if (new Set(ids).size < ids.length) throw new Error(`one id for two: ${ids}`);
  }
}

/** Few ids, over and over, in an order that is the same each time. */
class ScarceIds implements IdSource {
  #n = 0;

  next(): number {
    this.#n += 7;
    return 1 + (this.#n % 131);
  }
}

function everything(disclose: readonly ('caller' | 'publisher')[]): Permission {
  return { uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'], disclose };
}

function order<T>(list: readonly T[], keys: readonly number[]): T[] {
  return list
    .map((item, n) => ({ item, key: keys[n] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function describeInput(input: Input): string {
  if (input.kind !== 'message') return JSON.stringify(input);
  return `${input.connection} sends ${JSON.stringify(toWire(input.message))}`;
}
