import {
  Call,
  type CloseReason,
  Event,
  emptyDict,
  type Message,
  Payload,
  type Peer,
  Publish,
  SharedMessage,
  Yield,
} from '@wampkit/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** Two ends of one open transport. */
export interface PeerPair {
  readonly left: Peer;
  readonly right: Peer;
}

/** How the suite gets its peers. */
export interface PeerFixture {
  /** Opens a transport: two peers without handlers, of which nothing has been sent. */
  setup(): Promise<PeerPair>;
  /** Frees what `setup` made; the peers may be open or closed. */
  teardown(pair: PeerPair): Promise<void> | void;
}

/** What every `Peer` must do, whatever its transport; each test gets a pair of its own. */
export function testPeerContract(name: string, fixture: PeerFixture): void {
  describe(`Peer contract: ${name}`, () => {
    let pair: PeerPair;
    let left: Peer;
    let right: Peer;

    beforeEach(async () => {
      pair = await fixture.setup();
      left = pair.left;
      right = pair.right;
    });
    afterEach(() => fixture.teardown(pair));

    test('BP-TRN-01: messages arrive complete and in order, in both directions', async () => {
      const atRight = collect(right);
      const atLeft = collect(left);
      for (let i = 1; i <= 200; i++) {
        expect(left.send(call(i, [i, 'text', { deep: [i] }], { key: i }))).toBeNull();
        expect(right.send(answer(i))).toBeNull();
      }
      await eventually(() => expect([atRight.length, atLeft.length]).toEqual([200, 200]));
      expect(atRight.map(describeCall)).toEqual(
        Array.from({ length: 200 }, (_, i) => [i + 1, [i + 1, 'text', { deep: [i + 1] }], { key: i + 1 }]),
      );
      expect(atLeft.map(requestOf)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    });

    test('BP-TRN-01: messages of very different sizes arrive complete and in order', async () => {
      const sizes = [0, 10, 100_000, 1, 125, 126, 70_000, 65_535, 65_536, 300, 1_000_000, 5];
      const atRight = collect(right);
      for (const [index, size] of sizes.entries()) left.send(call(index + 1, ['x'.repeat(size)]));
      await eventually(() => expect(atRight).toHaveLength(sizes.length));
      expect(atRight.map((each) => (describeCall(each)[1] as string[])[0]?.length)).toEqual(sizes);
    });

    test('BP-TRN-01: nothing is delivered before the turn in which the peer was received has ended', async () => {
      left.send(call(1));
      let received = 0;
      right.onMessage = () => received++;
      expect(received).toBe(0);
      await eventually(() => expect(received).toBe(1));
    });

    test('BP-TRN-01: a message sent while one is delivered arrives', async () => {
      right.onMessage = (message) => right.send(answer(requestOf(message)));
      const atLeft = collect(left);
      for (let i = 1; i <= 10; i++) left.send(call(i));
      await eventually(() => expect(atLeft).toHaveLength(10));
      expect(atLeft.map(requestOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    test('BP-TRN-01: a retained payload outlives its dispatch', async () => {
      const kept: Payload[] = [];
      right.onMessage = (message) => kept.push((message as Call).payload.retain());
      for (let i = 1; i <= 20; i++) left.send(call(i, [`kept ${i}`], { i }));
      await eventually(() => expect(kept).toHaveLength(20));
      expect(kept.map((each) => [each.args(), each.kwargs()])).toEqual(
        Array.from({ length: 20 }, (_, i) => [[`kept ${i + 1}`], { i: i + 1 }]),
      );
    });

    test('BP-TRN-01: a received payload can be sent on within its dispatch', async () => {
      right.onMessage = (message) => {
        const { request, payload } = message as Call;
        right.send(new Yield(request, emptyDict, payload));
      };
      const atLeft: unknown[] = [];
      left.onMessage = (message) => atLeft.push((message as Yield).payload.args());
      for (let i = 1; i <= 20; i++) left.send(call(i, [i, 'x'.repeat(i * 100)]));
      await eventually(() => expect(atLeft).toHaveLength(20));
      expect(atLeft).toEqual(Array.from({ length: 20 }, (_, i) => [i + 1, 'x'.repeat((i + 1) * 100)]));
    });

    test('BP-TRN-01: shared messages arrive between others, each time they are sent', async () => {
      const atRight = collect(right);
      left.send(call(1));
      const shared = new SharedMessage(new Event(7, 8, emptyDict, Payload.of(['shared'])));
      expect(left.sendShared(shared)).toBeNull();
      left.send(call(2));
      expect(left.sendShared(shared)).toBeNull();
      left.send(call(3));
      await eventually(() => expect(atRight).toHaveLength(5));
      expect(atRight.map(({ code }) => code)).toEqual([48, 36, 48, 36, 48]);
    });

    test('BP-TRN-01: pause takes effect before the next message, and resume goes on with all that came', async () => {
      const atRight: number[] = [];
      right.onMessage = (message) => {
        atRight.push(requestOf(message));
        if (atRight.length === 3) right.pause();
      };
      for (let i = 1; i <= 50; i++) left.send(call(i));
      await eventually(() => expect(atRight).toHaveLength(3));
      await roundTrip(right, left);
      expect(atRight).toEqual([1, 2, 3]);
      right.resume();
      expect(atRight).toHaveLength(3);
      await eventually(() => expect(atRight).toHaveLength(50));
      expect(atRight).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    test('BP-TRN-01: a pause a message delivers one message a resume', async () => {
      const atRight: number[] = [];
      right.onMessage = (message) => {
        atRight.push(requestOf(message));
        right.pause();
        queueMicrotask(() => right.resume());
      };
      for (let i = 1; i <= 50; i++) left.send(call(i));
      await eventually(() => expect(atRight).toHaveLength(50));
      expect(atRight).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    test('BP-TRN-01: a paused peer can send', async () => {
      const atLeft = collect(left);
      right.pause();
      right.send(answer(1));
      await eventually(() => expect(atLeft).toHaveLength(1));
    });

    test('BP-TRN-01: close flushes first; both ends are told once', async () => {
      const log: string[] = [];
      right.onMessage = (message) => log.push(`message ${requestOf(message)}`);
      right.onClose = (reason) => log.push(`closed ${reason.clean}`);
      const atLeft = collectEnds(left);
      for (let i = 1; i <= 100; i++) left.send(call(i));
      left.close('bye');
      left.close('again');
      expect(atLeft).toEqual([]);
      await eventually(() => expect([log.length, atLeft.length]).toEqual([101, 1]));
      expect(log.slice(98)).toEqual(['message 99', 'message 100', 'closed true']);
      expect(atLeft[0]?.message).toContain('bye');
      right.close();
      left.close();
      await Promise.resolve();
      expect([log.length, atLeft.length]).toEqual([101, 1]);
    });

    test('BP-TRN-01: both ends may close at the same time', async () => {
      const ends = [collectEnds(left), collectEnds(right)];
      left.close('left');
      right.close('right');
      await eventually(() => expect(ends.map((each) => each.length)).toEqual([1, 1]));
    });

    test('BP-TRN-01: after close nothing is sent and nothing delivered', async () => {
      const atLeft = collect(left);
      const atRight = collect(right);
      const ends = collectEnds(left);
      right.send(answer(1));
      left.close();
      expect(left.send(call(1))).toBeNull();
      expect(left.sendShared(new SharedMessage(call(2)))).toBeNull();
      await eventually(() => expect(ends).toHaveLength(1));
      right.send(answer(2));
      await eventually(() => expect(right.send(answer(3))).toBeNull());
      expect([atLeft, atRight]).toEqual([[], []]);
    });

    test('BP-TRN-01: what came before the end is delivered before it, also after a pause', async () => {
      const log: string[] = [];
      right.onMessage = (message) => {
        log.push(`message ${requestOf(message)}`);
        if (log.length === 1) right.pause();
      };
      right.onClose = () => log.push('closed');
      for (let i = 1; i <= 3; i++) left.send(call(i));
      left.close();
      await eventually(() => expect(log).toHaveLength(1));
      right.resume();
      await eventually(() => expect(log).toHaveLength(4));
      expect(log).toEqual(['message 1', 'message 2', 'message 3', 'closed']);
    });

    test('BP-TRN-01: a new peer has an encoding, a transport and an empty send queue', () => {
      expect(left.encoding).toBe(right.encoding);
      expect(left.transport.type).toBe(right.transport.type);
      expect([left.congested, right.congested]).toEqual([false, false]);
      expect([left.queuedBytes, right.queuedBytes]).toEqual([0, 0]);
    });
  });
}

function call(request: number, args: unknown[] = [], kwargs: Record<string, unknown> = {}): Call {
  return new Call(request, emptyDict, 'com.example.procedure', Payload.of(args, kwargs));
}

function answer(request: number): Yield {
  return new Yield(request, emptyDict);
}

function requestOf(message: Message): number {
  return (message as Call | Yield | Publish).request;
}

function describeCall(message: Message): unknown[] {
  const { request, payload } = message as Call;
  return [request, payload.args(), payload.kwargs()];
}

/** Messages as they come, their payloads kept. */
function collect(peer: Peer): Message[] {
  const messages: Message[] = [];
  peer.onMessage = (message) => {
    messages.push(message instanceof Call ? keep(message) : message);
  };
  return messages;
}

function keep({ request, options, procedure, payload }: Call): Call {
  return new Call(request, options, procedure, payload.retain());
}

function collectEnds(peer: Peer): CloseReason[] {
  const ends: CloseReason[] = [];
  peer.onClose = (reason) => ends.push(reason);
  return ends;
}

/** Waits until `check` holds, looking often: most things take a turn or two. */
function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { interval: 2, timeout: 5000 });
}

/** Waits until a message has gone from one end to the other. */
async function roundTrip(from: Peer, to: Peer): Promise<void> {
  const arrived = collect(to);
  from.send(new Publish(1, emptyDict, 'com.example.topic'));
  await eventually(() => expect(arrived).toHaveLength(1));
}
