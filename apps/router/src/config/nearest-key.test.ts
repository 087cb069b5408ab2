import { expect, test } from 'vitest';
import { findNearestKey } from './nearest-key.js';

const known = ['metaApi', 'listeners', 'realms', 'uriCheck', 'maxMessageSize', 'path'];

test.each([
  ['metaAPI', 'metaApi'],
  ['meta_api', 'metaApi'],
  ['listener', 'listeners'],
  ['raelms', 'realms'],
  ['uri_check', 'uriCheck'],
  ['maxMessageLength', null],
  ['maxMesageSise', 'maxMessageSize'],
  ['paht', 'path'],
  ['zz', null],
  ['', null],
])('config: the key nearest to %j is %j', (key, nearest) => {
  expect(findNearestKey(key, known)).toBe(nearest);
});
