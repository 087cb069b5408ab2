import type { Message } from '@wampkit/protocol';
import type { WireMessage } from '@wampkit/testkit';
import type { RawClient } from '../abuse/raw-client.js';

/** Sends a request and waits for its answer, or its ERROR. */
export async function ask(client: RawClient, message: Message & { request: number }): Promise<WireMessage> {
  client.send(message);
  const isAnswer = ([code, first, second]: WireMessage): boolean =>
    code === 8 ? second === message.request : answers.has(code as number) && first === message.request;
  const answer = await client.next(isAnswer);
  client.received.splice(client.received.indexOf(answer), 1);
  return answer;
}

const answers = new Set([17, 33, 35, 50, 65, 67]);

/** Takes the EVENTs, or other messages of one type, that came. */
export function take(client: RawClient, code: number): WireMessage[] {
  const taken = client.received.filter((message) => message[0] === code);
  client.received.splice(
    0,
    client.received.length,
    ...client.received.filter((message) => message[0] !== code),
  );
  return taken;
}
