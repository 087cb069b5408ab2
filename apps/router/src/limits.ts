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

/** The shortest key that cookies or tokens are signed by, in characters: the octets of their hash. */
export const SHORTEST_SIGNING_KEY = 32;

/** The largest file that holds one secret, in bytes. */
export const LARGEST_SECRET_FILE = 64 * KIB;

/** How often a file that is watched, of users or of TLS, is looked at, where nobody tells of its changes. */
export const FILE_POLL = 5_000;

/** How long it has to stay as it is until it is read again: an editor writes in several steps, and a tool several files. */
export const FILE_SETTLE = 100;
