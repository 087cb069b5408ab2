import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { YAML_ALIASES } from '../limits.js';
import type { Problem } from './problem.js';

/** A place in a text, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with the text itself, with its place. */
export interface TextProblem {
  readonly message: string;
  readonly position: TextPosition;
}

/** A config's text, YAML 1.2 or JSON (which is YAML too), and where everything stands in it. */
export class YamlSource {
  readonly #lines = new LineCounter();
  readonly #document: ReturnType<typeof parseDocument>;

  constructor(text: string) {
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: 'error',
      version: '1.2',
    });
  }

  /** What makes the text no YAML; its tree is of no use then. */
  get problems(): TextProblem[] {
    return [...this.#document.errors, ...this.#document.warnings].map(({ message, pos }) => ({
      message: message.replace(/ at line \d+, column \d+:?[\s\S]*$/, ''),
      position: this.#position(pos[0]),
    }));
  }

  /**
   * The text's values; an empty text is an empty map.
   *
   * @throws {ReferenceError} when an alias has no anchor, or aliases multiply beyond reason
   */
  tree(): unknown {
    return this.#document.toJS({ maxAliasCount: YAML_ALIASES }) ?? {};
  }

  /** Where the last step of a path stands, or what is nearest to it: its key, or its value. */
  locate({ path, atKey }: Pick<Problem, 'path' | 'atKey'>): TextPosition | null {
    let node: unknown = this.#document.contents;
    let place = offsetOf(node);
    for (const [depth, step] of path.entries()) {
      const found = stepInto(this.#resolve(node), step);
      if (found === null) break;
      const wantsKey = depth === path.length - 1 && atKey === true;
      place = (wantsKey ? offsetOf(found.key) : (offsetOf(found.value) ?? offsetOf(found.key))) ?? place;
      node = found.value;
    }
    return place === null ? null : this.#position(place);
  }

  #resolve(node: unknown): unknown {
    const alias = node as { resolve?(document: unknown): unknown } | null;
    return typeof alias?.resolve === 'function' ? alias.resolve(this.#document) : node;
  }

  #position(offset: number): TextPosition {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function stepInto(node: unknown, step: string | number): { key: unknown; value: unknown } | null {
  if (isSeq(node) && typeof step === 'number') {
    return step < node.items.length ? { key: node.items[step], value: node.items[step] } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }: Pair) => (isScalar(key) ? String(key.value) : String(key)) === step);
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function offsetOf(node: unknown): number | null {
  return (node as Node | null)?.range?.[0] ?? null;
}
