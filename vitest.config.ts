import { defineConfig } from 'vitest/config';

// Three tiers: unit (beside the source, no network, no processes), integration (real broker, database, ffmpeg), e2e (real processes).
const node = { environment: 'node' as const };

export default defineConfig({
  test: {
    slowTestThreshold: 1000,
    projects: [
      {
        test: {
          ...node,
          name: 'unit',
          include: ['*/src/**/*.test.ts', 'controller/web/src/**/*.test.{ts,tsx}'],
        },
      },
      { test: { ...node, name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      {
        test: {
          ...node,
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
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
