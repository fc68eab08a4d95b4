import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/util/hash.ts";
import { openDesk } from "./desk.ts";
import { type Ended, freshFolder, jsonLines, run } from "./flowproof-process.ts";

describe("an auditor samples", () => {
  const { cwd, reports, flowproof } = openDesk({ issued: "2026-10" });
  const auditor = freshFolder();
  const audit = (...args: string[]): Promise<Ended> => run(args, { cwd: auditor, env: {} });
  const month = ["--period", "2026-10"];
  let sampleFolder = "";

  beforeAll(() => {
    cpSync(join(reports, "riverbank-2026-10"), join(auditor, "riverbank-2026-10"), { recursive: true });
  });

  /** Every file of a folder that is the same whenever it is drawn. */
  const lasting = (folder: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder)
        .filter((name) => !/\.pdf$|^manifest\.json$/.test(name))
        .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
    );
  const again = (text: string, cwd: string): readonly string[] => {
    const [, command = ""] = /^again by .*\n +(s=.*)$/m.exec(text) ?? [];
    return execFileSync("sh", ["-c", command], { cwd, encoding: "utf8" }).trim().split("\n");
  };
  const drawn = (folder: string): readonly string[] =>
    (JSON.parse(readFileSync(join(folder, "sample.json"), "utf8")) as { items: { key: string }[] }).items.map(
      ({ key }) => key,
    );

  it("first gets the population's digest, then gives a seed, and draws the same twice, with sha256sum and sort too", async () => {
    const early = await flowproof("sample", ...month, "--seed", "8231", "--size", "5");
    expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining("a seed counts only after that") });
    const fixed = await flowproof("sample", ...month);
    expect(fixed.code, fixed.stderr).toBe(0);
    expect(fixed.stdout).toMatch(/^population +\d+ changes\ndigest +[0-9a-f]{64} .*\n(by \w+ .*\n){3}recorded +r\d+, /);
    expect(fixed.stdout).toContain("Now the auditor gives a seed");
    expect(fixed.stdout).toMatch(/^ {2}npx flowproof sample --period 2026-10 --seed SEED --preset daily$/m);
    const sized = await flowproof("sample", ...month, "--preset", "many-a-day", "--by", "team");
    expect(sized.stdout).toMatch(/--period 2026-10 --seed SEED --preset many-a-day --by team$/m);
    const args = ["sample", ...month, "--seed", "8231", "--size", "5"];
    const first = await flowproof(...args);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toMatch(/^sample +5 of \d+ changes of 2026-10, from riverbank-2026-10 \(issued\), as of /);
    sampleFolder = basename(/^again by +cd (\S+)$/m.exec(first.stdout)?.[1] ?? "");
    expect(sampleFolder).toMatch(/^riverbank-2026-10-sample-8231-5-[0-9a-f]{8}$/);
    const folder = join(reports, sampleFolder);
    const files = lasting(folder);
    expect(again(first.stdout, folder)).toEqual(drawn(folder));
    expect((await flowproof(...args)).stdout).toBe(first.stdout);
    expect(lasting(folder)).toEqual(files);
    expect(fixed.stdout).toContain(`digest      ${sha256Hex(files["population.txt"] ?? "")}`);
  });

  it("draws by strata, which the printed command draws too", async () => {
    const { stdout, stderr, code } = await flowproof(
      "sample",
      ...month,
      "--seed",
      "it's 1",
      "--preset",
      "weekly",
      "--by",
      "system",
    );
    expect(code, stderr).toBe(0);
    const folder = join(cwd, /^again by +cd (\S+)$/m.exec(stdout)?.[1] ?? "");
    expect(again(stdout, folder).toSorted()).toEqual(drawn(folder).toSorted());
    expect(stdout.match(/^ +system \S+: [1-9]\d* of \d+$/gm)?.length).toBeGreaterThan(1);
  });

  it("draws from an issued pack alone, without store and configuration, with its proofs' places and its records' times", async () => {
    const args = ["sample", "--pack", "riverbank-2026-10", "--seed", "8231", "--size", "5"];
    const { code, stdout, stderr } = await audit(...args);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^sample +5 of \d+ changes of 2026-10, from riverbank-2026-10 \(issued\)/);
    const folder = join(auditor, sampleFolder);
    expect(drawn(folder)).toEqual(drawn(join(reports, sampleFolder)));
    const { items, pack } = JSON.parse(readFileSync(join(folder, "sample.json"), "utf8"));
    expect(pack).toMatchObject({ state: "issued", manifest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    for (const { records, timeline } of items) {
      expect(records.filter(({ position }: { position: number | null }) => position === null)).toEqual([]);
      expect(timeline.map(({ kind }: { kind: string }) => kind)).toEqual(expect.arrayContaining(["opened", "merged"]));
    }
    expect(readFileSync(join(folder, "work-papers.html"), "utf8")).toContain("From an issued pack");
  });

  it("takes the auditor's own list and names what is not in it", async () => {
    const folder = join(auditor, sampleFolder);
    const [first = "", second = ""] = drawn(folder);
    writeFileSync(join(auditor, "list.csv"), `change,why\n${first},large\n${second},new\n99999,typo\n`);
    const { code, stdout, stderr } = await audit(
      "sample",
      "--pack",
      "riverbank-2026-10",
      "--items",
      "list.csv",
      "--json",
    );
    expect(code, stderr).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([
      { event: "sample", keys: [first, second], selection: { by: "items", given: 3 } },
    ]);
    expect(stderr).toContain("99999: no change of 2026-10 is called so");
  });

  it("draws nothing from a pack that was altered", async () => {
    const altered = join(freshFolder(), "riverbank-2026-10");
    cpSync(join(auditor, "riverbank-2026-10"), altered, { recursive: true });
    const file = join(altered, "assessment.json");
    execFileSync("chmod", ["u+w", file]);
    writeFileSync(file, readFileSync(file, "utf8").replace('"outcome": "fail"', '"outcome": "pass"'));
    const refused = await audit("sample", "--pack", altered, "--seed", "8231", "--size", "5");
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining("is not what was written") });
  });

  it.each([
    [["--size", "5", "--preset", "daily", "--seed", "1"], "one thing says how many"],
    [["--items", "list.csv", "--seed", "1"], "draws nothing"],
    [["--confidence", "95", "--seed", "1"], "go together"],
    [["--internal", "--population", "commits"], "is about changes"],
    [["--record", "missing.yaml"], "there is no"],
  ])("is told what does not go together: %j", async (args, text) => {
    const refused = await flowproof("sample", ...month, ...args);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(text) });
  });
});
