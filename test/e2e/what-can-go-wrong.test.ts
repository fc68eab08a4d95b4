import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshFolder, jsonLines, run, start, startSandboxProcess, token } from "./flowproof-process.ts";

const env = { FLOWPROOF_SANDBOX_TOKEN: token };

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
      ["run", "--period", "2026-10-01..2026-10-07", "--fail-on", "incomplete", "exceptions"],
      { cwd, env },
    );
    await sandbox.stop();
    expect(code, stderr).toBe(4);
    expect(stdout).toMatch(/^streams +\d+ complete, 0 partial, 5 unobserved$/m);
  });

  it("a second run is told who holds the store: exit code 75; SIGTERM ends the first with 143, marked interrupted", async () => {
    const cwd = freshFolder();
    const sandbox = await startSandboxProcess(cwd, "--faults", "slow:500");
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
