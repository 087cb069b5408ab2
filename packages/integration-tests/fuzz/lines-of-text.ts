// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import type { Random } from './random.js';

const words = [
  ...[
    'null',
    '~',
    '{}',
    '[]',
    '-1',
    '1e999',
    '0x10',
    '1s',
    '64KiB',
    'true',
    '${HOME}',
    '${',
    '${NO:-x}',
    '$${',
  ],
  ...[
    '&a [*a]',
    '*b',
    '!!binary x',
    '!!set {a}',
    '<<: {a: 1}',
    '"',
    "'",
    '|',
    '>',
    '- ',
    '? ',
    '#',
    '%YAML 9',
    '---',
  ],
  ...[
    '__proto__',
    'constructor',
    'realm1',
    'a..b',
    'wamp',
    'unix:',
    ':',
    '\t',
    '\u0000',
    '\ud800',
    '😀',
    'x'.repeat(300),
  ],
];

/** Changes a text in a few places: lines moved, repeated, dropped, indented; values and characters put in. */
export function changeText(text: string, random: Random): string {
  const lines = text.split('\n');
  for (let n = random.below(4); n >= 0; n--) changeLine(lines, random);
  return lines.join('\n');
}

function changeLine(lines: string[], random: Random): void {
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  switch (random.below(7)) {
    case 0:
      lines.splice(at, 1 + random.below(4));
      return;
    case 1:
      lines.splice(random.below(lines.length), 0, ...lines.slice(at, at + 1 + random.below(5)));
      return;
    case 2:
      lines[at] = random.once(2) ? ` ${line}` : line.trimStart();
      return;
    case 3:
      lines[at] = line.replace(/:.*/, `: ${random.pick(words)}`);
      return;
    case 4:
      lines[at] = line.replace(/[\w-]+:/, `${random.pick(words)}:`);
      return;
    case 5: {
      const column = random.below(line.length + 1);
      lines[at] = line.slice(0, column) + random.pick(words) + line.slice(column);
      return;
    }
    default:
      lines[at] = line.slice(0, random.below(line.length + 1));
  }
}
