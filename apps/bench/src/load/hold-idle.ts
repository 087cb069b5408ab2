/* A process of its own: joins sessions that do nothing and tells when they are there. Held by the process of the load, their
   connections would cost it more than the load does. Arguments: port, transport, serializer, number of sessions. */

import type { Connection, Transport } from '../wire/connection.js';
import { knownWires } from '../wire/known-wires.js';
import { joinIdle } from './join-idle.js';

const [port, transport, serializer, count] = process.argv.slice(2);
const wire = knownWires.find(({ name }) => name === serializer);
if (wire === undefined) throw new Error(`no serializer "${serializer}"`);
const sessions: Connection[] = [];
process.once('disconnect', () => process.exit());
await joinIdle({ port: Number(port), transport: transport as Transport, wire }, sessions, Number(count));
process.send?.('joined');
