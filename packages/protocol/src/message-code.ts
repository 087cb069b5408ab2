/** WAMP message type codes (spec: Message Definitions; 337 appears in the official vectors only). */
export const MessageCode = {
  Hello: 1,
  Welcome: 2,
  Abort: 3,
  Challenge: 4,
  Authenticate: 5,
  Goodbye: 6,
  Error: 8,
  Publish: 16,
  Published: 17,
  Subscribe: 32,
  Subscribed: 33,
  Unsubscribe: 34,
  Unsubscribed: 35,
  Event: 36,
  Call: 48,
  Cancel: 49,
  Result: 50,
  Register: 64,
  Registered: 65,
  Unregister: 66,
  Unregistered: 67,
  Invocation: 68,
  Interrupt: 69,
  Yield: 70,
  EventReceived: 337,
} as const;

/** A message type code. */
export type MessageCode = (typeof MessageCode)[keyof typeof MessageCode];

/** Request types that an ERROR may answer (spec: ERROR, `REQUEST.Type`). */
export type RequestType = 16 | 32 | 34 | 48 | 64 | 66 | 68;

const names = new Map<number, string>(
  Object.entries(MessageCode).map(([name, code]) => [code, name.replace(/\B[A-Z]/g, '_$&').toUpperCase()]),
);

/** The spec's name of a code, such as `PUBLISH`; `message type 99` for a code that WAMP does not define. */
export function messageName(code: number): string {
  return names.get(code) ?? `message type ${code}`;
}
