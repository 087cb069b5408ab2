// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from './load-config.js';
import { readUsersFile } from './users-file.js';
import type { MethodWithUsers } from './users-schemas.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'users-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string, method: MethodWithUsers = 'ticket') {
  writeFileSync(join(folder, 'users.yaml'), text);
  return readUsersFile(join(folder, 'users.yaml'), { method, roles: ['user'], env: { TICKET: 'from-env' } });
}

test('config: a users file holds users by authid, with variables and files for secrets', () => {
  writeFileSync(join(folder, 'ann'), 'from-file\n');
  const text = 'joe: { ticket: "${TICKET}", role: user }\nann: { ticket: file:ann, role: user }\n';
  expect(read(text)).toEqual({
    users: { joe: { ticket: 'from-env', role: 'user' }, ann: { ticket: 'from-file', role: 'user' } },
  });
  expect(read('')).toEqual({ users: {} });
  expect(read('{"joe": {"secret": "s", "role": "user"}}', 'wampcra')).toMatchObject({ users: { joe: {} } });
});

test.each<[MethodWithUsers, string, string]>([
  [
    'ticket',
    'joe: { ticket: HIDDEN, role: user, rol: user }',
    'users.yaml:1:36: joe.rol: unknown key; did you mean role?',
  ],
  [
    'ticket',
    'joe: { ticket: HIDDEN, role: usr }',
    'users.yaml:1:30: joe.role: role "usr" is not defined in roles; did you mean user?',
  ],
  ['ticket', 'joe: { ticket: "", role: user }', 'users.yaml:1:16: joe.ticket: must not be empty'],
  [
    'ticket',
    'joe: { ticket: 5, role: user }',
    'users.yaml:1:16: joe.ticket: expected a string; put it in quotes',
  ],
  [
    'ticket',
    'joe: { ticket: "${NONE}", role: user }',
    'users.yaml:1:16: joe.ticket: environment variable NONE is not set; set it, or write ${NONE:-default}',
  ],
  [
    'ticket',
    'joe: { ticket: file:none, role: user }',
    'users.yaml:1:16: joe.ticket: there is no file FOLDER/none',
  ],
  ['ticket', 'joe: HIDDEN', 'users.yaml:1:6: joe: expected a map'],
  [
    'wamp-scram',
    'eve: { storedKey: SElEREVO, role: user }',
    'users.yaml:1:6: eve: the stored form lacks: kdf, salt, iterations, serverKey',
  ],
  [
    'wamp-scram',
    'eve: { storedKey: "HIDDEN!", kdf: pbkdf2, salt: AAAA, iterations: 1, serverKey: AAAA, role: user }',
    'users.yaml:1:19: eve.storedKey: expected bytes in base64',
  ],
  [
    'cryptosign',
    'dev: { authorizedKeys: [HIDDEN], role: user }',
    'users.yaml:1:25: dev.authorizedKeys[0]: expected 64 hex digits (an Ed25519 public key)',
  ],
  [
    'tls',
    'dev: { fingerprint: sha256:ab, role: user }',
    'users.yaml:1:21: dev.fingerprint: expected sha256: and a fingerprint in hex',
  ],
  [
    'ticket',
    'joe: { ticket: a, role: user }\njoe: { ticket: b, role: user }',
    'users.yaml:2:1: Map keys must be unique',
  ],
])('config: a users file for %s with %s is refused', (method, text, fault) => {
  expect(read(text, method)).toEqual({ faults: [fault.replace('FOLDER', folder)] });
});

test('config: a users file that is not there, or is no text, is refused', () => {
  const options = { method: 'ticket', roles: [], env: {} } as const;
  expect(readUsersFile(join(folder, 'none'), options)).toEqual({
    faults: [`there is no file ${folder}/none`],
  });
  writeFileSync(join(folder, 'binary'), Uint8Array.of(0xff, 0xfe));
  expect(readUsersFile(join(folder, 'binary'), options)).toEqual({
    faults: [`file ${folder}/binary is not UTF-8`],
  });
});

const config = (method: string) =>
  `realms: [{ name: a, roles: [{ name: user }], authentication: [${method}] }]\n`;

