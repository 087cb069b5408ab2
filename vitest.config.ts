import { defineConfig } from 'vitest/config';

const conditions = ['@wampkit/source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'packages/integration-tests/*/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    reporters: ['default', './scripts/counting-reporter.ts'],
    // a worker a core: much of the time is waiting for processes that tests start
    maxWorkers: '100%',
    testTimeout: 15_000,
    hookTimeout: 60_000,
  },
});
