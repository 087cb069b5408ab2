import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One message with its bytes in each serializer, from the official test vectors. */
export interface SerializationVector {
  /** `basic/call.json: CALL with positional args only` */
  readonly name: string;
  /** The message type code. */
  readonly code: number;
  /** What the decoded message must hold; names vary by message type, null means absent. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The forms that are right in each serializer, at least one. */
  readonly encodings: Readonly<Record<'json' | 'msgpack' | 'cbor', readonly Uint8Array[]>>;
}

/** One message that must be accepted or refused, from the official test vectors. */
export interface ValidationVector {
  readonly name: string;
  /** The message as a list; binary that the vectors give as hex is a Uint8Array. */
  readonly elements: readonly unknown[];
  /** A word that the error must contain; `null` when the message is right. */
  readonly expectedError: string | null;
}

/** The official single-message vectors: 35 serialization samples and 67 validation samples. */
export interface Vectors {
  readonly serialization: readonly SerializationVector[];
  readonly validation: readonly ValidationVector[];
}

interface Sample {
  description: string;
  serializers?: Record<string, { bytes_hex: string }[]>;
  expected_attributes: Record<string, unknown>;
  wmsg: unknown[];
  expected_error?: { contains: string };
}

const root = fileURLToPath(new URL('../vectors/singlemessage/', import.meta.url));

/** Reads the official single-message vectors (`testsuite/` of wamp-proto) from this package's `vectors/`. */
export function readVectors(): Vectors {
  const serialization: SerializationVector[] = [];
  const validation: ValidationVector[] = [];
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.json')) continue;
    const { wamp_message_code: code, samples } = JSON.parse(readFileSync(root + file, 'utf8')) as {
      wamp_message_code: number;
      samples: Sample[];
    };
    for (const sample of samples) {
      const name = `${file.replaceAll('\\', '/')}: ${sample.description}`;
      if (sample.serializers === undefined) validation.push(toValidation(name, sample));
      else
        serialization.push({
          name,
          code,
          attributes: sample.expected_attributes,
          encodings: toEncodings(sample.serializers),
        });
    }
  }
  return { serialization, validation };
}

function toEncodings(serializers: Record<string, { bytes_hex: string }[]>): SerializationVector['encodings'] {
  const variants = (name: string) => (serializers[name] ?? []).map(({ bytes_hex }) => fromHex(bytes_hex));
  return { json: variants('json'), msgpack: variants('msgpack'), cbor: variants('cbor') };
}

function toValidation(name: string, sample: Sample): ValidationVector {
  const elements = [...sample.wmsg];
  const last = elements.at(-1);
  // Opaque payloads are binary, given as hex.
  const isOpaque = elements.some(
    (element) => typeof element === 'object' && element !== null && 'enc_algo' in element,
  );
  if (isOpaque && typeof last === 'string') elements[elements.length - 1] = fromHex(last);
  return { name, elements, expectedError: sample.expected_error?.contains ?? null };
}

/** The bytes of hexadecimal text. */
function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
