import { describe, expect, test } from 'vitest';
import * as errors from './errors.js';

describe('errors', () => {
  test('all are WampErrors and Errors that bear their class name', () => {
    for (const [name, ErrorClass] of Object.entries(errors)) {
      const error = new (ErrorClass as new (message: string, options: object) => errors.WampError)('why', {
        sent: true,
      });
      expect(error).toBeInstanceOf(Error);
      expect(error).toBeInstanceOf(errors.WampError);
      expect(error.name).toBe(name);
      expect(error.message).toBe('why');
      expect('cause' in error).toBe(false);
    }
  });

  test('a lost connection is worth a retry only when the request had not been sent', () => {
    expect(new errors.ConnectionLostError('gone', { sent: false }).retryable).toBe(true);
    expect(new errors.ConnectionLostError('gone', { sent: true }).retryable).toBe(false);
  });

  test('the cause is kept', () => {
    const cause = new Error('first');
    expect(new errors.CanceledError('gave up', { cause }).cause).toBe(cause);
  });

  test('a RequestError always has its three parts', () => {
    expect(new errors.CallError('no')).toMatchObject({ args: [], kwargs: {}, details: {} });
  });
});
