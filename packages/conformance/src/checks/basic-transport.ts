import { type Check, type CheckContext, may, must, should, within } from '../check.js';
import { Code } from '../message-code.js';
import { CheckFailure, equal, ok, skip } from '../outcome.js';
import { allRoles, Session } from '../session.js';
import { openWebSocket } from '../wire/websocket-wire.js';

/* Whether a handshake that offers these subprotocols gives no usable connection. */
async function handshakeFails(t: CheckContext, subprotocols: readonly string[]): Promise<void> {
  const socket = await openWebSocket(t.url, subprotocols, {
    timeout: t.timeout,
    ...(t.tls && { tls: t.tls }),
  }).catch((error: unknown) => {
    if (error instanceof CheckFailure) return null;
    throw error;
  });
  if (socket === null) return;
  const closed = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), t.timeout);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  socket.terminate();
  ok(closed, `the router opened a WebSocket for the subprotocols ${JSON.stringify(subprotocols)}`);
}

/** Transports: requirements BP-TRN. */
export const basicTransport: readonly Check[] = [
  ...within({ transport: 'websocket' }, [
    must('BP-TRN-02', 'the subprotocol of the session is confirmed in the handshake', async (t) => {
      const { socket } = t.websocket(await t.connect());
      equal(socket.protocol, `wamp.2.${t.codec.name}`, 'subprotocol');
    }),
    must('BP-TRN-02', 'a handshake without any shared subprotocol fails', (t) =>
      handshakeFails(t, ['wamp.2.nonsense', 'chat']),
    ),
    must('BP-TRN-02', 'among unknown subprotocols the known one is taken', async (t) => {
      const wanted = `wamp.2.${t.codec.name}`;
      const socket = await openWebSocket(t.url, ['wamp.2.nonsense', wanted], {
        timeout: t.timeout,
        ...(t.tls && { tls: t.tls }),
      });
      const { protocol } = socket;
      socket.terminate();
      equal(protocol, wanted, 'subprotocol');
    }),
    must('BP-TRN-02', 'a WAMP message may come in several WebSocket frames', async (t) => {
      const connection = await t.connect();
      const { socket } = t.websocket(connection);
      const bytes = t.codec.encode([Code.HELLO, t.realm, { roles: allRoles }]);
      const binary = t.codec.name !== 'json';
      socket.send(bytes.subarray(0, 5), { binary, fin: false });
      socket.send(bytes.subarray(5, 9), { binary, fin: false });
      socket.send(bytes.subarray(9), { binary, fin: true });
      await connection.next(Code.WELCOME);
    }),
    must('BP-TRN-02', 'two WAMP messages in one WebSocket message are a protocol violation', async (t) => {
      const session = await t.join();
      t.websocket(session.connection);
      const one = t.codec.encode([Code.SUBSCRIBE, 1, {}, t.uri()]);
      const two = t.codec.encode([Code.SUBSCRIBE, 2, {}, t.uri('b')]);
      session.connection.sendBytes(Buffer.concat([one, two]));
      await session.connection.violation();
    }),
    must('BP-TRN-03', 'the router sends text for JSON and binary for the others', async (t) => {
      const connection = await t.connect();
      t.websocket(connection);
      connection.send([Code.HELLO, t.realm, { roles: allRoles }]);
      const { text } = await connection.nextReceived('WELCOME');
      equal(text, t.codec.name === 'json', 'whether WELCOME came as text');
    }),
    must('BP-TRN-03', 'a WebSocket message of the other type ends the session', async (t) => {
      const { connection } = await t.join();
      const bytes = t.codec.encode([Code.SUBSCRIBE, 1, {}, t.uri()]);
      t.websocket(connection).socket.send(bytes, { binary: t.codec.name === 'json' });
      const end = await Promise.race([connection.abort().catch(() => null), connection.closed()]);
      if (end?.startsWith('wamp.')) equal(end, 'wamp.error.protocol_violation', 'Reason of ABORT');
    }),
    should('BP-TRN-02', 'a WebSocket ping is answered with a pong of the same payload', async (t) => {
      const { socket } = t.websocket(await t.connect());
      const pong = new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => reject(new CheckFailure('no pong came')), t.timeout);
        socket.once('pong', (data: Buffer) => {
          clearTimeout(timer);
          resolve(data.toString());
        });
      });
      socket.ping('there?');
      equal(await pong, 'there?', 'payload of the pong');
    }),
  ]),
  may(
    'BP-TRN-04',
    'after GOODBYE the same transport takes a new HELLO, and all ids start anew',
    async (t) => {
      const session = await t.join();
      await session.register(t.uri());
      const caller = await t.join();
      caller.call(t.uri());
      const first = (await session.invocation()).request;
      await session.leave();
      const again = await rejoin(t, session);
      ok(again.id !== session.id, 'the second session has the id of the first');
      await again.register(t.uri());
      caller.call(t.uri());
      const second = (await again.invocation()).request;
      if (first === 1) equal(second, 1, 'INVOCATION.Request of the second session');
    },
  ),
  may('BP-TRN-04', 'the new session has nothing of the one before', async (t) => {
    const session = await t.join();
    await session.subscribe(t.uri());
    await session.leave();
    const again = await rejoin(t, session);
    await (await t.join()).publishAcknowledged(t.uri());
    await again.nothingElse('in a session that subscribed nothing');
  }),
];

async function rejoin(t: CheckContext, session: Session): Promise<Session> {
  return Session.join(session.connection, t.realm).catch((error: Error) =>
    skip(`the router takes no second session on a transport: ${error.message}`),
  );
}
