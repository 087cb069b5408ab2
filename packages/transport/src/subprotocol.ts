import type { Serializer } from '@wampkit/protocol';

/** Names the WebSocket subprotocol of a serializer (BP-TRN-03). */
export function subprotocolOf(serializer: Serializer): string {
  return `wamp.2.${serializer.name}`;
}

/** What a subprotocol stands for. */
export interface Subprotocol {
  readonly serializer: Serializer;
  /** Whether messages come in batches (BAT-01). */
  readonly batched: boolean;
}

/** The subprotocols of serializers by name, in order: of each the batched one first, where batches are spoken. */
export function subprotocolsOf(
  serializers: readonly Serializer[],
  batches: boolean,
): ReadonlyMap<string, Subprotocol> {
  return new Map(
    serializers.flatMap((serializer): [string, Subprotocol][] => {
      const name = subprotocolOf(serializer);
      const plain: [string, Subprotocol] = [name, { serializer, batched: false }];
      return batches ? [[`${name}.batched`, { serializer, batched: true }], plain] : [plain];
    }),
  );
}

/** Lists what is spoken, for people. */
export function describeSubprotocols(spoken: ReadonlyMap<string, Subprotocol>): string {
  const plain = [...spoken].filter(([, { batched }]) => !batched).map(([name]) => name);
  return `${plain.join(', ')}${plain.length === spoken.size ? '' : ', each also with .batched'}`;
}
