/* The numbers of the message types, written down anew: a table shared with a router would hide its mistakes. */
export const Code = {
  HELLO: 1,
  WELCOME: 2,
  ABORT: 3,
  CHALLENGE: 4,
  AUTHENTICATE: 5,
  GOODBYE: 6,
  ERROR: 8,
  PUBLISH: 16,
  PUBLISHED: 17,
  SUBSCRIBE: 32,
  SUBSCRIBED: 33,
  UNSUBSCRIBE: 34,
  UNSUBSCRIBED: 35,
  EVENT: 36,
  CALL: 48,
  CANCEL: 49,
  RESULT: 50,
  REGISTER: 64,
  REGISTERED: 65,
  UNREGISTER: 66,
  UNREGISTERED: 67,
  INVOCATION: 68,
  INTERRUPT: 69,
  YIELD: 70,
} as const;

/** The name of a message type for reports: `EVENT`, or `message type 99`. */
export function codeName(code: unknown): string {
  const known = Object.entries(Code).find(([, value]) => value === code);
  return known?.[0] ?? `message type ${String(code)}`;
}
