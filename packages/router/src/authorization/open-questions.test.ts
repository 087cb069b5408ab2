import { expect, test } from 'vitest';
import { AUTHORIZED_PAYLOADS, OPEN_QUESTIONS, SMALL_AUTHORIZED_PAYLOAD } from '../limits.js';
import { OpenQuestions } from './open-questions.js';

test('AZ-02: questions that are open at a time are bounded', () => {
  const questions = new OpenQuestions();
  for (let n = 0; n < OPEN_QUESTIONS; n++) expect(questions.open()).toBe(true);
  expect(questions.open()).toBe(false);
  questions.close();
  expect([questions.open(), questions.open()]).toEqual([true, false]);
});

test('AZ-02: large payloads that wait are bounded, and take nothing from small ones', () => {
  const questions = new OpenQuestions();
  expect(questions.keep(AUTHORIZED_PAYLOADS - 1)).toBe(true);
  expect(questions.keep(SMALL_AUTHORIZED_PAYLOAD + 1)).toBe(false);
  for (let n = 0; n < 3; n++) expect(questions.keep(SMALL_AUTHORIZED_PAYLOAD)).toBe(true);
  questions.release(SMALL_AUTHORIZED_PAYLOAD);
  expect(questions.keep(SMALL_AUTHORIZED_PAYLOAD + 1)).toBe(false);
  questions.release(AUTHORIZED_PAYLOADS - 1);
  expect(questions.keep(AUTHORIZED_PAYLOADS)).toBe(true);
});
