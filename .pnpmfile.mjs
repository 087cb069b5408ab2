export const hooks = {
  /** npm autobahn 26 wants a newer Node than ours: only a test runs it, in a process of its own. No install need warn of it. */
  readPackage(manifest) {
    if (manifest.name === 'autobahn') delete manifest.engines;
    return manifest;
  },

  /** Packed packages hold no source, so the condition that points to it stays here. */
  beforePacking(manifest) {
    return {
      ...manifest,
      exports: withoutSource(manifest.exports),
      imports: withoutSource(manifest.imports),
    };
  },
};

function withoutSource(conditions) {
  if (typeof conditions !== 'object' || conditions === null) return conditions;
  const kept = Object.entries(conditions).filter(([name]) => name !== '@wampkit/source');
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutSource(value)]));
}
