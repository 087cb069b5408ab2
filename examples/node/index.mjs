// Start a router first: npm start. Then: node examples/node/index.mjs [url]
import { CallError, connect, RequestError } from '@wampkit/client';

const url = process.argv[2] ?? 'ws://127.0.0.1:8080/ws';
const options = { realm: 'realm1' };

// One client offers a procedure that divides, and one that sends its results bit by bit.
const callee = await connect(url, options);
await callee.register('com.example.divide', ({ args: [a, b] }) => {
  if (b === 0) throw new RequestError('division by zero', { uri: 'com.example.error.zero', args: [a] });
  return a / b;
});
await callee.register('com.example.count', async function* ({ args: [n] }) {
  for (let i = 1; i <= n; i++) yield i;
});

// Another one calls them.
const caller = await connect(url, options);
const result = await caller.call('com.example.divide', { args: [10, 4] });
console.log('10 / 4 =', result.value);

try {
  await caller.call('com.example.divide', { args: [1, 0] });
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.log('1 / 0 is an error:', error.uri, error.args);
}

for await (const progress of caller.stream('com.example.count', { args: [3] })) {
  console.log('counted', progress.value);
}

// Events: everything below com.example.sensor., whatever comes first.
const events = await caller.subscribe('com.example.sensor.', { match: 'prefix' });
await callee.publish(
  'com.example.sensor.kitchen',
  { args: [21.5], kwargs: { unit: 'C' } },
  { acknowledge: true },
);
for await (const event of events) {
  console.log(event.details.topic, event.args, event.kwargs);
  break;
}

await caller.close();
await callee.close();
