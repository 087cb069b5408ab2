import { isDict } from '@wampkit/protocol';

/** A verdict with all that it may leave out. */
export interface ReadVerdict {
  readonly allow: boolean;
  readonly disclose: boolean;
  readonly cache: boolean;
}

const keys = ['allow', 'disclose', 'cache'];

/** Reads what an authorizer gave. @returns what is wrong with it, for people, when it is no verdict (AZ-03) */
export function readVerdict(value: unknown): ReadVerdict | string {
  if (typeof value === 'boolean') return { allow: value, disclose: false, cache: false };
  if (!isDict(value)) return 'its answer is neither a bool nor a dict';
  for (const [key, entry] of Object.entries(value)) {
    if (!keys.includes(key)) return `its answer has an unknown key ${JSON.stringify(key.slice(0, 64))}`;
    if (typeof entry !== 'boolean') return `its answer's ${key} is no bool`;
  }
  if (typeof value.allow !== 'boolean') return 'its answer has no allow';
  return { allow: value.allow, disclose: value.disclose === true, cache: value.cache === true };
}
