import { expect, test } from 'vitest';
import { readConfig } from './load-config.js';

test('config: a template without a star warns, for it makes one realm alone', () => {
  expect(
    readConfig({ realms: [{ template: 'tenant' }, { template: 'a.*' }, { name: 'b' }] }).warnings,
  ).toEqual([
    'realms[0].template: has no *, so it makes one realm alone; did you mean tenant*? One realm has a name, not a template',
  ]);
});
