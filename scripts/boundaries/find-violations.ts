import { posix } from 'node:path';
import { arrows, mayImport } from './arrows.js';
import { importCycles } from './import-cycles.js';
import { type SourceImport, sourceImports } from './source-imports.js';

/** A workspace package as the check sees it. */
export interface WorkspacePackage {
  /** Its folder from the root, such as `packages/router`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Text of its source files, by path from its folder, such as `src/index.ts`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** The fields of package.json that matter here. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const scope = '@wampkit/';

/** Everything in which the workspace departs from the arrows, one line for each. */
export function findViolations(packages: readonly WorkspacePackage[]): string[] {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  return packages.flatMap((one) => {
    if (!(roomOf(one.manifest.name) in arrows)) {
      return [`${one.folder}: ${one.manifest.name} has no row in scripts/boundaries/arrows.ts`];
    }
    return [
      ...manifestViolations(one),
      ...importViolations(one, byName),
      ...browserViolations(one),
      ...cycleViolations(one),
    ];
  });
}

function manifestViolations({ folder, manifest }: WorkspacePackage): string[] {
  const from = roomOf(manifest.name);
  const found: string[] = [];
  const check = (names: Readonly<Record<string, string>> | undefined, inTest: boolean): void => {
    for (const name of Object.keys(names ?? {})) {
      if (name.startsWith(scope) && !mayImport(from, roomOf(name), inTest)) {
        found.push(`${folder}/package.json: ${manifest.name} may not depend on ${name}`);
      }
    }
  };
  check(manifest.dependencies, false);
  check(manifest.peerDependencies, false);
  check(manifest.optionalDependencies, false);
  check(manifest.devDependencies, true);
  return found;
}

function importViolations(one: WorkspacePackage, byName: ReadonlyMap<string, WorkspacePackage>): string[] {
  const found: string[] = [];
  for (const [file, text] of one.sources) {
    for (const { specifier } of sourceImports(text)) {
      const fault = importFault(one, byName, { file, specifier });
      if (fault !== null) found.push(`${one.folder}/${file}: ${fault}`);
    }
  }
  return found;
}

function importFault(
  { manifest }: WorkspacePackage,
  byName: ReadonlyMap<string, WorkspacePackage>,
  { file, specifier }: { file: string; specifier: string },
): string | null {
  if (specifier.startsWith('node:') || specifier.startsWith('#')) return null;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    return target.startsWith('..') ? `reaches out of its package with '${specifier}'` : null;
  }
  const name = packageName(specifier);
  if (name === manifest.name) return null;
  const inTest = isTest(file);
  if (name.startsWith(scope)) {
    if (!mayImport(roomOf(manifest.name), roomOf(name), inTest)) {
      return inTest
        ? `a test of ${manifest.name} may not import ${name}`
        : `${manifest.name} may not import ${name}`;
    }
    const subpath = `.${specifier.slice(name.length)}`;
    if (!(subpath in (byName.get(name)?.manifest.exports ?? {})))
      return `${specifier} is not an export of ${name}`;
  }
  return isDeclared(manifest, name, inTest) ? null : `imports ${name}, which its package.json does not list`;
}

function isDeclared(manifest: Manifest, name: string, inTest: boolean): boolean {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest;
  const listed = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  return name in listed || (name in (devDependencies ?? {}) && (inTest || isPrivateRoom(manifest.name)));
}

/** Rooms that nobody installs list what they use as devDependencies. */
function isPrivateRoom(name: string): boolean {
  return arrows[roomOf(name)]?.on.includes('*') ?? false;
}

function browserViolations(one: WorkspacePackage): string[] {
  const found: string[] = [];
  for (const entry of arrows[roomOf(one.manifest.name)]?.browserEntries ?? []) {
    if (!one.sources.has(entry)) {
      found.push(`${one.folder}: the browser entry ${entry} of scripts/boundaries/arrows.ts does not exist`);
      continue;
    }
    for (const file of reachable(one, entry)) {
      for (const { specifier } of runtimeImports(one, file)) {
        if (specifier.startsWith('node:') || specifier === 'ws') {
          found.push(
            `${one.folder}/${file}: imports ${specifier}, but the browser entry ${entry} reaches it`,
          );
        }
      }
    }
  }
  return [...new Set(found)];
}

function reachable(one: WorkspacePackage, entry: string): Set<string> {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const target of localTargets(one, file)) seen.add(target);
  }
  return seen;
}

function cycleViolations(one: WorkspacePackage): string[] {
  const graph = new Map([...one.sources.keys()].map((file) => [file, localTargets(one, file)]));
  return importCycles(graph).map((cycle) => `${one.folder}: files import each other: ${cycle.join(', ')}`);
}

/** The files of the package that a file imports at run time. */
function localTargets(one: WorkspacePackage, file: string): string[] {
  return runtimeImports(one, file)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts'))
    .filter((target) => one.sources.has(target));
}

function runtimeImports(one: WorkspacePackage, file: string): SourceImport[] {
  return sourceImports(one.sources.get(file) ?? '').filter(({ typeOnly }) => !typeOnly);
}

function roomOf(name: string): string {
  return name.startsWith(scope) ? name.slice(scope.length) : name;
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isTest(file: string): boolean {
  return /\.test\.ts$/.test(file);
}
