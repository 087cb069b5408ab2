import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from '@wampkit/router';
import { FakeClock, Greeter } from '@wampkit/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildRealms } from '../build-realms.js';
import { readConfig } from '../config/load-config.js';
import type { Log } from '../log.js';
import { WatchedFiles } from '../watched-files.js';

let folder: string;
const files: WatchedFiles[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reload-'));
});
afterEach(() => {
  for (const each of files.splice(0)) each.close();
  rmSync(folder, { recursive: true });
});

const replace = (text: string): void => {
  writeFileSync(join(folder, 'new'), text);
  renameSync(join(folder, 'new'), join(folder, 'users.yaml'));
};

const start = () => {
  const clock = new FakeClock();
  const watched = new WatchedFiles(clock);
  files.push(watched);
  const lines: string[] = [];
  const write = (...line: unknown[]) => lines.push(JSON.stringify(line));
  const { config } = readConfig(
    {
      realms: [
        {
          name: 'realm1',
          roles: [{ name: 'user' }, { name: 'admin' }],
          authentication: [
            { method: 'cookie' },
            {
              method: 'ticket',
              users: { fixed: { ticket: 'fixed', role: 'user' } },
              usersFile: 'users.yaml',
            },
          ],
        },
      ],
    },
    { folder },
  );
  const log = { info: write, error: write } as unknown as Log;
  const router = new Router({ realms: buildRealms(config, { clock, env: {}, files: watched, log }), clock });
  const { greet } = new Greeter((peer) => router.attach(peer));
  const join = async (authid: string, ticket: string, cookie?: string) => {
    const transport = { type: 'websocket', ...(cookie === undefined ? {} : { cookie }) };
    const hello = { authmethods: ['cookie', 'ticket'], authid };
    const { peer, answer } = await greet(hello, { transport });
    if (answer[0] !== 4) return answer[0] === 2 ? answer[2] : answer.at(-1);
    const { Authenticate } = await import('@wampkit/protocol');
    const [last] = await peer.exchange(new Authenticate(ticket, {}));
    return last?.[0] === 2 ? last[2] : last?.at(-1);
  };
  return { clock, lines, join };
};

test('config: users come and go with their file, without a restart', async () => {
  replace('joe: { ticket: one, role: user }');
  const { clock, join, lines } = start();
  expect(await join('joe', 'one')).toMatchObject({ authid: 'joe', authrole: 'user' });
  replace('joe: { ticket: two, role: admin }\nann: { ticket: ann, role: user }');
  clock.advance(5_000);
  expect(await join('joe', 'one')).toBe('wamp.error.authentication_denied');
  expect(await join('joe', 'two')).toMatchObject({ authrole: 'admin' });
  expect(await join('ann', 'ann')).toMatchObject({ authrole: 'user' });
  expect(await join('fixed', 'fixed')).toMatchObject({ authrole: 'user' });
  replace('{}');
  clock.advance(5_000);
  expect(await join('ann', 'ann')).toBe('wamp.error.no_such_principal');
  expect(await join('fixed', 'fixed')).toMatchObject({ authrole: 'user' });
  expect(lines.filter((line) => line.includes('users read again'))).toHaveLength(2);
});

test('config: a file that cannot be used is logged, without its secrets, and the users stay', async () => {
  replace('joe: { ticket: one, role: user }');
  const { clock, join, lines } = start();
  for (const text of [
    'joe: { ticket: HIDDEN, role: nobody }',
    'joe: {{',
    'joe: { ticket: [HIDDEN], role: user }',
  ]) {
    replace(text);
    clock.advance(5_000);
    expect(await join('joe', 'one')).toMatchObject({ authid: 'joe' });
  }
  rmSync(`${folder}/users.yaml`);
  clock.advance(5_000);
  expect(await join('joe', 'one')).toMatchObject({ authid: 'joe' });
  expect(lines).toHaveLength(4);
  expect(lines.join()).not.toContain('HIDDEN');
  replace('joe: { ticket: two, role: user }');
  clock.advance(5_000);
  expect(await join('joe', 'two')).toMatchObject({ authid: 'joe' });
});

test('AUTH-05: who is gone or changed in the file joins by no cookie any more', async () => {
  replace(
    'joe: { ticket: one, role: user }\nann: { ticket: ann, role: user }\nbob: { ticket: bob, role: user }',
  );
  const { clock, join } = start();
  for (const [name, ticket] of [
    ['joe', 'one'],
    ['ann', 'ann'],
    ['bob', 'bob'],
  ] as const) {
    expect(await join(name, ticket, `cookie-${name}`)).toMatchObject({ authmethod: 'ticket' });
    expect(await join(name, 'none', `cookie-${name}`)).toMatchObject({ authid: name, authmethod: 'cookie' });
  }
  replace('ann: { ticket: ann, role: user }\nbob: { ticket: bob, role: admin }');
  clock.advance(5_000);
  expect(await join('joe', 'none', 'cookie-joe')).toBe('wamp.error.no_such_principal');
  expect(await join('bob', 'none', 'cookie-bob')).toBe('wamp.error.authentication_denied');
  expect(await join('ann', 'none', 'cookie-ann')).toMatchObject({ authmethod: 'cookie' });
});
