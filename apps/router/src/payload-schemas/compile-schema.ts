import { createRequire } from 'node:module';
import type { PayloadFault } from '@wampkit/router';
import type { ErrorObject } from 'ajv';
import { findNearestKey } from '../config/nearest-key.js';

/** A JSON Schema: a dict, or a bool, which takes everything or nothing. */
export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** Judges a value by a schema; where it does not fit is a JSON Pointer from the value on. */
export type SchemaCheck = (value: unknown) => PayloadFault | null;

// a router without schemas does not load what compiles them
const require = createRequire(import.meta.url);

/**
 * Makes a JSON Schema a check: draft 2020-12, or draft-07 where its `$schema` says so. Formats are checked.
 *
 * @throws {Error} when it is no schema: an unknown keyword or format, a reference to what is not in it
 */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const ajv = createAjv(schema);
  if (ajv.validateSchema(schema) !== true) throw new Error(describeFault(schema, ajv.errors ?? []));
  const validate = ajv.compile(schema);
  // its answer would be a promise, which lets everything through
  if ('$async' in validate) throw new Error('$async is not for payloads');
  return (value) => (validate(value) ? null : toFault(validate.errors?.[0]));
}

function createAjv(schema: JsonSchema) {
  const { Ajv } = require('ajv') as typeof import('ajv');
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const addFormats = require('ajv-formats') as typeof import('ajv-formats');
  // never changes what it checks; says nothing on the console; own properties alone, for keys come from peers
  const options = {
    allowUnionTypes: true,
    strictTypes: false,
    strictTuples: false,
    ownProperties: true,
    logger: false,
  } as const;
  const ajv = isDraft07(schema) ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv);
  return ajv;
}

function isDraft07(schema: JsonSchema): boolean {
  return (
    typeof schema === 'object' &&
    /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(String(schema.$schema))
  );
}

/* One cause makes several errors, first the plainest one; what is deepest says most. */
function describeFault(schema: JsonSchema, errors: readonly ErrorObject[]): string {
  const depth = (error: ErrorObject) => error.instancePath.split('/').length;
  const [fault] = errors.toSorted((a, b) => depth(b) - depth(a));
  const { instancePath = '', message = 'does not fit', params = {} } = fault ?? {};
  const allowed = params.allowedValues as readonly string[] | undefined;
  if (allowed === undefined) return `${instancePath} ${message}`;
  const given = instancePath.split('/').slice(1).reduce<unknown>(stepInto, schema);
  const nearest = typeof given === 'string' ? findNearestKey(given, allowed) : null;
  const hint = nearest === null ? '' : `; did you mean ${nearest}?`;
  return `${instancePath} must be one of ${allowed.join(', ')}${hint}`;
}

function stepInto(value: unknown, step: string): unknown {
  return (value as Record<string, unknown>)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
}

function toFault(error: ErrorObject | undefined): PayloadFault {
  const { instancePath = '', keyword = 'schema', message = 'does not fit' } = error ?? {};
  return { path: instancePath, keyword, message };
}
