import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Whole processes, real browsers and faults: slow by nature, and run after the rest, so that a plain mistake shows first.
const system = ["test/e2e/**/*.test.ts", "test/browser/**/*.test.ts", "test/faults/**/*.test.ts"];

const report = process.env.FLOWPROOF_TEST_REPORT;

export default defineConfig({
  test: {
    // The programs that an issued pack carries, from the sources as they are.
    globalSetup: "./scripts/bundle.mjs",
    // Processes, not threads: tests change directories and environments, send signals and load a native module.
    pool: "forks",
    // Stated, not derived: a machine with many cores shared by others is slower than it looks.
    maxWorkers: 2,
    // The command line is started a hundred times: from the second on, compiled already. Away with the next `npm ci`.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules", ".cache", "flowproof-tests") },
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: system,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // One module graph a worker: what a file stubs it restores, and its folders and servers are its own.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: system,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
