import type { TransportInfo } from '@wampkit/protocol';

/**
 * The address by which the failures of a client are counted: an IPv4 address, or the network of an IPv6 address, of
 * which one host has 2^64.
 *
 * @returns `null` where the transport has none: unix sockets, memory
 */
export function addressOf({ peer = '' }: TransportInfo): string | null {
  const bracketed = /^\[([^\]]+)\]:\d+$/.exec(peer)?.[1];
  if (bracketed !== undefined) return mappedAddress(bracketed) ?? `${networkOf(bracketed)}::/64`;
  return /^([\d.]+):\d+$/.exec(peer)?.[1] ?? null;
}

/* An IPv4 client of a socket for both: `::ffff:192.0.2.1`. */
function mappedAddress(address: string): string | undefined {
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1];
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('%', 1)[0]!.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...gap, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
