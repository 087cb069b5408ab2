import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { type PayloadOptions, parsePayload } from './parse-payload.js';
import { SourceReader } from './read-source.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wamp-cli-'));
  writeFileSync(join(folder, 'text.txt'), 'hello\n');
  writeFileSync(join(folder, 'value.json'), '{"big": 12345678901234567890}');
  writeFileSync(join(folder, 'bad.json'), '{"a":}');
  writeFileSync(join(folder, 'binary'), new Uint8Array([255, 1]));
  writeFileSync(join(folder, 'payload.json'), '{"args":[1],"kwargs":{"a":1,"b":2}}');
  writeFileSync(join(folder, 'list.json'), '[1,2]');
  writeFileSync(join(folder, 'event.json'), '{"topic":"com.x","args":[7],"kwargs":{},"publication":1}');
  writeFileSync(
    join(folder, 'payload.yaml'),
    'args: [1, two, 12345678901234567890]\nkwargs:\n  b: !!binary AQI=\n  c: {$bytes: AQ==}\n  n: null\n',
  );
  writeFileSync(join(folder, 'bad.yml'), 'args: [1\n');
  writeFileSync(join(folder, 'bad2.yml'), 'args: [{$bytes: "?"}]\n');
  writeFileSync(join(folder, 'list.cbor'), Uint8Array.of(0x82, 0x01, 0x41, 0x07));
  writeFileSync(join(folder, 'bad.cbor'), Uint8Array.of(0x82, 0x01));
  writeFileSync(join(folder, 'long.cbor'), Uint8Array.of(0x80, 0x01));
  writeFileSync(join(folder, 'other.json'), '{"foo":1}');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* stdin(text: string) {
  yield new TextEncoder().encode(text);
}

