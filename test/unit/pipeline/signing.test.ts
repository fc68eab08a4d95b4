import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runnable } from "../../../src/cli/next-command.ts";
import { fingerprint, newSigningKey, signingKey } from "../../../src/ledger/signing-key.ts";
import { selfSignedCertificate } from "../../../src/pack/pdf/certificate.ts";
import { backup } from "../../../src/pipeline/backup.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { secretsOf } from "../../../src/pipeline/context.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { rebuild } from "../../../src/pipeline/rebuild.ts";
import { restore } from "../../../src/pipeline/restore.ts";
import { signerOf } from "../../../src/pipeline/signer.ts";
import { signingFindings } from "../../../src/pipeline/signing-findings.ts";
import { status } from "../../../src/pipeline/status.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { startRiverbank } from "./riverbank.ts";

const pem = newSigningKey();
const signing = (text: string) => (config: string) => `${config}\nsigning:\n${text}`;
const withKey = signing("  key: { env: LEDGER_KEY }\n");

describe("signing", () => {
  let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    riverbank = await startRiverbank();
    env = { FLOWPROOF_SANDBOX_TOKEN: "any-token-will-do", LEDGER_KEY: pem };
    return riverbank.close;
  });
  const context = (edit: (text: string) => string, more: Partial<PipelineContext> = {}) =>
    riverbank.context(edit, { env, ...more });
  const checkpointOf = async (ctx: PipelineContext) => (await status(ctx)).checkpoint;

  it("is refused where the key is missing, before anything is fetched or stored", async () => {
    const { LEDGER_KEY: _, ...without } = env;
    const attempt = collect(context(withKey, { env: without }));
    await expect(attempt).rejects.toBeInstanceOf(ConfigError);
    await expect(attempt).rejects.toThrow(/the signing key is not there: .* LEDGER_KEY is not set/);
    expect(existsSync(context(withKey).config.store)).toBe(false);
  });

  it("is said by status of the last checkpoint, and so is that it is not signed", async () => {
    const unsigned = context((text) => text);
    await collect(unsigned);
    expect(await checkpointOf(unsigned)).toMatchObject({ signed: null, timestamped: false });
    const ctx = context(withKey);
    const { checkpoint } = await collect(ctx);
    expect(await checkpointOf(ctx)).toEqual({
      size: checkpoint.size,
      root: checkpoint.root,
      at: checkpoint.at,
      signed: ctx.config.signing?.origin,
      timestamped: false,
    });
    const signer = signerOf(ctx.config);
    expect(await withStore(ctx, { write: false }, (store) => store.verify(signer))).toEqual([]);
    await withStore(ctx, { write: true }, async (store) => {
      const last = await store.checkpoint();
      if (last) await store.addTimestamp(last, { token: Uint8Array.of(1), authority: "https://timestamps.example" });
    });
    expect(await checkpointOf(ctx)).toMatchObject({ timestamped: true });
  });

  it("needs no key where nothing is signed: to judge, rebuild, back up and restore", async () => {
    const ctx = context(withKey, { env: { FLOWPROOF_SANDBOX_TOKEN: "any" } });
    const before = await checkpointOf(ctx);
    expect((await rebuild(ctx)).records).toBeGreaterThan(100);
    const file = join(riverbank.folder, "copy.db");
    expect((await backup(ctx, file)).checkpoint).toMatchObject({ root: before?.root });
    expect(await restore(ctx, file, { discardLater: false })).toMatchObject({ noted: true, discarded: [] });
    expect(await checkpointOf(ctx)).toEqual(before);
  });

  it("leaves no line of a key in what may be printed", () => {
    const secrets = secretsOf(context(withKey).config);
    expect(secrets).toContain(pem.split("\n")[1]);
    expect(secrets).not.toContainEqual(expect.stringContaining("PRIVATE KEY"));
  });

  describe("as doctor sees it", () => {
    const now = new Date("2026-11-03T03:00:00Z");
    const findings = (ctx: PipelineContext) => signingFindings(ctx.config, { clock: () => now });
    const whole = "  key: { file: l.key }\n  certificate: { file: c.crt, key: { file: c.key } }\n";
    const write = (name: string, text: string, mode = 0o600): void =>
      writeFileSync(join(riverbank.folder, name), text, { mode });
    const certificate = (from: string, years: number) =>
      selfSignedCertificate({ organisation: "Riverbank", from, years });
    beforeAll(() => write("l.key", pem));

    it("is not configured, and what follows from that", () => {
      expect(findings(context((text) => text))).toEqual([
        expect.objectContaining({
          subject: "signing",
          ok: "warn",
          message: expect.stringMatching(/packs stay drafts/),
        }),
      ]);
    });

    it("is made in a folder of its own, whichever configuration is in use", () => {
      const said = [...findings(context((text) => text)), ...findings(context(signing("  key: { file: l.key }\n")))];
      const todos = said.flatMap(({ todo = "" }) => (todo.includes(" init") ? [todo] : []));
      expect(todos).toHaveLength(2);
      for (const todo of todos) {
        expect(todo).toContain("`mkdir keys && npx flowproof init -c keys/flowproof.config.yaml`");
        expect(runnable(todo, "tried/sandbox.yaml")).toBe(todo);
      }
    });

    it("names the key's fingerprint, the certificate's end and that nobody vouches for it, and the missing authority", async () => {
      const made = await certificate("2026-01-01T00:00:00Z", 10);
      write("c.crt", made.certificate, 0o644);
      write("c.key", made.key);
      const [key, pdf, timestamp] = findings(context(signing(whole)));
      expect(key).toMatchObject({
        subject: "signing",
        ok: "ok",
        message: expect.stringContaining(fingerprint(signingKey(pem, "a").publicKey)),
      });
      expect(pdf).toMatchObject({
        ok: "ok",
        message: expect.stringMatching(/Riverbank.*self-signed.*until 2036-01-01/),
      });
      expect(timestamp).toMatchObject({ ok: "warn", message: expect.stringMatching(/no authority is configured/) });
      expect(JSON.stringify([key, pdf])).not.toContain(
        readFileSync(join(riverbank.folder, "l.key"), "utf8").slice(30, 60),
      );
    });

    it("warns before the certificate ends, and fails after it, and for another's key", async () => {
      const ending = await certificate("2025-11-20T00:00:00Z", 1);
      write("c.crt", ending.certificate, 0o644);
      expect(findings(context(signing(whole)))[1]).toMatchObject({
        ok: "fail",
        message: expect.stringMatching(/is not that of the certificate/),
      });
      write("c.key", ending.key);
      expect(findings(context(signing(whole)))[1]).toMatchObject({ ok: "warn", todo: "Renew it in time." });
      const ended = await certificate("2024-01-01T00:00:00Z", 1);
      write("c.crt", ended.certificate, 0o644);
      write("c.key", ended.key);
      expect(findings(context(signing(whole)))[1]).toMatchObject({
        ok: "fail",
        message: expect.stringMatching(/expired at/),
      });
    });

    it("fails for what cannot be read, with what to do", () => {
      const missing = signing(
        "  key: { file: none.key }\n  timestamp: { url: https://t.example/tsr, trust: none.pem }\n",
      );
      const [key, pdf, timestamp] = findings(context(missing));
      expect(key).toMatchObject({
        ok: "fail",
        message: expect.stringMatching(/cannot be read/),
        todo: expect.any(String),
      });
      expect(pdf).toMatchObject({ ok: "warn" });
      expect(timestamp).toMatchObject({ ok: "fail", todo: expect.stringContaining("root certificates") });
      write("not.key", "not a key");
      expect(findings(context(signing("  key: { file: not.key }\n")))[0]).toMatchObject({
        ok: "fail",
        message: "the signing key is not an unencrypted Ed25519 private key in PEM",
      });
    });
  });
});
