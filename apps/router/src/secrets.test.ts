// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommandLine } from './command-line.js';

/* Each secret begins with SECRET, or is one of these. */
const routerKey = '5ec4e7'.padEnd(64, 'a');
const salted = Buffer.from('SECRET-STORED').toString('base64');
const planted = ['SECRET', routerKey, salted];
const expectNoSecret = (text: string): void => {
  for (const secret of planted) expect(text).not.toContain(secret);
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const mistakes = [
  '      - { method: ticket, users: { joe: SECRET-TICKET } }',
  '      - { method: ticket, users: { joe: { ticket: [SECRET-TICKET], role: user } } }',
  '      - { method: ticket, users: { joe: { ticket: { SECRET: SECRET }, role: user } } }',
  '      - { method: ticket, users: [SECRET-TICKET] }',
  '      - { method: ticket, users: SECRET-TICKET }',
  '      - { method: wampcra, saltKey: [SECRET], users: {} }',
  '      - { method: wamp-scram, users: { eve: { storedKey: SECRET!, serverKey: SECRET!, role: user } } }',
  '      - { method: cryptosign, routerKey: SECRET, users: {} }',
  `      - { method: cryptosign, routerKey: [${routerKey}], users: {} }`,
  '      - { method: jwt, key: [SECRET-KEY] }',
  '      - { method: jwt, key: SECRET-SHORT }',
  '      - { method: ticket, users: { joe: { ticket: SECRET-TICKET, role: none } } }',
  '      - { method: ticket, users: { joe: { ticket: "SECRET ${NOT CLOSED", role: user } } }',
];

test.each(mistakes)('config: what is wrong with %s is told without the secret', async (mistake) => {
  const text = `listeners: [{ cookie: { keys: [SECRET-SHORT] } }]\nrealms:\n  - name: realm1\n    roles: [{ name: user }]\n    authentication:\n${mistake}\n`;
  const file = write('router.yaml', text);
  let printed = '';
  const io = { out: (line: string) => (printed += line), err: (line: string) => (printed += line) };
  expect(await runCommandLine(['check-config', file], io as never)).toBe(1);
  expect(printed).toContain('router.yaml:');
  expectNoSecret(printed);
});

test('config: no flag and no argument of the program takes a secret, so the process list has none', async () => {
  let printed = '';
  await runCommandLine(['--help'], { out: (text: string) => (printed += text), err: () => {} } as never);
  expect(printed).not.toMatch(/ticket|secret|password|token/i);
});
