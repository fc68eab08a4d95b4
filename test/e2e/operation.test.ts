import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDesk } from "./desk.ts";
import { type Ended, jsonLines, token } from "./flowproof-process.ts";

describe("collecting and reporting, as cron does it", () => {
  const { cwd, ...desk } = openDesk();
  const ended: Ended[] = [];
  const flowproof = async (...args: string[]): Promise<Ended> => {
    const result = await desk.flowproof(...args);
    ended.push(result);
    return result;
  };

  it("doctor finds what is there before anything was collected", async () => {
    const { code, stdout } = await flowproof("doctor");
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^ok +store +.*not there yet/m);
    expect(stdout).toMatch(/^ok +source github +.*signed in as/m);
    expect(stdout).toMatch(/^ok +clock/m);
  });

  it("status says that nothing was collected, and is not content", async () => {
    expect(await flowproof("status")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("nothing was collected yet"),
    });
  });

  it("run makes the pack; plain dated lines say what it does; exceptions fail the job that asked for it", async () => {
    const { code, stdout, stderr } = await flowproof("run", "--period", "2026-10", "--fail-on", "exceptions");
    expect(code, stderr).toBe(3);
    expect(stdout).toMatch(/^collected +run \S+: \d+ requests, \d+ points, \d+ new records$/m);
    expect(stdout).toMatch(/CC8\.1: /);
    expect(stdout).toMatch(/A\.8\.32: /);
    for (const line of stderr.trim().split("\n")) expect(line).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ |warning: )/);
    expect(stdout + stderr).not.toContain("\u001b");
    const files = readdirSync(join(cwd, "reports", "sandbox", "riverbank-2026-10"));
    expect(files).toEqual(
      expect.arrayContaining([
        "pack.pdf",
        "pack.html",
        "assessment.json",
        "changes.csv",
        "deployments.csv",
        "manifest.json",
      ]),
    );
  });

  it("report warns of a period that lies before collecting, and refuses one that has not begun", async () => {
    const early = await flowproof("report", "--period", "2026-03", "--json");
    const warning = expect.stringContaining("the period 2026-03 lies before 2026-04-01T00:00:00Z");
    expect(early.code).toBe(0);
    expect(jsonLines(early.stdout)).toEqual([expect.objectContaining({ event: "report", warnings: [warning] })]);
    expect(jsonLines(early.stderr)).toContainEqual({ event: "warning", text: warning });
    const future = await flowproof("report", "--period", "2999-01");
    expect(future).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("has not begun") });
  });

  it("collect again finds nothing new, and says so in JSON for machines", async () => {
    const { code, stdout, stderr } = await flowproof("collect", "--json");
    expect(code).toBe(0);
    const [collected] = jsonLines(stdout);
    expect(collected).toMatchObject({ event: "collect", nothing: [], streams: { partial: 0, unobserved: 0 } });
    for (const line of jsonLines(stderr)) expect(["progress", "warning"]).toContain(line.event);
  });

  it("a pack made again says that it took a draft's place; what is invented stays out of one's own store", async () => {
    const { code, stdout } = await flowproof("report", "--period", "2026-10");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^replaced +the draft that was there, made by flowproof \S+ from the evidence of 20\S+Z$/m);
    expect(readdirSync(cwd)).toContain("sandbox.db");
    expect(readdirSync(cwd)).not.toContain("flowproof.db");
  });

  it("status is content, tells every stream, and how long the source keeps checks", async () => {
    const { code, stdout } = await flowproof("status", "--json");
    const lines = jsonLines(stdout);
    expect(code, stdout).toBe(0);
    expect(lines.at(-1)).toMatchObject({
      event: "status",
      late: false,
      lastRun: { command: "collect", outcome: "done" },
    });
    const checks = lines.find(({ kind, scope }) => kind === "checks" && scope === "riverbank/payments");
    expect(checks).toMatchObject({ status: "complete", late: false });
    const kept = Date.parse(String(checks?.keepsUntil)) - Date.parse(String(checks?.until));
    expect(kept / 86_400_000).toBe(400);
  });

  it("rebuild derives the same again", async () => {
    const [first, second] = [await flowproof("rebuild"), await flowproof("rebuild")];
    expect(first.stdout).toMatch(/^rebuilt +[1-9]\d* entities from [1-9]\d* records$/m);
    expect(second.stdout).toBe(first.stdout);
  });

  it("backup copies the store once, and restore puts it back", async () => {
    const [first, second] = [await flowproof("backup", "copy.db"), await flowproof("backup", "copy.db")];
    expect(first.stdout).toMatch(
      /^wrote +\S+copy\.db, \d+ bytes\nverified +[1-9]\d* records, checkpoint \S+, root \w{64}$/m,
    );
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining("copy.db is already there") });
    const [restored] = jsonLines((await flowproof("restore", "copy.db", "--json")).stdout);
    expect(restored).toMatchObject({ event: "restore", discarded: [], noted: true });
    expect((await flowproof("status")).stdout).toMatch(
      /^checkpoint +\S+, [1-9]\d* records, not signed, not timestamped$/m,
    );
  });

  it("nothing of all that shows the token: no output, no file", () => {
    expect(ended.length).toBeGreaterThan(6);
    for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toContain(token);
    const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(6);
    for (const file of files)
      expect(readFileSync(join(file.parentPath, file.name)).includes(token), file.name).toBe(false);
  });
});
