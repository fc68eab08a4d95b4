import { cpSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, it } from "vitest";
import { openDesk } from "./desk.ts";
import { type Ended, freshFolder, jsonLines, run, token } from "./flowproof-process.ts";

describe("an auditor asks the source again", () => {
  const { cwd, reports, flowproof, sandbox } = openDesk({ issued: "2026-10" });
  const auditor = freshFolder();
  const audit = (...args: string[]): Promise<Ended> => run(args, { cwd: auditor, env: { MINE: token } });

  beforeAll(() => {
    cpSync(join(reports, "riverbank-2026-10"), join(auditor, "pack"), { recursive: true });
  });

  it("draws the same sample again by the same seed, from the store and from a pack alone", async () => {
    const fromStore = await flowproof("reperform", "--sample", "6", "--seed", "8231", "--period", "2026-10");
    expect(fromStore.code, fromStore.stdout).toBe(0);
    expect(fromStore.stdout).toMatch(/^drawn +6 of \d+ changes, seed 8231$/m);
    expect(fromStore.stdout.match(/^riverbank\/\S+#\d+ +same \(\d+ records\)$/gm)).toHaveLength(6);
    expect(fromStore.stdout).toMatch(/^result +6 same$/m);
    const own = ["--pack", "pack", "--token-env", "MINE", "--endpoint", sandbox().url];
    const fromPack = await audit("reperform", "--sample", "6", "--seed", "8231", ...own);
    expect(fromPack.code, fromPack.stdout + fromPack.stderr).toBe(0);
    const drawn = (text: string): readonly string[] => text.split("\n").slice(0, 2);
    expect(drawn(fromPack.stdout)).toEqual(drawn(fromStore.stdout));
    expect((await audit("reperform", "--sample", "6", "--seed", "8231", ...own)).stdout).toBe(fromPack.stdout);
    expect((await flowproof("reperform", "--sample", "6", "--seed", "8231", "--period", "2026-10")).stdout).toBe(
      fromStore.stdout,
    );
    expect(fromPack.stdout + fromPack.stderr + fromStore.stdout).not.toContain(token);
  });

  it("prints a seed of its own where none is given, for machines too", async () => {
    const { stdout } = await flowproof("reperform", "--sample", "1", "--json");
    const [change, summary] = jsonLines(stdout);
    expect(change).toMatchObject({ event: "change", result: "same" });
    expect(summary).toMatchObject({
      event: "reperform",
      seed: expect.stringMatching(/^[0-9a-f]{16}$/),
      sample: 1,
      same: 1,
      differs: 0,
    });
  });

  it("sends no token where nobody agreed to send it, and none that is not there", async () => {
    const refused = await audit("reperform", "--sample", "1", "--pack", "pack", "--token-env", "MINE");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`add --endpoint ${sandbox().url}`) });
    expect(await audit("reperform", "--sample", "1", "--pack", "pack")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--token-env"),
    });
    expect(await audit("reperform", "--sample", "1", "--pack", "pack", "--token-env", "NONE")).toMatchObject({
      code: 2,
    });
    expect(await audit("reperform", "--sample", "none", "--pack", "pack")).toMatchObject({ code: 2 });
  });

  it("exits with 5 where a record was rewritten, whatever its store says, and with 6 where the source is silent", async () => {
    const file = new Database(join(cwd, "sandbox.db"));
    for (const { name } of file
      .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'body'")
      .all() as { name: string }[])
      file.exec(`DROP TRIGGER ${name}`);
    file.exec(`UPDATE body SET content = replace(content, '"state":"APPROVED"', '"state":"COMMENTED"')`);
    file.close();
    const rewritten = await flowproof("reperform", "--sample", "100", "--seed", "1");
    expect(rewritten.code).toBe(5);
    expect(rewritten.stdout).toMatch(/^riverbank\/\S+ +DIFFERS: altered after it was recorded: .*\(r\d+/m);
    await sandbox().stop();
    const silent = await flowproof("reperform", "--sample", "1", "--seed", "1");
    expect(silent.code).toBe(6);
    expect(silent.stdout).toMatch(/^riverbank\/\S+ +not read: /m);
  });
});
