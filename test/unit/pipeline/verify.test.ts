import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprint, newSigningKey, publicKeyPem, signingKey } from "../../../src/ledger/signing-key.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { report } from "../../../src/pipeline/report.ts";
import { requestTimestamp } from "../../../src/pipeline/timestamp.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { type VerifiedPart, type VerifyRequest, verify } from "../../../src/pipeline/verify.ts";
import type { EvidenceRow } from "../../../src/store/index.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { sha256 } from "../../../src/util/hash.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { type MemoryLedger, sealedPack, writeFiles } from "../../fixtures/sealed-pack.ts";
import { hasOpenssl, timestampAuthority } from "../../fixtures/timestamp-authority.ts";
import { dropTriggers, withShell } from "../store/evidence-fixture.ts";
import { startRiverbank } from "./riverbank.ts";

const pem = newSigningKey();
const key = signingKey(pem, "flowproof/riverbank");

let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
let whole: PipelineContext;

beforeAll(async () => {
  riverbank = await startRiverbank();
  writeFileSync(join(riverbank.folder, "ledger.key"), pem, { mode: 0o600 });
  whole = context();
  await collect(whole);
});
afterAll(() => riverbank.close());

function context(edit: (text: string) => string = (text) => text): PipelineContext {
  return riverbank.context((text) => edit(`${text}\nsigning:\n  key: { file: ledger.key }\n`));
}

const path = (...names: string[]): string => join(riverbank.folder, ...names);

/** A copy of the collected store, altered as `work` says by whoever owns the file. */
function altered(name: string, work: (file: Database.Database) => void): PipelineContext {
  const store = path(`${name}.db`);
  withShell(whole.config.store, (file) => file.exec(`VACUUM INTO '${store}'`));
  cpSync(`${whole.config.store}.checkpoint.json`, `${store}.checkpoint.json`);
  withShell(store, work);
  return { ...whole, config: { ...whole.config, store } };
}

const on = (ctx: PipelineContext, request: VerifyRequest = {}): Promise<readonly VerifiedPart[]> =>
  verify(request, async (store) => (store === undefined ? ctx : { ...ctx, config: { ...ctx.config, store } }));

const lines = (parts: readonly VerifiedPart[], outcome = "broken"): string[] =>
  parts.flatMap(({ checks }) =>
    checks.filter((check) => check.outcome === outcome).map(({ subject, text }) => `${subject}: ${text}`),
  );

/** All that the store holds, as the fixtures' packs take a ledger. */
async function ledgerOf(ctx: PipelineContext, until = Number.POSITIVE_INFINITY): Promise<MemoryLedger> {
  return withStore(ctx, { write: false }, async (store) => {
    const { size = 0 } = (await store.checkpoint()) ?? {};
    const ids = Array.from({ length: Math.min(size, until) }, (_, index) => index + 1);
    const rows: EvidenceRow[] = [];
    for await (const row of store.evidence(ids)) rows.push(row);
    return rows as MemoryLedger;
  });
}

