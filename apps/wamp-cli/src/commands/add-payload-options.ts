import type { Command } from 'commander';

/** Values, as every verb's help tells them. */
export const valuesHelp = `
Values:
  5 true null "x" [..] {..}   JSON when valid, else a string; '"5"' is the string 5
  k=v                         keyword argument, v read in the same way
  k:=json                     keyword argument, must be JSON
  k=@file  k=@-  k:=@file     keyword argument from a file or stdin: its text, or its JSON
  0x0aff                      binary; also '{"$bytes":"<base64>"}'
  -- -x                       what follows -- is no option
  '"a=b"'                     an argument that would otherwise be a keyword argument`;

/** Adds the options with which a verb takes its payload. */
export function addPayloadOptions(command: Command): void {
  command
    .optionsGroup('Payload:')
    .option('-s, --strings', 'every value is a string')
    .option('--b64', 'every value is base64: binary')
    .option('--args-json <json>', 'arguments as a JSON list, or @file; before those typed')
    .option('--kwargs-json <json>', 'keyword arguments as a JSON object, or @file')
    .option(
      '--payload <file>',
      'file (.json .yaml .cbor) or - with {"args":[..],"kwargs":{..}} or a list; what is typed adds to it',
    );
}
