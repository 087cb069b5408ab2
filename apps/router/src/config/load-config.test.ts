// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@wampkit/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, parseConfig, readConfig } from './load-config.js';

function problemsOf(text: string): string[] {
  try {
    parseConfig(text, { file: 'router.yaml', env: { SECRET: 'abc', EMPTY: '' } });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n');
  }
  return [];
}

/** The text of a config whose one realm holds the given lines. */
function realm(...lines: string[]): string {
  return ['realms:', '  - name: realm1', ...lines.map((line) => `    ${line}`)].join('\n');
}

const roles = 'roles: [{ name: user }]';

describe('config: keys and kinds', () => {
  test.each<[string, ...string[]]>([
    ['realm: []', 'router.yaml:1:1: realm: unknown key; did you mean realms?'],
    [
      'bridges: []',
      'router.yaml:1:1: bridges: unknown key; known here: version, listeners, realms, http, log, shutdown',
    ],
    [realm('metaAPI: true'), 'router.yaml:3:5: realms[0].metaAPI: unknown key; did you mean metaApi?'],
    [
      'listeners:\n  - websocket:\n      ping_interval: 1s',
      'router.yaml:3:7: listeners[0].websocket.ping_interval: unknown key; did you mean pingInterval?',
    ],
    [
      '"a b": 1\nrealmz: 2',
      'router.yaml:1:1: ["a b"]: unknown key; known here: version, listeners, realms, http, log, shutdown',
      'router.yaml:2:1: realmz: unknown key; did you mean realms?',
    ],
    ['version: 2', 'router.yaml:1:10: version: this router reads version 1 of the config'],
    ['listeners: {}', 'router.yaml:1:12: listeners: expected a list, got a map'],
    ['listeners: []', 'router.yaml:1:12: listeners: must not be empty'],
    ['realms: []', 'router.yaml:1:9: realms: must not be empty'],
    ['realms:', 'router.yaml:1:8: realms: expected a list, got nothing'],
    ['realms: [realm1]', 'router.yaml:1:10: realms[0]: expected a map, got "realm1"'],
    ['[1]', 'router.yaml:1:1: expected a map, got a list'],
    [
      'log: { level: verbos }',
      'router.yaml:1:15: log.level: expected trace, debug, info, warn, error, fatal or silent, got "verbos"',
    ],
    [
      'log: { format: jsn }',
      'router.yaml:1:16: log.format: expected auto, pretty or json, got "jsn"; did you mean json?',
    ],
    ['shutdown: { grace: 10 }', 'router.yaml:1:20: shutdown.grace: 10 has no unit; write 10s or 10ms'],
    [
      'shutdown: { grace: [] }',
      'router.yaml:1:20: shutdown.grace: expected a duration such as 30s, got a list',
    ],
    ['http: { health: health }', 'router.yaml:1:17: http.health: expected a path that begins with /'],
    ['http: { health: /metrics }', 'router.yaml:1:17: http.health: /metrics is used for health and metrics'],
    [
      'http: { health: /ws }\nlisteners: [{ websocket: { paths: [/ws] } }]',
      'router.yaml:2:36: listeners[0].websocket.paths[0]: /ws is used for http.health',
    ],
    [
      'listeners: [{ protocols: [websocket], longpoll: { path: /lp } }]',
      'router.yaml:1:39: listeners[0].longpoll: needs http among the protocols of its listener',
    ],
    [
      'listeners: [{ longpoll: { path: /ws } }]',
      'router.yaml:1:33: listeners[0].longpoll.path: /ws covers /ws, which is used for websocket.paths',
    ],
    [
      'http: { health: /lp/health }\nlisteners: [{ longpoll: { path: /lp/ } }]',
      'router.yaml:2:33: listeners[0].longpoll.path: /lp covers /lp/health, which is used for http.health',
    ],
    [
      'listeners: [{ longpoll: { path: / } }]',
      'router.yaml:1:33: listeners[0].longpoll.path: expected a path below /, such as /lp',
    ],
    ['listeners: [{ longpoll: {} }]', 'router.yaml:1:25: listeners[0].longpoll.path: is missing'],
    [
      'listeners: [{ longpoll: { path: /lp, holdTime: 0s } }]',
      'router.yaml:1:48: listeners[0].longpoll.holdTime: must be more than 0',
    ],
  ])('%s', (text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('config: listeners', () => {
  test.each<[string, ...string[]]>([
    [
      '{ bind: 8080 }',
      'router.yaml:2:13: listeners[0].bind: "8080" is no bind; did you mean 127.0.0.1:8080?',
    ],
    [
      '{ bind: true }',
      'router.yaml:2:13: listeners[0].bind: expected a bind such as 127.0.0.1:8080, got true',
    ],
    [
      '{ maxMessageSize: 64KB }',
      'router.yaml:2:23: listeners[0].maxMessageSize: "64KB" is no size; did you mean 64KiB?',
    ],
    ['{ handshakeTimeout: 0 }', 'router.yaml:2:25: listeners[0].handshakeTimeout: must be more than 0'],
    [
      '{ maxMessageSize: 10 }',
      'router.yaml:2:23: listeners[0].maxMessageSize: is too small; at least 512 bytes',
    ],
    [
      '{ maxConnections: -1 }',
      'router.yaml:2:23: listeners[0].maxConnections: expected a whole number, 0 or more',
    ],
    [
      '{ maxConnections: many }',
      'router.yaml:2:23: listeners[0].maxConnections: expected a whole number, 0 or more, got "many"',
    ],
    ['{ protocols: [] }', 'router.yaml:2:18: listeners[0].protocols: must not be empty'],
    [
      '{ protocols: [websockets] }',
      'router.yaml:2:19: listeners[0].protocols[0]: expected websocket, rawsocket or http, got "websockets"; did you mean websocket?',
    ],
    [
      '{ realms: [realm2] }',
      'router.yaml:2:16: listeners[0].realms[0]: there is no realm "realm2"; did you mean realm1?',
    ],
    [
      '{ websocket: { compression: maybe } }',
      'router.yaml:2:33: listeners[0].websocket.compression: expected true or false, got "maybe"',
    ],
    [
      '{ tls: { certificate: missing.pem } }',
      'router.yaml:2:12: listeners[0].tls.key: is missing',
      'router.yaml:2:27: listeners[0].tls.certificate: there is no file /nowhere/missing.pem',
    ],
  ])('%s', (listener, ...problems) => {
    const text = `listeners:\n  - ${listener}`;
    expect(() => parseConfig(text, { file: 'router.yaml', folder: '/nowhere' })).toThrow(
      new ConfigError(problems.join('\n')),
    );
  });

  test('a bind that is given twice by leaving it out', () => {
    expect(problemsOf('listeners: [{}, { protocols: [http] }]')).toEqual([
      'router.yaml:1:17: listeners[1].bind: there is already a listener "127.0.0.1:8080"',
    ]);
  });

  test('a bind that is given twice, but not port 0', () => {
    expect(
      problemsOf('listeners: [{ bind: "h:1" }, { bind: "h:0" }, { bind: "h:1" }, { bind: "h:0" }]'),
    ).toEqual(['router.yaml:1:55: listeners[2].bind: there is already a listener "h:1"']);
  });
});

describe('config: realms', () => {
  test.each<[string, ...string[]]>([
    ['realms: [{}]', 'router.yaml:1:10: realms[0].name: is missing'],
    ['realms: [{ name: "" }]', 'router.yaml:1:18: realms[0].name: must not be empty'],
    ['realms: [{ name: a b }]', 'router.yaml:1:18: realms[0].name: is no URI: whitespace at 1'],
    ['realms: [{ name: a }, { name: a }]', 'router.yaml:1:31: realms[1].name: there is already a realm "a"'],
    [
      'realms: [{ name: a, template: b }]',
      'router.yaml:1:21: realms[0].template: a realm has a name or a template, not both',
    ],
    [
      realm('uriCheck: losse'),
      'router.yaml:3:15: realms[0].uriCheck: expected loose or strict, got "losse"; did you mean loose?',
    ],
    [
      realm('slowConsumer: { highWaterMark: 2MiB, hardLimit: 1MiB }'),
      'router.yaml:3:53: realms[0].slowConsumer.hardLimit: must not be below highWaterMark',
    ],
    [
      realm('limits: { sessions: 1.5 }'),
      'router.yaml:3:25: realms[0].limits.sessions: expected a whole number, 0 or more',
    ],
    [realm('history: [{ topic: com.a }]'), 'router.yaml:3:15: realms[0].history[0].limit: is missing'],
    [
      realm('history: [{ topic: com..a, limit: 1 }]'),
      'router.yaml:3:24: realms[0].history[0].topic: "com..a" is no URI to match exactly: empty component at 4; did you mean match: wildcard?',
    ],
  ])('%s', (text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('config: roles', () => {
  test.each<[string, ...string[]]>([
    [
      'roles: [{ name: user }, { name: user }]',
      'router.yaml:3:37: realms[0].roles[1].name: there is already a role "user"',
    ],
    ['roles: [{}]', 'router.yaml:3:13: realms[0].roles[0].name: is missing'],
    [
      'roles: [{ name: a, permissions: [{ uri: com.a }] }]',
      'router.yaml:3:38: realms[0].roles[0].permissions[0].allow: is missing',
    ],
    [
      'roles: [{ name: a, permissions: [{ uri: "", allow: [] }] }]',
      'router.yaml:3:45: realms[0].roles[0].permissions[0].uri: "" is no URI to match exactly: it is empty; did you mean match: prefix?',
    ],
    [
      'roles: [{ name: a, permissions: [{ uri: "a#", match: prefix, allow: [] }] }]',
      'router.yaml:3:45: realms[0].roles[0].permissions[0].uri: "a#" is no URI to match as prefix: character "#" at 1',
    ],
    [
      'roles: [{ name: a, permissions: [{ uri: a, allow: [] }, { uri: a, allow: [call] }] }]',
      'router.yaml:3:68: realms[0].roles[0].permissions[1].uri: there is already a rule for exact "a"',
    ],
    [
      'roles: [{ name: a, authorizer: "a b" }]',
      'router.yaml:3:36: realms[0].roles[0].authorizer: "a b" is no URI: whitespace at 1',
    ],
    [
      'roles: [{ name: a, authorizer: a, authorizerRealm: realm2 }]',
      'router.yaml:3:56: realms[0].roles[0].authorizerRealm: there is no realm "realm2"; did you mean realm1?',
    ],
    [
      'roles: [{ name: a, authorizerTimeout: 1s }]',
      'router.yaml:3:24: realms[0].roles[0].authorizerTimeout: is about an authorizer, but there is none',
    ],
    [
      'roles: [{ name: a, authorizer: a, authorizerTimeout: 0s }]',
      'router.yaml:3:58: realms[0].roles[0].authorizerTimeout: must be more than 0',
    ],
    [
      'authentication: [{ method: anonymous }]',
      'router.yaml:3:22: realms[0].authentication[0].role: role "anonymous" is not defined in roles; the realm defines no roles',
    ],
  ])('%s', (line, ...problems) => {
    expect(problemsOf(realm(line))).toEqual(problems);
  });

  test('rules of one URI and different match, or of different roles, stand beside each other', () => {
    const permissions =
      '[{ uri: a, allow: [] }, { uri: a, match: prefix, allow: [] }, { uri: a, match: wildcard, allow: [] }]';
    const text = realm(
      `roles: [{ name: a, permissions: ${permissions} }, { name: b, permissions: ${permissions} }]`,
    );
    expect(problemsOf(text)).toEqual([]);
  });

  test('strict URIs where the realm checks strictly', () => {
    const text = realm('uriCheck: strict', 'roles: [{ name: a, permissions: [{ uri: com.A, allow: [] }] }]');
    expect(problemsOf(text)).toEqual([
      'router.yaml:4:45: realms[0].roles[0].permissions[0].uri: "com.A" is no URI to match exactly: character "A" at 4',
    ]);
  });
});

describe('config: authentication', () => {
  const at = 'router.yaml:4:22: realms[0].authentication[0]';
  test.each<[string, ...string[]]>([
    ['{}', `${at}.method: is missing`],
    [
      '{ method: tiket }',
      'router.yaml:4:32: realms[0].authentication[0].method: expected anonymous, ticket, wampcra, wamp-scram, cryptosign, jwt, tls or cookie, got "tiket"; did you mean ticket?',
    ],
    ['{ method: ticket }', `${at}: needs users, usersFile or an authenticator`],
    ['{ method: jwt }', `${at}: needs jwks, key or an authenticator`],
    [
      '{ method: ticket, users: { joe: { ticket: t, role: admin } } }',
      'router.yaml:4:73: realms[0].authentication[0].users.joe.role: role "admin" is not defined in roles; defined here: user',
    ],
    [
      '{ method: ticket, users: { joe: { ticket: t, role: usr } } }',
      'router.yaml:4:73: realms[0].authentication[0].users.joe.role: role "usr" is not defined in roles; did you mean user?',
    ],
    [
      '{ method: ticket, users: { joe: { ticket: 123, role: user } } }',
      'router.yaml:4:64: realms[0].authentication[0].users.joe.ticket: expected a string; put it in quotes',
    ],
    [
      '{ method: ticket, users: { joe: { ticket: "${EMPTY}", role: user } } }',
      'router.yaml:4:64: realms[0].authentication[0].users.joe.ticket: must not be empty',
    ],
    [
      '{ method: ticket, users: { joe: { ticket: "${NOPE}", role: user } } }',
      'router.yaml:4:64: realms[0].authentication[0].users.joe.ticket: environment variable NOPE is not set; set it, or write ${NOPE:-default}',
    ],
    [
      '{ method: ticket, users: { "joe smith": { role: user } } }',
      'router.yaml:4:62: realms[0].authentication[0].users["joe smith"].ticket: is missing',
    ],
    [
      '{ method: ticket, users: {}, authenticator: com.a }',
      'router.yaml:4:51: realms[0].authentication[0].authenticator: there are users too; give one of them',
    ],
    [
      '{ method: ticket, users: {}, authenticatorRealm: realm1 }',
      'router.yaml:4:51: realms[0].authentication[0].authenticatorRealm: says where an authenticator is, but there is none',
    ],
    [
      '{ method: ticket, authenticator: com.a, authenticatorRealm: other }',
      'router.yaml:4:82: realms[0].authentication[0].authenticatorRealm: there is no realm "other"; there are: realm1',
    ],
    [
      '{ method: wampcra, users: { a: { secret: s, role: user, iteration: 1 } } }',
      'router.yaml:4:78: realms[0].authentication[0].users.a.iteration: unknown key; did you mean iterations?',
    ],
    [
      '{ method: wampcra, users: { a: { secret: s, role: user, keylen: 0 } } }',
      'router.yaml:4:86: realms[0].authentication[0].users.a.keylen: expected a whole number, 1 or more',
    ],
    [
      '{ method: wamp-scram, users: { a: { role: user } } }',
      'router.yaml:4:56: realms[0].authentication[0].users.a: needs a password or the stored form: kdf, salt, iterations, storedKey, serverKey',
    ],
    [
      '{ method: wamp-scram, users: { a: { role: user, kdf: pbkdf2, salt: AAAA } } }',
      'router.yaml:4:56: realms[0].authentication[0].users.a: the stored form lacks: iterations, storedKey, serverKey',
    ],
    [
      '{ method: wamp-scram, users: { a: { role: user, salt: AAAA, password: p } } }',
      'router.yaml:4:82: realms[0].authentication[0].users.a.password: stands beside a stored form; give one of them',
    ],
    [
      '{ method: cryptosign, users: { a: { authorizedKeys: [abc], role: user } } }',
      'router.yaml:4:75: realms[0].authentication[0].users.a.authorizedKeys[0]: expected 64 hex digits (an Ed25519 public key)',
    ],
    [
      '{ method: cryptosign, routerKey: SECRET-NOT-HEX, users: {} }',
      'router.yaml:4:55: realms[0].authentication[0].routerKey: expected 64 hex digits (an Ed25519 seed)',
    ],
    [
      '{ method: tls, users: { a: { fingerprint: ab, role: user } } }',
      'router.yaml:4:64: realms[0].authentication[0].users.a.fingerprint: expected sha256: and a fingerprint in hex',
    ],
  ])('%s', (method, ...problems) => {
    expect(problemsOf(realm(roles, `authentication: [${method}]`))).toEqual(problems);
  });

  test('a dynamic method names no role, so none has to be defined', () => {
    expect(problemsOf(realm('authentication: [{ method: anonymous, authenticator: com.a }]'))).toEqual([]);
  });

  test('a method that is given twice', () => {
    const line = 'authentication: [{ method: ticket, users: {} }, { method: ticket, users: {} }]';
    expect(problemsOf(realm(roles, line))).toEqual([
      'router.yaml:4:63: realms[0].authentication[1].method: there is already a method "ticket"',
    ]);
  });
});

describe('config: text', () => {
  test.each<[string, ...string[]]>([
    ['a: 1\na: 2', 'router.yaml:2:1: Map keys must be unique'],
    [
      'a: [',
      'router.yaml:1:5: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['a: !secret b', 'router.yaml:1:4: Unresolved tag: !secret'],
    ['a: *b', 'router.yaml: Unresolved alias (the anchor must be set before the alias): b'],
    [
      '---\nversion: 1\n---\nversion: 1',
      'router.yaml:3:1: Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    ['realms: &a [*a]', 'router.yaml:1:13: realms[0]: contains itself'],
  ])('%j', (text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('JSON, with tabs too', () => {
    const { config } = parseConfig('{\n\t"listeners": [\n\t\t{ "bind": "127.0.0.1:9000" }\n\t]\n}', {
      file: 'router.json',
    });
    expect(config.listeners[0]!.bind).toBe('127.0.0.1:9000');
  });

  test('an empty text is the defaults', () => {
    expect(parseConfig('# nothing\n', { file: 'router.yaml' }).config).toEqual(readConfig({}).config);
  });

  test('lists replace, they never merge', () => {
    const { config } = readConfig({
      listeners: [{ serializers: ['cbor'], websocket: { paths: ['/only'] } }],
    });
    expect(config.listeners[0]).toMatchObject({ serializers: ['cbor'], websocket: { paths: ['/only'] } });
  });

  test('everything that is wrong is told at once, in the order of the text', () => {
    const text = [
      'version: 3',
      'listeners:',
      '  - bind: "${NOPE}"',
      '    tls: { certificate: no.pem, key: no.key }',
      'realms:',
      '  - name: realm1',
      '    authentication: [{ method: anonymous, role: ghost }]',
      'logs: {}',
    ].join('\n');
    expect(problemsOf(text).map((line) => line.split(': ')[1])).toEqual([
      'version',
      'listeners[0].bind',
      'listeners[0].tls.certificate',
      'listeners[0].tls.key',
      'realms[0].authentication[0].role',
      'logs',
    ]);
  });

  test('numbers and booleans may come from the environment', () => {
    const text = 'realms: [{ name: a, metaApi: "${META:-false}", limits: { sessions: "${MAX}" } }]';
    const { config } = parseConfig(text, { file: 'router.yaml', env: { MAX: '12' } });
    expect(config.realms[0]).toMatchObject({ metaApi: false, limits: { sessions: 12 } });
  });
});

describe('config: files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wampkit-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('no file, a folder, no UTF-8', () => {
    const file = join(folder, 'latin1.yaml');
    writeFileSync(file, Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
    expect(() => loadConfig(join(folder, 'none.yaml'))).toThrow(
      new ConfigError(`there is no file ${folder}/none.yaml`),
    );
    expect(() => loadConfig(folder)).toThrow(new ConfigError(`${folder} is a folder, not a file`));
    expect(() => loadConfig(file)).toThrow(new ConfigError(`file ${file} is not UTF-8`));
  });

  test('a byte order mark is no part of the config', () => {
    const file = join(folder, 'bom.yaml');
    writeFileSync(file, '\ufeffversion: 1\n');
    expect(loadConfig(file).config.version).toBe(1);
  });

  test('paths start at the folder of the config file', () => {
    const file = join(folder, 'router.yaml');
    writeFileSync(file, 'listeners: [{ bind: "unix:wamp.sock", tls: { certificate: c.pem, key: c.key } }]');
    writeFileSync(join(folder, 'c.pem'), 'no certificate');
    expect(() => loadConfig(file)).toThrow(
      new ConfigError(`router.yaml:1:71: listeners[0].tls.key: there is no file ${folder}/c.key`),
    );
    writeFileSync(join(folder, 'c.key'), 'no key');
    expect(() => loadConfig(file)).toThrow(
      new ConfigError(
        'router.yaml:1:44: listeners[0].tls: certificate cannot be used: it holds no certificate in PEM',
      ),
    );
    writeFileSync(file, 'listeners: [{ bind: "unix:wamp.sock" }]');
    expect(loadConfig(file).config.listeners[0]!.bind).toBe(`unix:${folder}/wamp.sock`);
  });
});
