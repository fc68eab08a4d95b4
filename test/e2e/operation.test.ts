import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Ended,
  freshFolder,
  jsonLines,
  type RunningSandbox,
  run,
  start,
  startSandboxProcess,
  token,
} from "./flowproof-process.ts";

const env = { FLOWPROOF_SANDBOX_TOKEN: token };

describe("collecting and reporting, as cron does it", () => {
  const cwd = freshFolder();
  const ended: Ended[] = [];
  let sandbox: RunningSandbox;
  const flowproof = async (...args: string[]): Promise<Ended> => {
    const result = await run(args, { cwd, env });
    ended.push(result);
    return result;
  };

  beforeAll(async () => {
    sandbox = await startSandboxProcess(cwd);
  });
  afterAll(async () => {
    const { code } = await sandbox.stop();
    expect(code).toBe(130);
  });

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
    const files = readdirSync(join(cwd, "reports", "riverbank-2026-10"));
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

  it("nothing of all that shows the token: no output, no file", () => {
    expect(ended.length).toBeGreaterThan(6);
    for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toContain(token);
    const files = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(6);
    for (const file of files)
      expect(readFileSync(join(file.parentPath, file.name)).includes(token), file.name).toBe(false);
  });
});

describe("what can go wrong", () => {
  it("a source that refuses the token gives nothing: exit code 6, the reason, and a record of the attempt", async () => {
    const cwd = freshFolder();
    const sandbox = await startSandboxProcess(cwd);
    await sandbox.stop();
    const refusing = createServer((_, response) => {
      const body = JSON.stringify({ message: `Bad credentials ${token}`, status: "401" });
      response
        .writeHead(401, { "content-type": "application/json; charset=utf-8", "content-length": body.length })
        .end(body);
    });
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/api/v3`;
    const file = join(cwd, "flowproof.config.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(sandbox.url, url));
    const [collected, doctor] = [await run(["collect"], { cwd, env }), await run(["doctor"], { cwd, env })];
    refusing.close();
    expect(collected.code, collected.stderr).toBe(6);
    expect(collected.stderr).toContain("source github gave nothing");
    expect(doctor).toMatchObject({ code: 2, stdout: expect.stringMatching(/^FAIL +source github +/m) });
    expect(JSON.stringify([collected, doctor])).not.toContain(token);
    const status = await run(["status", "--json"], { cwd, env });
    expect(status.code).toBe(1);
    expect(jsonLines(status.stdout)).toContainEqual(
      expect.objectContaining({ kind: "repositories", status: "unobserved" }),
    );
  });

  it("a clock that is days off is warned of, with what to do", async () => {
    const cwd = freshFolder();
    const sandbox = await startSandboxProcess(cwd, "--faults", "skew:48");
    const { code, stdout } = await run(["doctor"], { cwd, env });
    await sandbox.stop();
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^warn +clock +this machine's clock is 2880 minutes behind source github.*\n +Correct it/m);
  });

  it("evidence that may not be read is incomplete: exit code 4 for the job that asked for it", async () => {
    const cwd = freshFolder();
    const sandbox = await startSandboxProcess(cwd, "--faults", "forbidden:checks");
    const { code, stdout, stderr } = await run(
      ["run", "--period", "2026-10", "--fail-on", "incomplete", "exceptions"],
      { cwd, env },
    );
    await sandbox.stop();
    expect(code, stderr).toBe(4);
    expect(stdout).toMatch(/^streams +\d+ complete, 0 partial, 5 unobserved$/m);
  });

  it("a second run is told who holds the store: exit code 75; SIGTERM ends the first with 143, marked interrupted", async () => {
    const cwd = freshFolder();
    const sandbox = await startSandboxProcess(cwd, "--faults", "slow:1500");
    const first = start(["collect"], { cwd, env });
    await first.shows(/github: /);
    const second = await run(["collect"], { cwd, env });
    expect(second).toMatchObject({ code: 75, stdout: "" });
    expect(second.stderr).toContain(String(first.child.pid));
    first.child.kill("SIGTERM");
    const { code, stderr } = await first.ended;
    await sandbox.stop();
    expect(code).toBe(143);
    expect(stderr).toContain("interrupted; what was stored is whole");
    const status = jsonLines((await run(["status", "--json"], { cwd, env })).stdout).at(-1);
    expect(status).toMatchObject({ event: "status", lastRun: { command: "collect", outcome: "interrupted" } });
    expect(existsSync(join(cwd, "reports"))).toBe(false);
  });
});

describe("the demonstration", () => {
  it("finds all that was planted and invents nothing", async () => {
    const cwd = freshFolder();
    const { code, stdout, stderr } = await run(["demo", "--out", "demo"], { cwd });
    expect(code, stdout + stderr).toBe(0);
    const [, planted, found] = /planted (\d+), found (\d+), invented 0/.exec(stdout) ?? [];
    expect(Number(planted)).toBeGreaterThan(0);
    expect(found).toBe(planted);
    expect(existsSync(join(cwd, "demo", "riverbank-2026-10", "pack.pdf"))).toBe(true);
  });
});
