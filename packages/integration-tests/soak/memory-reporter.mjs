// Loaded into the router that is soaked: collects garbage when its parent asks, and tells what is left.
process.on('message', () => {
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  process.send({ rss, heap: heapUsed + arrayBuffers });
});
process.channel.unref();
