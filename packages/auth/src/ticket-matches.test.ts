import { describe, expect, test } from 'vitest';
import { ticketMatches } from './ticket-matches.js';

describe('TICK-01: ticketMatches', () => {
  test.each([
    ['secret', 'secret', true],
    ['sécret ✓', 'sécret ✓', true],
    ['secret', 'secre', false],
    ['secret', 'secrets', false],
    ['secret', 'Secret', false],
    ['secret', '', false],
    ['ab', 'abab', false],
    ['\ud800', '\ud801', false],
    ['', 'secret', false],
    ['', '', false],
  ])('expected %j, given %j: %j', (expected, given, matches) => {
    expect(ticketMatches(expected, given)).toBe(matches);
  });
});
