import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { freshFolder, run, start, startSandboxProcess, token } from "./flowproof-process.ts";

const env = { FLOWPROOF_SANDBOX_TOKEN: token };

/** What runs on this machine with that text in its command line; by Linux's /proc. */
const running = (text: string): readonly string[] =>
  readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });

describe.skipIf(process.platform !== "linux")("a pack whose printing is interrupted", () => {
  const cwd = freshFolder();
  const temporary = join(cwd, "temporary");
  beforeAll(async () => {
    mkdirSync(temporary);
    const sandbox = await startSandboxProcess(cwd, "--changes", "300");
    try {
      expect(await run(["collect"], { cwd, env })).toMatchObject({ code: 0 });
    } finally {
      await sandbox.stop();
    }
  });

  it.each([
    ["SIGINT", 130, 0],
    ["SIGINT", 130, 1500],
    ["SIGTERM", 143, 700],
  ] as const)(
    "by %s ends with %i and leaves no half pack and no browser, %i ms after its start",
    async (signal, code, after) => {
      const report = start(["report", "--period", "2026-10"], { cwd, env: { ...env, TMPDIR: temporary } });
      // The browser names its profile in every command line from its start on.
      while (running(`user-data-dir=${temporary}`).length === 0) {
        expect(report.child.exitCode).toBeNull();
        await wait(20);
      }
      await wait(after);
      expect(report.child.exitCode).toBeNull();
      report.child.kill(signal);
      expect(await report.ended).toMatchObject({ code });
      expect(running(temporary)).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
      expect(readdirSync(cwd).includes("reports") ? readdirSync(join(cwd, "reports")) : []).toEqual([]);
    },
  );
});
