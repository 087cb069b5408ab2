import type { Connection, Endpoint } from '../wire/connection.js';
import { join, request } from './join.js';

const FILLER = 'com.bench.filler';
/** More than the kernel and the router's high-water mark hold. */
const FILLINGS = 400;
const filling = ['x'.repeat(64 * 1024)];

/** Joins a subscriber of `topic` that has stopped reading, and fills what the router keeps for it. */
export async function joinStalledSubscriber(endpoint: Endpoint, topic: string): Promise<Connection> {
  const subscriber = await join(endpoint);
  await request(subscriber, [32, 1, {}, topic], 33);
  await request(subscriber, [32, 2, {}, FILLER], 33);
  subscriber.stall();
  const publisher = await join(endpoint);
  for (let i = 1; i <= FILLINGS; i += 1)
    await request(publisher, [16, i, { acknowledge: true }, FILLER, filling], 17);
  publisher.close();
  return subscriber;
}
