import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
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
    // Some exceptions are answered, from a file as a team would write it, and most are not.
    const listed = readFileSync(join(cwd, "demo", "riverbank-2026-10", "exceptions.csv"), "utf8");
    const rows: Record<string, string>[] = parse(listed, { columns: true });
    const stands = Map.groupBy(rows, ({ stand = "" }) => stand);
    for (const stand of ["confirmed", "compensated", "disputed"]) expect(stands.has(stand), stand).toBe(true);
    expect(stands.get("compensated")?.length).toBeGreaterThan(1);
    expect(stands.get("open")?.length).toBeGreaterThan(5);
    expect(existsSync(join(cwd, "demo", "responses", "2026-10.yaml"))).toBe(true);
    expect(stdout).toMatch(/^next +npx flowproof issue -c demo\/flowproof\.config\.yaml --period 2026-10 /m);
  });

  it.runIf(process.platform === "linux")("says at once where no folder can be made", async () => {
    const { code, stderr } = await run(["demo", "--out", "/proc/demo"], { cwd: freshFolder() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/\/proc\/demo cannot be made or written to: .*\nName another folder, or /);
  });
});
