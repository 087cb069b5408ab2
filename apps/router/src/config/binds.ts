import { LONGEST_SOCKET_PATH } from '../limits.js';

/**
 * Checks where a listener is to listen: `host:port`, `[::1]:port` or `unix:/path`; port 0 takes any free port.
 *
 * @returns the bind, trimmed
 * @throws {RangeError} says what is wrong, as a phrase
 */
export function parseBind(value: string): string {
  const text = value.trim();
  if (text.startsWith('unix:')) return checkSocketPath(text);
  const parts = /^(\[[0-9a-f:.]+(?:%[\w.-]+)?\]|[^\s:/[\]]+):(\d{1,5})$/i.exec(text);
  if (parts === null) throw new RangeError(describeFault(text));
  if (Number(parts[2]) > 65_535) throw new RangeError(`port ${parts[2]} is out of range; at most 65535`);
  return text;
}

function checkSocketPath(text: string): string {
  const path = text.slice('unix:'.length);
  if (path === '') throw new RangeError('names no socket; write it as unix:/run/wamp.sock');
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) {
    throw new RangeError(`the socket's path is longer than ${LONGEST_SOCKET_PATH} bytes`);
  }
  return text;
}

function describeFault(text: string): string {
  const form = `${JSON.stringify(text)} is no bind`;
  if (/^\d{1,5}$/.test(text)) return `${form}; did you mean 127.0.0.1:${text}?`;
  if (/^:\d{1,5}$/.test(text)) return `${form}; did you mean 0.0.0.0${text}?`;
  if (text.startsWith('/')) return `${form}; did you mean unix:${text}?`;
  const scheme = /^(?:wss?|tcps?|https?):\/\/([^/]+)/.exec(text);
  if (scheme !== null) return `${form} but a URL; did you mean ${scheme[1]}?`;
  const address = /^([0-9a-f:]*:[0-9a-f:]*):(\d{1,5})$/i.exec(text);
  if (address !== null) return `${form}; did you mean [${address[1]}]:${address[2]}?`;
  return `${form}; write it as host:port, [::1]:port or unix:/path`;
}
