import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, WorkspacePackage } from './find-violations.js';

/** Every package of the workspace: the folders of `packages`, `apps` and `examples` that have a package.json. */
export function readWorkspace(root: string): WorkspacePackage[] {
  return ['packages', 'apps', 'examples']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => readPackage(root, folder));
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
  return { folder, manifest, sources: readSources(join(root, folder)) };
}

function readSources(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const sources = new Map<string, string>();
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    if (!file.isFile() || !/\.m?[jt]s$/.test(name) || /(^|\/)(node_modules|dist)\//.test(name)) continue;
    sources.set(name, readFileSync(path, 'utf8'));
  }
  return sources;
}
