import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load-config.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { type OpenSandbox, openSandbox } from "../../../src/pipeline/sandbox.ts";
import { status } from "../../../src/pipeline/status.ts";
import type { PipelineContext, StatusSummary } from "../../../src/pipeline/types.ts";

const folder = mkdtempSync(join(tmpdir(), "flowproof-status-"));
const file = join(folder, "flowproof.config.yaml");
const collectedAt = "2026-11-03T03:00:00Z";

function contextAt(time: string): PipelineContext {
  return {
    config: loadConfig(file, { FLOWPROOF_SANDBOX_TOKEN: "any-token" }),
    clock: () => new Date(time),
    signal: new AbortController().signal,
    progress: () => undefined,
    wait: async () => undefined,
    env: {},
  };
}

const find = ({ streams }: StatusSummary, kind: string, scope: string) =>
  streams.find((stream) => stream.kind === kind && stream.scope === scope);

describe("status", () => {
  let sandbox: OpenSandbox;
  let forgetful: OpenSandbox;

  beforeAll(async () => {
    const clock = () => new Date(collectedAt);
    sandbox = await openSandbox({ changes: 50, clock });
    forgetful = await openSandbox({ changes: 50, clock, faults: "forbidden:checks" });
    sandbox.writeConfig(file);
  });
  afterAll(async () => {
    await Promise.all([sandbox.close(), forgetful.close()]);
    rmSync(folder, { recursive: true });
  });

  it("is late while nothing was collected", async () => {
    expect(await status(contextAt(collectedAt))).toEqual({ streams: [], lastRun: null, checkpoint: null, late: true });
  });

  it("is content after a whole run, and tells what a source forgets", async () => {
    const { streams } = await collect(contextAt(collectedAt));
    const summary = await status(contextAt("2026-11-04T04:00:00Z"));
    expect(streams.complete + streams.partial + streams.unobserved).toBe(summary.streams.length);
    expect(summary).toMatchObject({ late: false, lastRun: { command: "collect", outcome: "done" } });
    expect(find(summary, "repositories", "riverbank")).toMatchObject({ status: "complete", late: false });
    expect(find(summary, "checks", "riverbank/payments")).toMatchObject({
      status: "complete",
      keepsUntil: "2027-12-08T03:00:00Z",
    });
    expect(find(summary, "changes", "riverbank/payments")).not.toHaveProperty("keepsUntil");
    expect(summary.streams.filter(({ stream }) => /\/commits\/prod$/.test(stream))).toHaveLength(1);
  });

  it("is late when the last look lies further back than configured", async () => {
    const summary = await status(contextAt("2026-11-04T05:00:01Z"));
    expect(summary.late).toBe(true);
    expect(summary.streams.every(({ late, status: state }) => late && state === "complete")).toBe(true);
  });

  it("does not wait for a repository that no system names any more", async () => {
    const text = readFileSync(file, "utf8");
    const without = text.replace(/ {2}- id: payments\n(?: {4}.*\n)+/, "");
    expect(without).not.toBe(text);
    writeFileSync(file, without);
    const summary = await status(contextAt(collectedAt));
    writeFileSync(file, text);
    expect(summary.streams.map(({ scope }) => scope)).not.toContain("riverbank/payments");
    expect(summary.streams.length).toBeGreaterThan(20);
  });

  it("does not wait for the list of an owner that the configuration names no more", async () => {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replaceAll("riverbank/", "elsewhere/"));
    const summary = await status(contextAt(collectedAt));
    writeFileSync(file, text);
    expect(summary.streams.filter(({ kind }) => kind === "repositories")).toEqual([]);
  });

  it("is late where a right is missing, with the reason", async () => {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(sandbox.url, forgetful.url));
    await collect(contextAt("2026-11-03T06:00:00Z"));
    writeFileSync(file, text);
    const summary = await status(contextAt("2026-11-03T07:00:00Z"));
    const checks = find(summary, "checks", "riverbank/payments");
    expect(summary.late).toBe(true);
    expect(checks?.late).toBe(true);
    expect(checks?.status).not.toBe("complete");
    expect(checks?.reason).toBeTruthy();
    expect(find(summary, "changes", "riverbank/payments")).toMatchObject({ status: "complete", late: false });
  });
});
