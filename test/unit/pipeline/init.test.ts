import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { fingerprint } from "../../../src/ledger/signing-key.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { openContext } from "../../../src/pipeline/context.ts";
import { discover } from "../../../src/pipeline/discover.ts";
import { writeInitialConfig, writeInitialConfigWithKeys } from "../../../src/pipeline/init.ts";
import { signerOf } from "../../../src/pipeline/signer.ts";
import { signingFindings } from "../../../src/pipeline/signing-findings.ts";
import { status } from "../../../src/pipeline/status.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { ambience, startRiverbank } from "./riverbank.ts";

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-init-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "flowproof.config.yaml");
}

describe("a configuration begun without a look at the source", () => {
  it("invents nothing: what only the reader knows is a placeholder, and nothing runs while one stands", () => {
    const file = freshFile();
    const { unfinished } = writeInitialConfig(file, { since: "2026-01-01" });
    const live = readFileSync(file, "utf8").replace(/#.*$/gm, "");
    expect(live).not.toMatch(/riverbank|payments|checkout|ada\b/i);
    expect(unfinished.map((line) => /`([^`]+)`/.exec(line)?.[1])).toEqual([
      "organisation",
      "sources[0].repositories[0]",
      "systems[0].id",
      "systems[0].team",
      "systems[0].repositories[0]",
    ]);
    const attempt = () => openContext({ ...ambience(), configFile: file });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/:\d+:\d+: `systems\[0\]\.team` is still the placeholder REPLACE-ME; put in your own/);
    // The file is there: without --print, `init` would refuse.
    expect(attempt).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("`flowproof init --print --discover OWNER`") }),
    );
  });

  it("does not leave a file behind that would not be valid", () => {
    const file = freshFile();
    expect(() => writeInitialConfig(file, { since: "2026-01-01", timezone: "Europe/Berlni" })).toThrow(
      /nothing was written, .*did you mean `Europe\/Berlin`/,
    );
    expect(existsSync(file)).toBe(false);
    const nowhere = join(file, "..", "nowhere", "c.yaml");
    expect(() => writeInitialConfig(nowhere, { since: "2026-01-01" })).toThrow(ConfigError);
  });
});

describe("a configuration begun with keys", () => {
  const values = { since: "2026-01-01", organisation: "Riverbank" };
  const begun = (file: string, more: object = {}) =>
    writeInitialConfigWithKeys(file, { ...values, ...more }, () => new Date("2026-11-03T03:00:00Z"));
  const beside = (file: string, name: string): string => join(dirname(file), name);

  it("signs with them: only their owner reads them, and the fingerprint is the key's", async () => {
    const file = freshFile();
    const { written, fingerprint: told } = await begun(file);
    expect(written.map((path) => basename(path))).toEqual([
      "flowproof.config.yaml",
      "flowproof.key",
      "flowproof.crt",
      "flowproof-pdf.key",
    ]);
    for (const name of ["flowproof.key", "flowproof-pdf.key"]) {
      expect(statSync(beside(file, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(beside(file, name), "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    }
    const { config } = openContext({ ...ambience(), configFile: file, unfinished: true });
    expect(fingerprint(signerOf(config)?.publicKey ?? new Uint8Array())).toBe(told);
    expect(signingFindings(config, ambience()).map(({ ok }) => ok)).toEqual(["ok", "ok", "warn"]);
    expect(config.signing?.certificate?.readChain()).toBe(readFileSync(beside(file, "flowproof.crt"), "utf8").trim());
  });

  it("overwrites no key, and leaves nothing of a configuration that did not come about", async () => {
    const file = freshFile();
    writeFileSync(beside(file, "flowproof-pdf.key"), "mine");
    await expect(begun(file)).rejects.toThrow(/flowproof-pdf\.key is already there/);
    await expect(begun(file)).rejects.toMatchObject({ hint: expect.stringContaining("--no-keys") });
    expect(readdirSync(dirname(file))).toEqual(["flowproof-pdf.key"]);
    expect(readFileSync(beside(file, "flowproof-pdf.key"), "utf8")).toBe("mine");
    const other = freshFile();
    await expect(begun(other, { timezone: "Europe/Berlni" })).rejects.toThrow(/nothing was written/);
    expect(readdirSync(dirname(other))).toEqual([]);
  });
});

describe("a configuration begun with discovery", () => {
  let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
  beforeAll(async () => {
    riverbank = await startRiverbank();
    return riverbank.close;
  });
  const look = (more: { readonly owner?: string; readonly env?: NodeJS.ProcessEnv } = {}) =>
    discover({
      ...ambience(),
      owner: "riverbank",
      baseUrl: riverbank.url,
      tokenVariable: "FLOWPROOF_SANDBOX_TOKEN",
      ...more,
    });

  it("names what the organisation does, loads, and collects it whole", async () => {
    const discovery = await look();
    const file = freshFile();
    const { unfinished } = writeInitialConfig(file, {
      since: "2026-06-01",
      baseUrl: riverbank.url,
      tokenVariable: "FLOWPROOF_SANDBOX_TOKEN",
      discovery,
    });
    expect(unfinished).toEqual([]);
    const context = openContext({ ...ambience(), configFile: file });
    expect([context.config.store, context.config.reports].map((path) => basename(path))).toEqual([
      "sandbox-riverbank.db",
      "sandbox-riverbank",
    ]);
    expect(context.config.systems.map(({ repositories }) => repositories[0])).toEqual(
      expect.arrayContaining(["riverbank/payments", "riverbank/ledger-api", "riverbank/storefront"]),
    );
    for (const system of context.config.systems) expect(system.environments).toEqual(["production"]);
    const gateway = context.config.systems.find(({ id }) => id === "mobile-gateway");
    expect(gateway).toMatchObject({ branch: "prod", promotion: ["main", "prod"] });
    expect(context.config.systems.filter(({ promotion }) => promotion)).toEqual([gateway]);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("# release-bot deployed and opened no change; if this is automation:");
    expect(text).toMatch(/# seen on changes of .*payments.*: \[.*\{ name: test, app: github-actions \}/);
    const automations = context.config.identities.filter((identity) => "automation" in identity);
    expect(automations.length).toBeGreaterThan(0);
    const summary = await collect(context);
    expect(summary).toMatchObject({ nothing: [], warnings: [] });
    const { streams } = await status(context);
    for (const kind of ["commits", "changes", "reviews", "deployments"]) {
      const ofKind = streams.filter((stream) => stream.kind === kind);
      expect(ofKind.length, kind).toBeGreaterThanOrEqual(context.config.systems.length);
      for (const stream of ofKind) expect(stream).toMatchObject({ status: "complete", late: false });
    }
  });

  it("says which variable lacks the token, and which organisation is not there", async () => {
    await expect(look({ env: {} })).rejects.toThrow(/environment variable FLOWPROOF_SANDBOX_TOKEN is not set/);
    await expect(look({ owner: "rivrbank" })).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining("rivrbank cannot be discovered"),
      hint: "Check the name rivrbank, and that the token may see it.",
    });
  });
});