function parse(tokens: readonly string[], options: PayloadOptions = {}, input = 'from stdin') {
  const reader = new SourceReader(() => stdin(input));
  const inFolder = (token: string) => token.replace('@/', `@${folder}/`);
  const payload = options.payload?.replace(/^\//, `${folder}/`);
  return parsePayload(
    tokens.map(inFolder),
    { ...options, ...(payload ? { payload } : {}) },
    { reader, warn: () => {} },
  );
}

describe('parsePayload', () => {
  const bytes = (...list: number[]) => new Uint8Array(list);
  test.each<[string, string[], PayloadOptions, unknown[], Record<string, unknown>]>([
    ['nothing', [], {}, [], {}],
    ['args and kwargs', ['1', 'two', 'k=3', 'x=y z', '-4'], {}, [1, 'two', -4], { k: 3, x: 'y z' }],
    ['an empty value', ['k='], {}, [], { k: '' }],
    ['"=" in a value', ['k=a=b', 'q=http://x/?a=b'], {}, [], { k: 'a=b', q: 'http://x/?a=b' }],
    ['forced JSON', ['k:=[1]', 's:="x"'], {}, [], { k: [1], s: 'x' }],
    ['a quoted "a=b"', ['"a=b"'], {}, ['a=b'], {}],
    [
      'what is no key',
      ['http://x/?a=b', '{"a":"b=c"}', '=x', '1=2', 'a b=c'],
      {},
      ['http://x/?a=b', { a: 'b=c' }, '=x', '1=2', 'a b=c'],
      {},
    ],
    ['keys', ['é=1', 'a.b-c_d=2', '$x=3', '_y=4'], {}, [], { é: 1, 'a.b-c_d': 2, $x: 3, _y: 4 }],
    ['a key __proto__', ['__proto__=1'], {}, [], Object.fromEntries([['__proto__', 1]])],
    ['@ alone', ['@text', 'k=x@y'], {}, ['@text'], { k: 'x@y' }],
    ['a text file', ['k=@/text.txt'], {}, [], { k: 'hello\n' }],
    ['a binary file', ['k=@/binary'], {}, [], { k: bytes(255, 1) }],
    ['a JSON file', ['k:=@/value.json'], {}, [], { k: { big: 12345678901234567890n } }],
    ['stdin', ['k=@-'], {}, [], { k: 'from stdin' }],
    ['-s', ['1', 'k=2', 'j:=3', '"x"'], { strings: true }, ['1', '"x"'], { k: '2', j: 3 }],
    [
      '--b64',
      ['AQI=', 'AQ==', 'k=AQI=', 'AQID'],
      { b64: true },
      [bytes(1, 2), bytes(1), bytes(1, 2, 3)],
      { k: bytes(1, 2) },
    ],
    ['--b64 with a file', ['k=@/text.txt'], { b64: true }, [], { k: new TextEncoder().encode('hello\n') }],
    ['--args-json first', ['3'], { argsJson: '[1,2]' }, [1, 2, 3], {}],
    ['--kwargs-json overridden', ['a=9'], { kwargsJson: '{"a":1,"b":2}' }, [], { a: 9, b: 2 }],
    ['--args-json @-', [], { argsJson: '@-' }, [], {}],
    ['--payload', ['2', 'b=9'], { payload: '/payload.json' }, [1, 2], { a: 1, b: 9 }],
    ['--payload with a list', ['3'], { payload: '/list.json' }, [1, 2, 3], {}],
    [
      '--payload in YAML',
      [],
      { payload: '/payload.yaml' },
      [1, 'two', 12345678901234567890n],
      { b: bytes(1, 2), c: bytes(1), n: null },
    ],
    ['--payload in CBOR', [], { payload: '/list.cbor' }, [1, bytes(7)], {}],
    ['--payload of our own output', [], { payload: '/event.json' }, [7], {}],
  ])('%s', async (_, tokens, options, args, kwargs) => {
    expect(await parse(tokens, options, options.argsJson === '@-' ? '[]' : undefined)).toStrictEqual({
      args,
      kwargs,
    });
  });

  test.each<[string[], PayloadOptions, string]>([
    [['k:='], {}, 'keyword argument k: not valid JSON: expected a value at column 1, found the end'],
    [['k:=x'], {}, 'keyword argument k: not valid JSON: expected a value at column 1, found "x"'],
    [['k=1', 'k=2'], {}, 'keyword argument k is given twice'],
    [['k=@'], {}, 'keyword argument k: a file name must follow "@"; for the text "@" write k:=\'"@"\''],
    [['k=@/nowhere'], {}, 'no such file'],
    [['k:=@/bad.json'], {}, 'bad.json): not valid JSON: expected a value at column 6, found "}"'],
    [['k:=@/binary'], {}, 'is not UTF-8'],
    [['a=@-', 'b=@-'], {}, 'keyword argument b: standard input is already read for keyword argument a'],
    [['1', '0x1'], {}, 'argument 2: "0x1" has an odd number of hex digits'],
    [['x'], { b64: true }, 'argument 1: "x" is not base64'],
    [[], { b64: true, strings: true }, '-s and --b64 exclude each other'],
    [[], { argsJson: '{}' }, '--args-json: must be a JSON list'],
    [[], { argsJson: '[' }, '--args-json: not valid JSON'],
    [[], { kwargsJson: '[]' }, '--kwargs-json: must be a JSON object'],
    [[], { payload: '/other.json' }, 'must be {"args":[...],"kwargs":{...}} or a list of arguments'],
    [[], { payload: '/bad.yml' }, 'bad.yml): not valid YAML: '],
    [[], { payload: '/bad2.yml' }, 'bad2.yml): expected base64 in "$bytes"'],
    [[], { payload: '/bad.cbor' }, 'bad.cbor): not valid CBOR: '],
    [[], { payload: '/long.cbor' }, 'long.cbor): not valid CBOR: '],
    [[], { payload: '/nowhere.json' }, '--payload: cannot read'],
  ])('%j %j is refused: %s', async (tokens, options, message) => {
    const failure = parse(tokens, options);
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(message);
  });

  test('whatever is typed is a payload or a usage error', async () => {
    const pieces = fc.constantFrom(
      'k',
      '=',
      ':=',
      '@',
      '-',
      '0x',
      'f',
      '"',
      '{',
      '[',
      '}',
      ']',
      '$bytes',
      '1',
      '.',
      ' ',
      'é',
      '\\',
      '\u0000',
    );
    const token = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')),
      fc.string({ unit: 'binary' }),
    );
    const options = fc.constantFrom<PayloadOptions>({}, { strings: true }, { b64: true });
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 5 }), options, async (tokens, chosen) => {
        const outcome = await parse(tokens, chosen).catch((error) => error);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UsageError);
        else expect(outcome.args.length + Object.keys(outcome.kwargs).length).toBe(tokens.length);
      }),
      { numRuns: 500 },
    );
  });
});
