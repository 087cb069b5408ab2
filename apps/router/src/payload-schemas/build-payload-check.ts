import type { PayloadCheck, PayloadFault } from '@wampkit/router';
import { compileSchema, type JsonSchema, type SchemaCheck } from './compile-schema.js';

/** What a rule asks of payloads; what is absent is not looked at. */
export interface PayloadSchemas {
  /** Of the list of arguments. */
  readonly args?: JsonSchema | undefined;
  /** Of the dict of keyword arguments. */
  readonly kwargs?: JsonSchema | undefined;
}

/**
 * The check of a rule's payloads.
 *
 * @throws {Error} when one of them is no schema
 */
export function buildPayloadCheck({ args, kwargs }: PayloadSchemas): PayloadCheck {
  const checkArgs = args === undefined ? null : compileSchema(args);
  const checkKwargs = kwargs === undefined ? null : compileSchema(kwargs);
  return (givenArgs, givenKwargs) =>
    faultAt('/args', checkArgs, givenArgs) ?? faultAt('/kwargs', checkKwargs, givenKwargs);
}

function faultAt(place: string, check: SchemaCheck | null, value: unknown): PayloadFault | null {
  const fault = check === null ? null : check(value);
  return fault === null ? null : { ...fault, path: `${place}${fault.path}` };
}
