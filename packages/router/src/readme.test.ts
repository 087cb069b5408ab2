import { readFileSync } from 'node:fs';
import * as protocol from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import * as router from './index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);

test('CONF-01: the first example of the README runs as it is written', async () => {
  const modules = { '@wampkit/protocol': protocol, '@wampkit/router': router };
  const code = (blocks[0] as string).replace(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = modules[$2];');
  const log = vi.fn();
  new Function('modules', 'console', code)(modules, { log });
  await vi.waitFor(() => expect(log).toHaveBeenCalledWith('sessions:', 1));
});
