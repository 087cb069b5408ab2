/** Largest args and environment that a command of `register --exec` is given besides stdin, bytes each. */
export const MAX_ENVIRONMENT = 96 * 1024;
/** How much of a failed command's stderr goes into the ERROR, characters from its end. */
export const MAX_STDERR = 8 * 1024;
/** Largest result that a command may print, bytes. */
export const MAX_COMMAND_OUTPUT = 16 * 1024 * 1024;
/** Time that a command of `register --exec` has between SIGTERM and SIGKILL, milliseconds. */
export const KILL_AFTER = 2000;
/** How deep the JSON of an argument may nest. */
export const MAX_JSON_DEPTH = 500;
/** Longest wait for the GOODBYE of the router when leaving, milliseconds. */
export const MAX_LEAVE_TIME = 2000;
/** How many calls of the meta API are open at a time. */
export const MAX_META_CALLS = 32;
