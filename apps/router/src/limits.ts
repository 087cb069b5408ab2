const KIB = 1024;
const MIB = 1024 * KIB;

/* Every bound of the app itself; those of realms and listeners are keys of the config. Sizes in bytes, times in milliseconds. */

/** How often log lines that peers can cause at will are summed up. */
export const REPEAT_INTERVAL = 10_000;

/** The longest duration in a config: what a timer of the platform can hold (2^31 - 1). */
export const LONGEST_DURATION = 2_147_483_647;

/** The smallest `maxMessageSize`: what RawSocket can announce at least. */
export const SMALLEST_MESSAGE_SIZE = 512;

/** The largest `maxMessageSize`: a message is one string in JSON, and strings end near here. */
export const LARGEST_MESSAGE_SIZE = 512 * MIB;

/** The longest path of a unix socket: what every platform of Node can bind. */
export const LONGEST_SOCKET_PATH = 103;

/** How deep a config may nest; the schema needs 8. */
export const CONFIG_DEPTH = 32;

/** How often a YAML text may use its aliases, their contents included: few lines could otherwise fill the memory. */
export const YAML_ALIASES = 100;

/** How much of a wrong value an error shows, in characters. */
export const SHOWN_VALUE = 40;