test('config: a users file is read with the config, and what is wrong in it is told with its place', () => {
  writeFileSync(join(folder, 'users.yaml'), 'joe: { ticket: t, role: usr }\n');
  writeFileSync(join(folder, 'router.yaml'), config('{ method: ticket, usersFile: users.yaml }'));
  expect(() => loadConfig(join(folder, 'router.yaml'))).toThrow(
    'router.yaml:1:92: realms[0].authentication[0].usersFile: users.yaml:1:25: joe.role: role "usr" is not defined in roles; did you mean user?',
  );
});

test('config: everything wrong in a users file is told, such as that it was written for another method', () => {
  writeFileSync(join(folder, 'users.yaml'), 'joe: { ticket: HIDDEN, role: user }\n');
  writeFileSync(join(folder, 'router.yaml'), config('{ method: wampcra, usersFile: users.yaml }'));
  const at = 'router.yaml:1:93: realms[0].authentication[0].usersFile: users.yaml';
  expect(() => loadConfig(join(folder, 'router.yaml'))).toThrow(
    [
      `${at}:1:6: joe.secret: is missing`,
      `${at}:1:8: joe.ticket: unknown key; known here: secret, salt, iterations, keylen, role`,
    ].join('\n'),
  );
});

test('config: a user stands in the config or in the file, not in both', () => {
  writeFileSync(join(folder, 'users.yaml'), 'joe: { ticket: t, role: user }\n');
  const users = 'users: { joe: { ticket: t, role: user } }';
  writeFileSync(join(folder, 'router.yaml'), config(`{ method: ticket, usersFile: users.yaml, ${users} }`));
  expect(() => loadConfig(join(folder, 'router.yaml'))).toThrow('user "joe" stands in users too');
});

test('config: paths of users files and key sets start at the folder of the config', () => {
  writeFileSync(join(folder, 'users.yaml'), '');
  writeFileSync(join(folder, 'keys.json'), '{"keys":[]}');
  const methods = '{ method: ticket, usersFile: users.yaml }, { method: jwt, jwks: file:keys.json }';
  writeFileSync(join(folder, 'router.yaml'), config(methods));
  expect(loadConfig(join(folder, 'router.yaml')).config.realms[0]?.authentication).toMatchObject([
    { usersFile: join(folder, 'users.yaml') },
    { jwks: `file:${join(folder, 'keys.json')}` },
  ]);
});

test.each([
  ['http://issuer.example/jwks', 'expected https://, http:// on this machine, or file: and a path'],
  ['keys.json', 'expected https://, http:// on this machine, or file: and a path'],
  ['file:none.json', 'there is no file'],
  ['file:router.yaml', 'is no JSON'],
  ['file:list.json', 'is no JSON Web Key Set'],
])('config: jwks %s is refused', (jwks, fault) => {
  writeFileSync(join(folder, 'list.json'), '[]');
  writeFileSync(join(folder, 'router.yaml'), config(`{ method: jwt, jwks: "${jwks}" }`));
  expect(() => loadConfig(join(folder, 'router.yaml'))).toThrow(fault);
});

test('config: a secret of the config may be a file; what is no secret is taken as it stands', () => {
  writeFileSync(join(folder, 'key'), `${'k'.repeat(40)}\r\n`);
  writeFileSync(
    join(folder, 'router.yaml'),
    `listeners: [{ cookie: { keys: [file:key] } }]\n${config('{ method: jwt, key: file:key, issuer: "file:key" }')}`,
  );
  const { listeners, realms } = loadConfig(join(folder, 'router.yaml')).config;
  expect(listeners[0]?.cookie?.keys).toEqual(['k'.repeat(40)]);
  expect(realms[0]?.authentication).toMatchObject([{ key: 'k'.repeat(40), issuer: ['file:key'] }]);
});

test.each([
  ['', 'is empty'],
  ['x'.repeat(70_000), 'is too large for a secret'],
])('config: a secret file of %s is refused', (content, fault) => {
  writeFileSync(join(folder, 'key'), content);
  writeFileSync(join(folder, 'router.yaml'), config('{ method: jwt, key: file:key }'));
  expect(() => loadConfig(join(folder, 'router.yaml'))).toThrow(fault);
});
