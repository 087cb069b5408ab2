/** Random octets of the platform's secure source, in hex. */
export function randomHex(octets: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(octets));
  return [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
