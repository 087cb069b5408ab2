import { Connection } from '../wire/connection.js';
import type { Wire } from '../wire/wire.js';

const roles = {
  publisher: { features: {} },
  subscriber: { features: {} },
  caller: { features: {} },
  callee: { features: {} },
};

/** Opens a connection and joins `realm1`. */
export async function join(port: number, wire: Wire): Promise<Connection> {
  const connection = await Connection.open(port, wire);
  connection.send(wire.encode([1, 'realm1', { roles }]));
  await answer(connection, 2);
  return connection;
}

/** Sends a request and waits for its answer. */
export async function request(
  connection: Connection,
  message: readonly unknown[],
  answerCode: number,
): Promise<void> {
  const answered = answer(connection, answerCode);
  connection.send(connection.wire.encode(message));
  await answered;
}

function answer(connection: Connection, code: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no answer of type ${code} in 5 s`)), 5000);
    connection.onMessage = (bytes, start, end) => {
      clearTimeout(late);
      const got = connection.wire.readCode(bytes, start);
      if (got === code) resolve();
      else
        reject(
          new Error(
            `expected type ${code}, got ${got}: ${bytes.toString('latin1', start, Math.min(end, start + 200))}`,
          ),
        );
    };
  });
}
