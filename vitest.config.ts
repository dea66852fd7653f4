import { defineConfig } from 'vitest/config';

// Three tiers: unit (beside the source, no processes), integration (real broker, ffmpeg, threads and programs: `.process.test.ts` beside the
// source, or several workspaces at once in test/integration), e2e (the whole system as processes).
const node = { environment: 'node' as const };

export default defineConfig({
  test: {
    slowTestThreshold: 1000,
    projects: [
      {
        test: {
          ...node,
          name: 'unit',
          include: ['*/src/**/*.test.ts'],
          exclude: ['**/*.process.test.ts'],
        },
      },
      { test: { ...node, name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      {
        test: {
          ...node,
          name: 'integration',
          include: ['test/integration/**/*.test.ts', '*/src/**/*.process.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...node,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
