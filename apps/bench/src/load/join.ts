import { Connection, type Endpoint } from '../wire/connection.js';

/** How long the preparation of a load waits for one answer, seconds; rivals take long over a crowd's. */
const PATIENCE = 60;

const roles = {
  publisher: { features: {} },
  subscriber: { features: {} },
  caller: { features: {} },
  callee: { features: {} },
};

/** Opens a connection and joins `realm1`. */
export async function join(endpoint: Endpoint): Promise<Connection> {
  const connection = await Connection.open(endpoint);
  connection.send(endpoint.wire.encode([1, 'realm1', { roles }]));
  await answer(connection, 2);
  return connection;
}

/** Sends a request and waits for its answer, the `count`th message of that type. */
export async function request(
  connection: Connection,
  message: readonly unknown[],
  answerCode: number,
  count = 1,
): Promise<void> {
  const answered = answer(connection, answerCode, count);
  connection.send(connection.wire.encode(message));
  await answered;
}

function answer(connection: Connection, code: number, count = 1): Promise<void> {
  const { wire } = connection;
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`no answer of type ${code} in ${PATIENCE} s`)),
      PATIENCE * 1000,
    );
    connection.onMessage = (bytes, start, end) => {
      const got = wire.readCode(bytes, start);
      if (got !== code) {
        const text = bytes.toString('latin1', start, Math.min(end, start + 200));
        reject(new Error(`expected type ${code}, got ${got}: ${text}`));
      }
      count -= 1;
      if (count > 0) return;
      clearTimeout(late);
      resolve();
    };
  });
}
