import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/util/hash.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";
import { writeDraft } from "../fixtures/draft-folder.ts";
import { type Ended, freshFolder, jsonLines, run } from "./flowproof-process.ts";

describe("flowproof export", () => {
  const cwd = freshFolder();
  const flowproof = (...args: string[]): Promise<Ended> => run(args, { cwd, env: {} });
  const out = join(cwd, "to-grc");
  const filesIn = (folder: string): ReadonlyMap<string, string> =>
    new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(folder.length + 1), sha256Hex(readFileSync(path))]),
    );
  beforeAll(() => writeDraft(join(cwd, "pack"), assessmentFixture()));

  it("writes a pack's results without a configuration, and the same again over an earlier export", async () => {
    const first = await flowproof("export", "--pack", "pack", "--out", "to-grc", "--json");
    expect(first.code, first.stderr).toBe(0);
    const files = filesIn(out);
    const [said] = jsonLines(first.stdout).filter(({ event }) => event === "export");
    expect(said).toMatchObject({ pack: "pack", state: "draft", layout: "criteria", files: files.size });
    expect(files.get("index.csv")).toBe(said?.index);
    expect(files.get("pack.pdf")).toBe(sha256Hex(readFileSync(join(cwd, "pack", "pack.pdf"))));
    expect(first.stderr).toContain("is a draft: nobody has issued or signed it");
    rmSync(join(out, "README.txt"));
    expect((await flowproof("export", "--pack", "pack", "--out", "to-grc")).code).toBe(0);
    expect(filesIn(out)).toEqual(files);
    expect((await flowproof("export", "--pack", "pack", "--out", "to-grc", "--layout", "flat")).code).toBe(0);
    expect(readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual([]);
    expect(readdirSync(cwd).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("touches no folder that holds anything else", async () => {
    writeFileSync(join(out, "notes.txt"), "mine");
    const added = await flowproof("export", "--pack", "pack", "--out", "to-grc");
    expect(added.code).toBe(2);
    expect(added.stderr).toMatch(/holds more than an export: notes\.txt\n/);
    expect(readFileSync(join(out, "notes.txt"), "utf8")).toBe("mine");
    mkdirSync(join(cwd, "other"));
    writeFileSync(join(cwd, "other", "index.csv"), "path,mine\n");
    const other = await flowproof("export", "--pack", "pack", "--out", "other");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("holds something that is not an export");
    expect((await flowproof("export", "--pack", "pack", "--out", "pack")).code).toBe(2);
  });

  it.runIf(process.platform === "linux")("says at once where no folder can be made", async () => {
    const { code, stderr } = await flowproof("export", "--pack", "pack", "--out", "/proc/x/y");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: the folder \/proc\/x cannot be made or written to: .*\nName another folder, or /m);
  });

  it("takes nothing from an altered pack, and says what it needs", async () => {
    cpSync(join(cwd, "pack"), join(cwd, "altered"), { recursive: true });
    appendFileSync(join(cwd, "altered", "changes.csv"), "one,more\n");
    const altered = await flowproof("export", "--pack", "altered", "--out", "x");
    expect(altered.code).toBe(5);
    expect(altered.stderr).toContain("changes.csv");
    expect((await flowproof("export", "--pack", "pack")).stderr).toContain("--out");
    const both = await flowproof("export", "--pack", "pack", "--period", "2026-10", "--out", "x");
    expect(both.code).toBe(2);
    expect(both.stderr).toContain("--pack names one pack and --period another");
    expect(readdirSync(cwd)).not.toContain("x");
  });
});
