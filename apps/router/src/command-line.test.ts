import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from './command-line.js';
import { version } from './version.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wampkit-command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

test.each([['--version'], ['-V']])('wamp-router %s', async (flag) => {
  expect(await run(flag)).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('wamp-router --help', async () => {
  expect(await run('--help')).toEqual({
    code: 0,
    err: '',
    out: `Usage: wamp-router [options] [command]

The WAMP router of wampkit.

Options:
  -V, --version        print the version
  -h, --help           print this help

Commands:
  start [options]      serve realms until SIGINT or SIGTERM; what wamp-router
                       alone does
  check-config <file>  say what is wrong with a config, and start nothing
  config-schema        print the JSON Schema of the config, for editors

Options of start:
  -c, --config <file>    YAML or JSON; without one: realm1, open to everyone, on
                         127.0.0.1:8080 (env: WAMP_ROUTER_CONFIG)
  -l, --listen <bind>    host:port, [::1]:port or unix:/path
  -r, --realm <name>     the open realm that is served without a config
  --log-level <level>    trace, debug, info, warn, error, fatal or silent
  --log-format <format>  auto, pretty or json

Examples:
  wamp-router
  wamp-router --listen 127.0.0.1:9000 --realm com.example
  wamp-router --config router.yaml
  wamp-router check-config router.yaml
`,
  });
});

test('wamp-router check-config of the reference file: warnings, OK, 0', async () => {
  const file = fileURLToPath(new URL('../../../docs/reference/router.yaml', import.meta.url));
  const { code, out, err } = await run('check-config', file);
  const lines = out.trimEnd().split('\n');
  expect([code, err, lines.at(-1)]).toEqual([0, '', `${file}: OK, 2 warnings`]);
  expect(lines[0]).toMatch(
    /^warning: http\.metrics: not built yet; it answers 404 \(router\.yaml:\d+:\d+\)$/,
  );
});

test('wamp-router check-config of a good file without unbuilt keys', async () => {
  const file = join(folder, 'good.json');
  writeFileSync(file, '{ "realms": [{ "name": "a" }] }');
  expect(await run('check-config', file)).toEqual({ code: 0, out: `${file}: OK\n`, err: '' });
});

test('wamp-router check-config of a bad file: every problem on standard error, 1', async () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, 'log: { level: loud }\nshutdown: { grace: 5 }\n');
  expect(await run('check-config', file)).toEqual({
    code: 1,
    out: '',
    err: [
      'bad.yaml:1:15: log.level: expected trace, debug, info, warn, error, fatal or silent, got "loud"',
      'bad.yaml:2:20: shutdown.grace: 5 has no unit; write 5s or 5ms',
      '',
    ].join('\n'),
  });
});

test('wamp-router config-schema prints JSON Schema', async () => {
  const { code, out } = await run('config-schema');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ type: 'object', additionalProperties: false });
});

test.each([
  [['start', '--port', '1'], "error: unknown option '--port'\n"],
  [['--listen'], "error: option '-l, --listen <bind>' argument missing\n"],
  [['strat'], "error: unexpected argument 'strat'; did you mean start?\n"],
  [['router.yaml'], "error: unexpected argument 'router.yaml'; did you mean --config router.yaml?\n"],
  [['start', 'now'], "error: unexpected argument 'now'; see wamp-router --help\n"],
  [['check-config'], "error: missing required argument 'file'\n"],
  [['--config', '/nowhere/router.yaml'], 'there is no file /nowhere/router.yaml\n'],
  [['--listen', '80'], '--listen: "80" is no bind; did you mean 127.0.0.1:80?\n'],
])('wamp-router %j is refused', async (args, message) => {
  expect(await run(...args)).toEqual({ code: 1, out: '', err: message });
});
