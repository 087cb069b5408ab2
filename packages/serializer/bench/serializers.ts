/* ns per message for decode and encodeInto. Run: npx tsx --conditions=@wampkit/source packages/serializer/bench/serializers.ts [name] */
import { Call, emptyDict, type Message, Payload, type Serializer, Yield } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';

const structured = {
  id: 4711,
  name: 'Wind turbine 17, north field',
  active: true,
  position: { latitude: 54.1234, longitude: 10.5678, height: null },
  readings: Array.from({ length: 12 }, (_, n) => ({ at: 1_700_000_000 + 60 * n, value: 12.5 + n / 7 })),
  tags: ['energy', 'wind', 'north'],
};

const messages: Record<string, Message> = {
  'call 35 B': new Call(1234567, emptyDict, 'com.myapp.add2', Payload.of([2, 3])),
  'structured 689 B': new Yield(1234567, emptyDict, Payload.of([structured])),
  'string 64 KiB': new Yield(1234567, emptyDict, Payload.of(['x'.repeat(65_536)])),
};

function measure(run: () => unknown, bytes: number): number {
  const rounds = Math.ceil(40_000_000 / (100 + bytes));
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 7; n++) {
    const began = process.hrtime.bigint();
    for (let i = 0; i < rounds; i++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - began) / rounds);
  }
  return Math.round(best);
}

async function serializers(): Promise<Serializer[]> {
  const { msgpackSerializer } = await import('@wampkit/serializer/msgpack');
  const { cborSerializer } = await import('@wampkit/serializer/cbor');
  const wanted = process.argv[2];
  return [jsonSerializer, msgpackSerializer, cborSerializer].filter(
    ({ name }) => wanted === undefined || name === wanted,
  );
}

for (const serializer of await serializers()) {
  for (const [label, message] of Object.entries(messages)) {
    const target = new Uint8Array(100_000);
    const end = serializer.encodeInto(target, 0, message);
    const bytes = target.slice(0, end);
    const decoded = serializer.decode(bytes, 0, end) as Message & { payload: Payload };
    const { start, end: last, count } = decoded.payload;
    const row = {
      decode: measure(() => serializer.decode(bytes, 0, end), end),
      encodeInto: measure(() => serializer.encodeInto(target, 0, decoded), end),
      decodePayload: measure(() => serializer.decodePayload(bytes, start, last, count), 4 * end),
      encodePayload: measure(() => serializer.encodePayload(decoded.payload.args(), {}, 1), 4 * end),
    };
    const cells = Object.entries(row).map(([name, ns]) => `${name} ${String(ns).padStart(6)}`);
    console.log(
      `${serializer.name.padEnd(8)} ${label.padEnd(17)} ${String(end).padStart(6)} B  ${cells.join('  ')}`,
    );
  }
}
