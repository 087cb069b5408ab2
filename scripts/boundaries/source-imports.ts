/** One import of a source file. */
export interface SourceImport {
  readonly specifier: string;
  /** Whether it is erased at build: `import type` and `export type`. */
  readonly typeOnly: boolean;
}

const statement =
  /(?:^|[;}\n])\s*(?:import|export)\s+(type\s+(?!from\b))?(?:[\w$*\s{},]+?\sfrom\s*)?['"]([^'"\n]+)['"]/g;
const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;
const comments = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** What a TypeScript or JavaScript file imports, in order; comments are left out. */
export function sourceImports(text: string): SourceImport[] {
  const code = text.replace(comments, '');
  const found: SourceImport[] = [];
  for (const match of code.matchAll(statement)) {
    found.push({ specifier: match[2] ?? '', typeOnly: match[1] !== undefined });
  }
  for (const match of code.matchAll(dynamic)) found.push({ specifier: match[1] ?? '', typeOnly: false });
  return found;
}
