import { describe, expect, test } from 'vitest';
import { arrows } from './arrows.js';
import { findViolations, type Manifest, type WorkspacePackage } from './find-violations.js';
import { importCycles } from './import-cycles.js';
import { readWorkspace } from './read-workspace.js';
import { sourceImports } from './source-imports.js';

const others = [
  workspacePackage('protocol', { 'src/index.ts': '' }),
  workspacePackage('testkit', { 'src/index.ts': '' }),
];

describe('findViolations', () => {
  test('passes this workspace', () => {
    expect(findViolations(readWorkspace(process.cwd()))).toEqual([]);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'an arrow against the table',
      { 'src/index.ts': "import { A } from '@wampkit/client';" },
      'may not import',
    ],
    ['testkit in source', { 'src/index.ts': "import { A } from '@wampkit/testkit';" }, 'may not import'],
    [
      'a deep import',
      { 'src/index.ts': "import { A } from '@wampkit/protocol/src/id.js';" },
      'is not an export',
    ],
    ['an unlisted package', { 'src/index.ts': "import pino from 'pino';" }, 'does not list'],
    ['a way out of the package', { 'src/index.ts': "import '../../client/src/a.js';" }, 'reaches out'],
    [
      'node:* in a browser entry',
      { 'src/index.ts': "import './a.js';", 'src/a.ts': "import 'node:fs';" },
      'reaches it',
    ],
    [
      'a cycle of files',
      {
        'src/index.ts': '',
        'src/a.ts': "import { b } from './b.js';",
        'src/b.ts': "export * from './c.js';",
        'src/c.ts': "const a = await import('./a.js');",
      },
      'import each other: src/a.ts, src/b.ts, src/c.ts',
    ],
  ])('finds %s', (_name, sources, message) => {
    const violations = findViolations([...others, routerPackage(sources)]);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(message);
  });

  test.each<[string, Record<string, string>]>([
    ['testkit in a test', { 'src/index.ts': '', 'src/a.test.ts': "import { A } from '@wampkit/testkit';" }],
    [
      'a cycle of types',
      { 'src/index.ts': "import type { A } from './a.js';", 'src/a.ts': "import './index.js';" },
    ],
    ['an import in a comment', { 'src/index.ts': "/**\n * import { A } from '@wampkit/client';\n */" }],
    ['node:* out of a browser entry', { 'src/index.ts': '', 'src/a.node.ts': "import 'node:fs';" }],
  ])('allows %s', (_name, sources) => {
    expect(findViolations([...others, routerPackage(sources)])).toEqual([]);
  });

  test('finds a dependency against the table', () => {
    const manifest = { name: '@wampkit/router', dependencies: { '@wampkit/transport': 'workspace:*' } };
    const router = workspacePackage('router', { 'src/index.ts': '' }, manifest);
    expect(findViolations([router])).toEqual([
      'packages/router/package.json: @wampkit/router may not depend on @wampkit/transport',
    ]);
  });

  test('finds a package without a row', () => {
    expect(findViolations([workspacePackage('misc', {})])[0]).toContain('has no row');
  });
});

test('the arrows have no cycle', () => {
  const graph = new Map(
    Object.entries(arrows).map(([name, room]) => [name, room.on.filter((to) => to !== '*')]),
  );
  expect(importCycles(graph)).toEqual([]);
});

test('sourceImports reads every form of import', () => {
  const text = [
    "import a from 'a';",
    "import type { B } from 'b';",
    "import { type C, c } from 'c';",
    "export { d } from 'd';",
    "export type { E } from 'e';",
    "export * from 'f';",
    "import 'g';",
    'import {\n  h,\n} from "h";',
    "const i = import('i');",
    "// import x from 'x';",
    "export const from = 'y';",
  ].join('\n');
  expect(
    sourceImports(text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ':type' : ''}`),
  ).toEqual(['a', 'b:type', 'c', 'd', 'e:type', 'f', 'g', 'h', 'i']);
});

function workspacePackage(
  name: string,
  sources: Record<string, string>,
  manifest: Manifest = { name: `@wampkit/${name}`, exports: { '.': './src/index.ts' } },
): WorkspacePackage {
  return { folder: `packages/${name}`, manifest, sources: new Map(Object.entries(sources)) };
}

function routerPackage(sources: Record<string, string>): WorkspacePackage {
  return workspacePackage('router', sources, {
    name: '@wampkit/router',
    dependencies: { '@wampkit/protocol': 'workspace:*' },
    devDependencies: { '@wampkit/testkit': 'workspace:*' },
  });
}
