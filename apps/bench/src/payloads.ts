/** Arguments and ArgumentsKw of a scenario's messages. */
export type PayloadItems = readonly [args: unknown[], kwargs?: Record<string, unknown>];

/** One short string. */
export const smallPayload: PayloadItems = [['hello']];

/** About 700 bytes of JSON with the mixture that an application sends. */
export const structuredPayload: PayloadItems = [
  [
    {
      id: 8842137,
      name: 'Sensor 17, hall B',
      online: true,
      parent: null,
      position: { x: 12.75, y: -3.5, floor: 2 },
      tags: ['temperature', 'humidity', 'outdoor', 'calibrated'],
      readings: [
        { at: 1764000000123, value: 21.4375, unit: 'C', quality: 'good' },
        { at: 1764000060123, value: 21.5, unit: 'C', quality: 'good' },
        { at: 1764000120123, value: 21.5625, unit: 'C', quality: 'estimated' },
        { at: 1764000180123, value: 21.625, unit: 'C', quality: 'good' },
      ],
      owner: { company: 'Example Instruments', contact: 'service@example.com', phone: '+49 30 1234567' },
      notes: 'Replaced the "filter" in spring; next check is due in twelve months.',
    },
  ],
  { source: 'gateway-4', sequence: 482190, urgent: false },
];

/** One plain string of 64 KiB. */
export const largePayload: PayloadItems = [['x'.repeat(64 * 1024)]];
