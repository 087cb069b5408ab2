/** One row of docs/reference/requirements.md. */
export interface Requirement {
  readonly id: string;
  /** The heading above it, such as `Routed calls`. */
  readonly section: string;
}

/** Reads the requirements, in the order of the page. */
export function parseRequirements(page: string): Requirement[] {
  const found: Requirement[] = [];
  let section = '';
  for (const line of page.split('\n')) {
    const heading = /^### (.+)$/.exec(line);
    if (heading !== null) section = heading[1] as string;
    const row = /^\| ([A-Z]+(?:-[A-Z]+)*-\d{2}) \|/.exec(line);
    if (row !== null) found.push({ id: row[1] as string, section });
  }
  return found;
}
