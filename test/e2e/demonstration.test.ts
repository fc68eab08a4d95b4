import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshFolder, run } from "./flowproof-process.ts";

describe("the demonstration", () => {
  it("finds all that was planted and invents nothing", async () => {
    const cwd = freshFolder();
    const { code, stdout, stderr } = await run(["demo", "--out", "demo"], { cwd });
    expect(code, stdout + stderr).toBe(0);
    const [, planted, found] = /planted (\d+), found (\d+), invented 0/.exec(stdout) ?? [];
    expect(Number(planted)).toBeGreaterThan(0);
    expect(found).toBe(planted);
    expect(existsSync(join(cwd, "demo", "riverbank-2026-10", "pack.pdf"))).toBe(true);
    expect(stdout).toMatch(/^next +npx flowproof issue -c demo\/flowproof\.config\.yaml --period 2026-10 /m);
  });

  it.runIf(process.platform === "linux")("says at once where no folder can be made", async () => {
    const { code, stderr } = await run(["demo", "--out", "/proc/demo"], { cwd: freshFolder() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/\/proc\/demo cannot be made: .*\nName another folder with --out DIR\./);
  });
});