describe("the store", () => {
  it("holds as it was collected, and says what could not be checked", async () => {
    const parts = await on(whole);
    expect(lines(parts)).toEqual([]);
    expect(lines(parts, "holds")).toEqual([
      expect.stringMatching(/^records: [\d,]+ records: every body, digest, leaf, place and projection$/),
      expect.stringMatching(/^checkpoint: 1 checkpoint, the last of .* over root [0-9a-f]{64}$/),
      expect.stringContaining(`signed by flowproof/riverbank, key ${fingerprint(key.publicKey)}`),
      expect.stringMatching(/^noted checkpoint: /),
    ]);
    expect(lines(parts, "unchecked")).toEqual([
      expect.stringContaining("compare it with what was told elsewhere"),
      expect.stringMatching(/^timestamp: no checkpoint has one/),
      expect.stringMatching(/^coverage: what runs said of their coverage/),
    ]);
  });

  it("is found by its own file too, and by the key as a file or a fingerprint", async () => {
    const pemFile = path("public.pem");
    writeFileSync(pemFile, publicKeyPem(key.publicKey));
    expect(lines(await on(whole, { path: whole.config.store, key: pemFile }))).toEqual([]);
    expect(lines(await on(whole, { key: fingerprint(key.publicKey) }), "holds")).toContainEqual(
      `key: is the one you gave: ${fingerprint(key.publicKey)}`,
    );
    const other = signingKey(newSigningKey(), "flowproof/riverbank");
    expect(lines(await on(whole, { key: fingerprint(other.publicKey) }))).toEqual([
      expect.stringMatching(/^key: the configured key is not the one you gave/),
    ]);
    writeFileSync(pemFile, publicKeyPem(other.publicKey));
    expect(lines(await on(whole, { key: pemFile }))).toEqual([
      expect.stringMatching(/^signature: .* with another key, not with the one you gave$/),
    ]);
    await expect(on(whole, { key: "no-such-file" })).rejects.toBeInstanceOf(ConfigError);
  });

  it("53 names the record whose row was updated behind the triggers, whichever of its columns", async () => {
    const bodies = altered("body", (file) => {
      dropTriggers(file, "body");
      file.exec("UPDATE body SET content = replace(content, 'a', 'b') WHERE id = 40");
    });
    const leaves = altered("leaf", (file) => {
      dropTriggers(file, "record");
      file.exec("UPDATE record SET external_id = 'another' WHERE id = 41");
    });
    expect(lines(await on(bodies))).toContainEqual(expect.stringMatching(/^r40: its body is not the one/));
    expect(lines(await on(leaves))).toContainEqual(expect.stringMatching(/^r41: .*what the ledger holds of it/));
  });

  it("names a note that was signed by another key under the ledger's name", async () => {
    const forged = altered("note", (file) => {
      dropTriggers(file, "signed_note");
      const { note } = file.prepare("SELECT note FROM signed_note").get() as { note: string };
      const bytes = Buffer.from(note.trimEnd().split(" ").at(-1) as string, "base64");
      bytes[10] = (bytes[10] as number) ^ 1;
      const line = note.slice(0, note.lastIndexOf(" ") + 1);
      file.prepare("UPDATE signed_note SET note = ?").run(`${line}${bytes.toString("base64")}\n`);
    });
    const parts = await on(forged);
    expect(lines(parts)).toContainEqual(expect.stringContaining("is not signed by the key that it names"));
    expect(lines(parts, "holds").join("\n")).not.toContain("signed by flowproof/riverbank");
  });

  it.skipIf(!hasOpenssl)("holds a checkpoint's timestamp against the roots given (needs openssl)", async () => {
    await using authority = await timestampAuthority();
    const stamped = altered("stamped", () => undefined);
    const signing = {
      origin: key.name,
      readKey: () => pem,
      timestamp: { url: authority.url, trust: authority.rootFile },
    };
    const note = await withStore(stamped, { write: true }, async (store) => {
      const checkpoint = await store.checkpoint();
      if (!checkpoint?.note) throw new Error("the checkpoint is not signed");
      const outcome = await requestTimestamp({ config: { signing } }, sha256(checkpoint.note));
      if ("reason" in outcome) throw new Error(outcome.reason);
      await store.addTimestamp(checkpoint, outcome);
      return checkpoint.note;
    });
    expect(note).toContain("flowproof/riverbank");
    const trusted = await on(stamped, { trust: [authority.rootFile] });
    expect(lines(trusted)).toEqual([]);
    expect(lines(trusted, "holds")).toContainEqual(
      expect.stringMatching(
        /^timestamp: 1 checkpoint; the last: CN=Example Time Authority, trusted by the roots given/,
      ),
    );
    expect(lines(await on(stamped), "unchecked")).toContainEqual(
      expect.stringMatching(/^timestamp: .* --trust ROOTS\.pem$/),
    );
    const foreign = altered("stamped-otherwise", (file) => {
      file.exec(
        `ATTACH '${stamped.config.store}' AS other; INSERT INTO timestamp_token SELECT * FROM other.timestamp_token`,
      );
      dropTriggers(file, "timestamp_token");
      file.exec(
        "UPDATE timestamp_token SET token = (SELECT substr(token, 1, length(token) - 40) FROM timestamp_token)",
      );
    });
    expect(lines(await on(foreign))).toContainEqual(
      expect.stringMatching(/^timestamp: of the checkpoint of .* it does not hold/),
    );
  });

  it("says what to do where there is none", async () => {
    const nowhere = { ...whole, config: { ...whole.config, store: path("none.db") } };
    await expect(on(nowhere)).rejects.toThrow(/there is no store/);
    await expect(on(whole, { deep: true })).rejects.toThrow(/name the pack's folder/);
  });
});

describe("against a pack that was kept", () => {
  let kept: string;
  let ledger: MemoryLedger;

  beforeAll(async () => {
    ledger = await ledgerOf(whole);
    kept = writeFiles(path("kept"), (await sealedPack({ key, ledger: ledger.slice(0, 500), cites: [1, 2, 3] })).files);
  });

  it("the store proves by its own leaves that it continues the pack", async () => {
    const parts = await on(whole, { against: kept });
    expect(parts.map(({ part }) => part)).toEqual(["verified", "against", "continuity"]);
    expect(lines(parts)).toEqual([]);
    expect(lines(parts.slice(2), "holds")).toEqual([
      expect.stringMatching(/^continuity: the ledger of \d+ records continues the one of 500 that kept is under/),
    ]);
  });

  it("54 a store whose tail was cut, its latest checkpoint with it, is a rollback", async () => {
    const longer = [...ledger, { ...(ledger.at(-1) as MemoryLedger[number]), position: ledger.length }];
    const later = writeFiles(path("later"), (await sealedPack({ key, ledger: longer, cites: [1] })).files);
    expect(lines(await on(whole, { against: later }))).toEqual([
      expect.stringMatching(/^continuity: the ledger was rolled back or cut: .* \d+ records, later was under \d+/),
    ]);
  });

  it("54 a store collected anew and signed with the real key is another ledger, and 55 a fork at the pack's size", async () => {
    const again = await startRiverbank();
    writeFileSync(join(again.folder, "ledger.key"), pem, { mode: 0o600 });
    const rewritten = again.context((text) => `${text}\nsigning:\n  key: { file: ledger.key }\n`);
    await collect(rewritten);
    const parts = await on(rewritten, { against: kept });
    await again.close();
    // By itself it is flawless.
    expect(lines(parts.slice(0, 1))).toEqual([]);
    expect(lines(parts)).toEqual([
      expect.stringMatching(/^continuity: FORK: at 500 records kept has the root [0-9a-f]{64}/),
    ]);
  });

  it("55 two packs of one size under other roots are a fork", async () => {
    const [first, ...rest] = ledger.slice(0, 500);
    const other = writeFiles(
      path("other"),
      (await sealedPack({ key, ledger: [{ ...first, leaf: "00".repeat(32) } as never, ...rest], cites: [2] })).files,
    );
    const parts = await on(whole, { path: other, against: kept });
    expect(lines(parts)).toEqual([expect.stringMatching(/^continuity: FORK: two checkpoints of 500 records/)]);
  });

  it("a pack continues an older one without store or configuration", async () => {
    const older = await sealedPack({ key, ledger: ledger.slice(0, 300), cites: [1], name: "riverbank-2026-09" });
    const newer = await sealedPack({ key, ledger: ledger.slice(0, 500), cites: [2], earlier: [older] });
    const request = {
      path: writeFiles(path("newer"), newer.files),
      against: join(writeFiles(path("older"), older.files), "evidence.zip"),
    };
    const parts = await verify(request, async () => {
      throw new ConfigError("there is no configuration");
    });
    expect(lines(parts)).toEqual([]);
    expect(lines(parts, "holds")).toContainEqual(expect.stringMatching(/^continuity: .*continues the one of 300/));
  });
});

describe("a pack derived anew", () => {
  let folder: string;

  beforeAll(async () => {
    folder = path("draft");
    await report(whole, { period: parsePeriod("2026-10", "UTC", whole.clock()), out: folder });
  });

  it("is what the records give, byte for byte", async () => {
    const parts = await on(whole, { path: folder, deep: true });
    expect(lines(parts)).toEqual([]);
    expect(lines(parts.slice(1), "holds")).toEqual([
      "configuration: today's is the one recorded at the pack's cut-off",
      expect.stringMatching(/^assessment\.json: is what the records give, byte for byte: \d+ items$/),
    ]);
  });

  it("believes no projection: what somebody wrote into them changes nothing", async () => {
    const believing = altered("projections", (file) => {
      dropTriggers(file, "entity");
      const wrong = `UPDATE entity SET data = replace(data, '"state":"approved"', '"state":"commented"') WHERE type = 'review'`;
      expect(file.prepare(wrong).run().changes).toBeGreaterThan(0);
    });
    expect(lines(await on(believing))).toContainEqual(
      expect.stringMatching(/^store: review .*differs from its record r/),
    );
    expect(lines(await on(believing, { path: folder, deep: true }))).toEqual([]);
  });

  it("names the item and the attribute whose outcome is another than the records give", async () => {
    const copy = path("copy");
    mkdirSync(copy);
    const assessment = JSON.parse(readFileSync(join(folder, "assessment.json"), "utf8"));
    const item = assessment.population.find(
      ({ subject, observations }: { subject: string; observations: { outcome: string }[] }) =>
        subject === "change" && observations.some(({ outcome }) => outcome === "fail"),
    );
    const failed = item.observations.find(({ outcome }: { outcome: string }) => outcome === "fail");
    failed.outcome = "pass";
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, "assessment.json"), `${JSON.stringify(assessment, null, 2)}\n`);
    const parts = await on(whole, { path: copy, deep: true });
    expect(lines(parts.slice(1))).toContain(
      `assessment.json: ${item.system}, change ${item.repository} ${item.label}: ${failed.attribute} is pass, the records give fail`,
    );
    // The manifest beside it shows the same, without a store.
    expect(lines(parts.slice(0, 1))).toContainEqual(expect.stringMatching(/^assessment\.json: /));
    rmSync(copy, { recursive: true });
  });

  it("says that the configuration is another, and takes no difference for an alteration then", async () => {
    const other = context((text) =>
      text.replace(/requestLink: \w+/, "requestLink: off").replace("requiredChecks:", "requiredChecks: [] #"),
    );
    const parts = await on(other, { path: folder, deep: true });
    expect(lines(parts.slice(1))).toEqual([]);
    expect(lines(parts.slice(1), "unchecked")[0]).toMatch(/^configuration: today's was applied, .* in: policies$/);
    context();
  });
});
