import { type FieldKind, messageShape, type Serializer, WampError } from '@wampkit/protocol';
import { inventOptions, inventValue } from './invent-value.js';
import type { Random } from './random.js';
import { attackedUris, clientCodes, codes, optionWords, strangeUris } from './vocabulary.js';

/** Ids that mean something to a session: of calls, invocations, subscriptions, registrations. */
export interface KnownIds {
  readonly ids: readonly number[];
  /** The request id that comes next. */
  next(): number;
}

/** A message as a list: of a known layout, with a fault in it now and then. */
export function inventMessage(random: Random, known: KnownIds): unknown[] {
  const code = random.once(8) ? random.pick(codes) : random.pick(clientCodes);
  const fields = messageShape(code)?.fields ?? ['id', 'dict', 'uri'];
  const list: unknown[] = [code];
  for (const [index, kind] of fields.entries()) {
    if (kind === 'id' && index === 0 && code >= 16 && code < 68 && code !== 49 && !random.once(8))
      list.push(known.next());
    else list.push(random.once(30) ? inventValue(random) : inventField(kind, random, known));
  }
  if (random.once(2) && (messageShape(code)?.payload ?? true)) {
    list.push(random.once(25) ? inventValue(random) : arrayOf(random));
    if (random.once(2)) list.push(random.once(25) ? inventValue(random) : inventOptions(random));
  }
  if (random.once(30)) list.splice(random.below(list.length + 1), 1);
  if (random.once(30)) list.splice(random.below(list.length + 1), 0, inventValue(random));
  return list;
}

/** The bytes of any list of values; what has no form in the serializer is left out. */
export function encodeList(serializer: Serializer, list: readonly unknown[]): Uint8Array {
  return tryEncode(serializer, list) ?? encodable(serializer, list);
}

function encodable(serializer: Serializer, list: readonly unknown[]): Uint8Array {
  const kept = list.map((value) => (tryEncode(serializer, [value]) === null ? null : value));
  return serializer.encodePayload(kept, {}, 1);
}

function tryEncode(serializer: Serializer, list: readonly unknown[]): Uint8Array | null {
  try {
    return serializer.encodePayload(list, {}, 1);
  } catch (error) {
    if (error instanceof WampError) return null;
    throw error;
  }
}

function arrayOf(random: Random): unknown[] {
  return Array.from({ length: random.below(4) }, () => inventValue(random));
}

function inventField(kind: FieldKind, random: Random, known: KnownIds): unknown {
  switch (kind) {
    case 'id':
    case 'zero':
      return random.once(6)
        ? random.pick([0, 1, 2, 2 ** 53, random.below(100)])
        : (random.pick(known.ids) ?? 1);
    case 'uri':
      return random.once(6) ? random.pick(strangeUris) : random.pick(attackedUris);
    case 'string':
      return random.pick(optionWords);
    case 'type':
      return random.once(3) ? random.pick([16, 32, 48, 64, 34, 66, 99]) : 68;
    default:
      return inventOptions(random);
  }
}
