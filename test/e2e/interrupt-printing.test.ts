import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Ended, freshFolder, run, start, startSandboxProcess, token } from "./flowproof-process.ts";

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

  /** Starts a command, interrupts it while the browser works, and gives what became of it. */
  const interrupted = async (args: readonly string[], signal: NodeJS.Signals, after: number): Promise<Ended> => {
    const started = start(args, { cwd, env: { ...env, TMPDIR: temporary } });
    // The browser names its profile in every command line from its start on.
    while (running(`user-data-dir=${temporary}`).length === 0) {
      expect(started.child.exitCode).toBeNull();
      await wait(20);
    }
    await wait(after);
    expect(started.child.exitCode).toBeNull();
    started.child.kill(signal);
    return started.ended;
  };
  const nothingLeft = (): void => {
    expect(running(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(cwd).includes("reports") ? readdirSync(join(cwd, "reports")) : []).toEqual([]);
  };

  it.each([
    ["SIGINT", 130, 0],
    ["SIGINT", 130, 1500],
    ["SIGTERM", 143, 700],
  ] as const)(
    "by %s ends with %i and leaves no half pack and no browser, %i ms after its start",
    async (signal, code, after) => {
      expect(await interrupted(["report", "--period", "2026-10"], signal, after)).toMatchObject({
        code,
        stderr: expect.stringMatching(/interrupted; no pack is half written\n$/),
      });
      nothingLeft();
    },
  );

  it("leaves no half work papers of a sample either", async () => {
    const sample = ["sample", "--period", "2026-10"];
    expect(await run(sample, { cwd, env })).toMatchObject({ code: 0 });
    const ended = await interrupted([...sample, "--seed", "8231", "--size", "60"], "SIGINT", 0);
    expect(ended).toMatchObject({ code: 130, stdout: "" });
    nothingLeft();
  });
});
