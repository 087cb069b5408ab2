import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

/** A module bundled for browsers, and what it was made of. */
export interface Bundle {
  readonly code: string;
  readonly inputs: Metafile['inputs'];
}

/** Bundles a module of this folder from source, as a bundler for browsers does. */
export async function bundlePage(file: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    conditions: ['@wampkit/source'],
    platform: 'browser',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    metafile: true,
    write: false,
  });
  return { code: outputFiles[0]?.text ?? '', inputs: metafile.inputs };
}
