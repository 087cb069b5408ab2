import { expect, test } from 'vitest';
import { MessageCode, messageName } from './message-code.js';

test('BP-MSG-05: of our messages only EVENT_RECEIVED, which the vectors have, is in the range for private ones', () => {
  const inRange = Object.values(MessageCode).filter((code) => code >= 256);
  expect(inRange).toEqual([MessageCode.EventReceived]);
  expect(messageName(337)).toBe('EVENT_RECEIVED');
  expect(messageName(300)).toBe('message type 300');
});
