/** Packed packages hold no source, so the condition that points to it stays here. */
export const hooks = {
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
