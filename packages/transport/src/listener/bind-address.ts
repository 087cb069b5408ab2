import { ConfigError } from '@wampkit/protocol';

/** Where a listener listens. */
export type BindAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/**
 * Reads `host:port`, `[::1]:port` or `unix:/path`.
 *
 * @throws {ConfigError} when it is none of these
 */
export function parseBindAddress(bind: string): BindAddress {
  if (bind.startsWith('unix:')) {
    const path = bind.slice('unix:'.length);
    if (path !== '') return { path };
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(bind) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65535)
    throw new ConfigError(`cannot listen on "${bind}": it must be host:port, [IPv6]:port or unix:/path`);
  return { host, port };
}

/** Writes `host:port` with brackets around an IPv6 address; one that stands for an IPv4 address is written as that. */
export function formatHostPort(host: string, port: number): string {
  const plain = host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
