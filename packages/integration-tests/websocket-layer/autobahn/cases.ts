import type { CaseResult } from './fuzzing-process.js';

/** Whether everything is run, as at night. */
const long = process.env.WAMPKIT_LONG === '1';

/**
 * The cases of each kind of message. 12.* are of permessage-deflate, a thousand messages each; by day those of them
 * with small messages, and of 9.*, which measures, those that take no more than a moment.
 */
export const cases = {
  text: [
    ...['1.1.*', '2.*', '3.*', '4.*', '5.*', '6.*', '7.*', '10.*'],
    ...(long ? ['9.1.*', '9.3.*', '9.5.*', '9.7.*'] : ['9.3.2', '9.5.4']),
  ],
  binary: ['1.2.*', ...(long ? ['9.2.*', '9.4.*', '9.6.*', '9.8.*'] : ['9.4.2', '9.6.4'])],
  compressedText: long ? ['12.1.*', '12.4.*'] : ['12.1.1', '12.1.3'],
  compressedBinary: long ? ['12.2.*', '12.3.*', '12.5.*'] : ['12.2.3'],
};

/**
 * Cases that end otherwise than OK and may: 6.4.* ask that text is refused with the first fragment that makes it wrong;
 * here it is with the last, which RFC 6455 leaves open.
 */
const nonStrict = ['6.4.1', '6.4.2', '6.4.3', '6.4.4'];

/** What is wrong in a report: nothing, when it is empty. */
export function faults(results: Record<string, CaseResult>): string[] {
  const passed = (id: string, behavior: string): boolean =>
    behavior === 'OK' ||
    behavior === 'INFORMATIONAL' ||
    (behavior === 'NON-STRICT' && nonStrict.includes(id));
  return Object.entries(results)
    .filter(([id, { behavior, behaviorClose }]) => !passed(id, behavior) || !passed('', behaviorClose))
    .map(([id, { behavior, behaviorClose }]) => `${id}: ${behavior}, close ${behaviorClose}`);
}
