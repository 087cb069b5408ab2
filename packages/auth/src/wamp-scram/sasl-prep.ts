import { ConfigError } from '@wampkit/protocol';
import { CodePointSet } from './code-point-set.js';
import * as tables from './stringprep-tables.js';

const unassigned = new CodePointSet(tables.unassigned);
const mappedToNothing = new CodePointSet(tables.mappedToNothing);
const nonAsciiSpace = new CodePointSet(tables.nonAsciiSpace);
const prohibited = new CodePointSet(tables.prohibited);
const rightToLeft = new CodePointSet(tables.randALCat);
const leftToRight = new CodePointSet(tables.lCat);

/**
 * Prepares a user name or password by SASLprep, RFC 4013, so that what looks alike is alike (SCRAM-08).
 *
 * @param options `stored`: prepare what will be stored and compared with later, which Unicode 3.2 must know all characters
 *   of; what is typed in to be compared may hold others. Default `false`.
 * @throws {ConfigError} for control and other prohibited characters, and for directions mixed; never quotes the text
 */
export function saslPrep(text: string, { stored = false }: { stored?: boolean } = {}): string {
  // Most texts, and nothing in them changes.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const prepared = mapCharacters(text).normalize('NFKC');
  const codePoints = Array.from(prepared, codePointOf);
  for (const one of codePoints) {
    if (prohibited.has(one)) throw refuse('it holds a control character or another prohibited one');
    if (stored && unassigned.has(one)) throw refuse('it holds a character that Unicode 3.2 does not know');
  }
  checkDirections(codePoints);
  return prepared;
}

// RFC 4013 section 2.1
function mapCharacters(text: string): string {
  let mapped = '';
  for (const character of text) {
    const codePoint = codePointOf(character);
    if (nonAsciiSpace.has(codePoint)) mapped += ' ';
    else if (!mappedToNothing.has(codePoint)) mapped += character;
  }
  return mapped;
}

// RFC 3454 section 6
function checkDirections(codePoints: readonly number[]): void {
  if (!codePoints.some((one) => rightToLeft.has(one))) return;
  if (codePoints.some((one) => leftToRight.has(one))) throw refuse('it mixes directions of writing');
  const [first, last] = [codePoints.at(0) as number, codePoints.at(-1) as number];
  if (!rightToLeft.has(first) || !rightToLeft.has(last))
    throw refuse('what is written from right to left must begin and end so');
}

function codePointOf(character: string): number {
  return character.codePointAt(0) as number;
}

function refuse(why: string): ConfigError {
  return new ConfigError(`a name or password cannot be used by SASLprep: ${why}`);
}
