import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDesk } from "./desk.ts";
import { jsonLines } from "./flowproof-process.ts";

const period = ["--period", "2026-09"];

describe("a compliance team works through a month's exceptions", () => {
  const { cwd, reports, flowproof, done } = openDesk();
  const pack = (name: string, file: string): string => readFileSync(join(reports, name, file), "utf8");
  let before = "";

  beforeAll(() => done("collect"));

  it("begins with a calibration beside the pack, which explains failures by settings", async () => {
    const { code, stdout, stderr } = await flowproof("report", ...period, "--draft");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^pack +\d+ pages, \d+ files in reports\/sandbox\/riverbank-2026-09-calibration; open pack\.pdf or pack\.html$/m,
    );
    expect(stdout).toMatch(/^next +correct the configuration .*, then: npx flowproof report --period 2026-09$/m);
    const html = pack("riverbank-2026-09-calibration", "pack.html");
    expect(html).toContain("What explains these failures");
    expect(existsSync(join(reports, "riverbank-2026-09"))).toBe(false);
    expect((await flowproof("report", ...period)).code).toBe(0);
    expect(pack("riverbank-2026-09", "pack.html")).not.toContain("calibration, not evidence");
    before = pack("riverbank-2026-09", "changes.csv");
    expect(pack("riverbank-2026-09-calibration", "changes.csv")).toBe(before);
  });

  it("drafts, fills in, collects and finds the answers in the pack; what was judged is as it was", async () => {
    const drafted = await flowproof("exceptions", ...period, "--drafts", "responses");
    expect(drafted.code, drafted.stderr).toBe(0);
    expect(drafted.stdout).toMatch(/^draft +responses\/2026-09-\S+\.yaml \(\d+ exceptions?\)$/m);
    expect(drafted.stdout).toMatch(/^next +fill in .*, then: npx flowproof exceptions --period 2026-09 --record$/m);
    expect(drafted.stderr).toContain("add `responses: [responses]`");
    appendFileSync(join(cwd, "flowproof.config.yaml"), "responses: [responses]\n");
    for (const name of readdirSync(join(cwd, "responses"))) {
      const file = join(cwd, "responses", name);
      writeFileSync(
        file,
        readFileSync(file, "utf8")
          .replaceAll("disposition:\n", "disposition: confirmed\n")
          .replaceAll("owner:\n", "owner: Iris Example\n")
          .replaceAll("cause:\n", "cause: The duty engineer was alone.\n"),
      );
    }
    const collected = await flowproof("collect");
    expect(collected.code, collected.stderr).toBe(0);
    const listed = await flowproof("exceptions", ...period, "--json");
    const [data] = jsonLines(listed.stdout) as unknown as {
      exceptions: { state: string; answer: { owner: string } | null }[];
    }[];
    expect(data?.exceptions.length).toBeGreaterThan(0);
    for (const { state, answer } of data?.exceptions ?? [])
      expect(state === "follows" || answer?.owner === "Iris Example").toBe(true);
    const drained = await flowproof("exceptions", ...period, "--drafts", "responses");
    expect(drained.stdout).toMatch(/^The letters are the tests that failed; `npx flowproof controls` says which\.$/m);
    expect(drained.stdout).toMatch(/^drafts +none: no exception awaits an answer$/m);
    expect((await flowproof("report", ...period)).code).toBe(0);
    expect(pack("riverbank-2026-09", "changes.csv")).toBe(before);
    const html = pack("riverbank-2026-09", "pack.html");
    expect(html).toContain("Management's response: confirmed");
    expect(html).toContain("The duty engineer was alone.");
  });

  it("refuses an answer that is written wrongly with its place, and exit code 2", async () => {
    writeFileSync(join(cwd, "responses", "wrong.yaml"), "answers:\n  - id: A\n    disposition: perhaps\n");
    const { code, stderr } = await flowproof("exceptions", ...period, "--record");
    expect(code).toBe(2);
    expect(stderr).toMatch(/responses\/wrong\.yaml:3:18: .*none of confirmed, compensated, disputed/);
  });
});
