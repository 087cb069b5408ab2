import { expect, test } from 'vitest';
import { addressOf } from './address-of.js';

test.each([
  ['192.0.2.7:5000', '192.0.2.7'],
  ['[::ffff:192.0.2.7]:5000', '192.0.2.7'],
  ['[2001:db8:1:2:3:4:5:6]:5000', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2:ffff::1]:5000', '2001:db8:1:2::/64'],
  ['[2001:0db8::1]:5000', '2001:db8:0:0::/64'],
  ['[fe80::1%eth0]:5000', 'fe80:0:0:0::/64'],
  ['[::1]:5000', '0:0:0:0::/64'],
  ['/run/wamp.sock', null],
  [undefined, null],
])('AUTH-04: failures from %s count for %s', (peer, address) => {
  expect(addressOf({ type: 'rawsocket', ...(peer === undefined ? {} : { peer }) })).toBe(address);
});
