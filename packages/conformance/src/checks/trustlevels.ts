import { type Check, must } from '../check.js';
import { isDict } from '../connection.js';
import { inText, ok } from '../outcome.js';

function isLevel(details: unknown): void {
  const level = isDict(details) ? details.trustlevel : undefined;
  ok(Number.isInteger(level) && (level as number) >= 0, `trustlevel is ${inText(level)}`);
}

/** Trust levels: requirements CTL and PTL. The router must be told of a level for the role of the checks. */
export const trustlevels: readonly Check[] = [
  must('CTL-01', 'INVOCATION.Details.trustlevel is an integer of 0 or more', async (t) => {
    const caller = await t.joinWith('dealer', 'call_trustlevels');
    const callee = await t.join();
    await callee.register(t.uri());
    caller.call(t.uri());
    isLevel((await callee.invocation()).details);
  }),
  must('PTL-01', 'EVENT.Details.trustlevel is an integer of 0 or more', async (t) => {
    const publisher = await t.joinWith('broker', 'publication_trustlevels');
    const subscriber = await t.join();
    await subscriber.subscribe(t.uri());
    publisher.publish(t.uri());
    isLevel((await subscriber.event()).details);
  }),
];
