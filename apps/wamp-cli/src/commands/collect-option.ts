/** Collects a repeatable option. */
export const collectOption = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];
