import { mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { type AttestRequest, attest, listAttestations, withdrawAttestation } from "../../../src/pipeline/attest.ts";
import { backup } from "../../../src/pipeline/backup.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { restore } from "../../../src/pipeline/restore.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { verifyStore } from "../../../src/pipeline/verify-store.ts";
import { filesFolder, keptFile } from "../../../src/store/kept-files.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { startRiverbank } from "./riverbank.ts";

type Riverbank = Awaited<ReturnType<typeof startRiverbank>>;

let riverbank: Riverbank;
let ctx: PipelineContext;
let unattested: AssessmentResult;

beforeAll(async () => {
  riverbank = await startRiverbank();
  ctx = riverbank.context();
  await collect(ctx);
  unattested = await assess(ctx, { period: october });
});
afterAll(() => riverbank.close());

const october = parsePeriod("2026-10", "UTC", new Date("2026-11-03T00:00:00Z"));

function document(name: string, text = `${name}\n`): string {
  const path = join(riverbank.folder, name);
  writeFileSync(path, text);
  return path;
}

const request = (file: string, more: Partial<AttestRequest> = {}): AttestRequest => ({
  file,
  kind: "procedure",
  title: "Change procedure",
  by: "Ada Example",
  role: "Head of Engineering",
  effective: "2026-01-01",
  expires: "2026-12-31",
  ...more,
});

const broken = async (context = ctx): Promise<readonly string[]> =>
  (await verifyStore(context, { roots: [] })).checks
    .filter(({ outcome }) => outcome === "broken")
    .map(({ subject, text }) => `${subject}: ${text}`);

describe("attesting", () => {
  it("keeps the file before the record, says what it addresses, and ends with a checkpoint over it", async () => {
    const { version, checkpoint } = await attest(ctx, request(document("procedure.txt")));
    expect(version).toMatchObject({
      id: "procedure-1",
      sequence: 1,
      file: { name: "procedure.txt", size: 14, mediaType: "text/plain" },
      declaredIn: "command",
    });
    expect(version.criteria).toContainEqual({ framework: "iso27001-2022", criterion: "A.8.32", points: ["g"] });
    expect(readdirSync(filesFolder(ctx.config.store))).toEqual([version.file.sha256]);
    expect(checkpoint?.size).toBe(version.record);
    expect(await broken()).toEqual([]);
  });

  it("records nothing a second time, and another version where the file changed", async () => {
    const again = await attest(ctx, request(document("procedure.txt")));
    expect(again.checkpoint).toBeUndefined();
    expect(again.version.id).toBe("procedure-1");
    const changed = await attest(ctx, request(document("procedure.txt", "changed\n"), { id: "procedure-1" }));
    expect(changed.version).toMatchObject({ id: "procedure-1", sequence: 2 });
    const listed = await listAttestations(ctx, october);
    expect(listed.map(({ version, standing }) => [version.id, version.sequence, standing])).toEqual([
      ["procedure-1", 1, "replaced"],
      ["procedure-1", 2, "throughout"],
    ]);
    expect(readdirSync(filesFolder(ctx.config.store))).toHaveLength(2);
  });

  it("gives each further one an id by its kind", async () => {
    const { version } = await attest(ctx, request(document("other.pdf"), { title: "Another procedure" }));
    expect(version).toMatchObject({ id: "procedure-2", file: { mediaType: "application/pdf" } });
  });

  it("refuses what cannot be attested and leaves nothing behind", async () => {
    const before = readdirSync(filesFolder(ctx.config.store));
    const good = document("good.txt");
    const link = join(riverbank.folder, "link.txt");
    symlinkSync(good, link);
    const long = document("long.bin");
    truncateSync(long, 25 * 1024 ** 2 + 1);
    for (const [wrong, why] of [
      [request(link), /link\.txt is a symbolic link/],
      [request(long), /is longer than 25 MB/],
      [request(document("empty.txt", "")), /is empty/],
      [request(join(riverbank.folder, "gone")), /is not there/],
      [request(good, { title: "  " }), /--title is empty/],
      [request(good, { id: "../store" }), /is no id of an attestation/],
      [request(good, { effective: "2026-02-30" }), /there is no day 2026-02-30/],
      [request(good, { expires: "2025-12-31" }), /before it is effective/],
      [request(good, { criteria: ["soc2-2017:CC8.1:4", "soc2:CC8.1"] }), /no criterion `soc2:CC8\.1`/],
    ] as const)
      await expect(attest(ctx, wrong), String(why)).rejects.toThrow(why);
    expect(readdirSync(filesFolder(ctx.config.store))).toEqual(before);
  });

  it("withdraws for good, keeps the files, and takes the next as another version", async () => {
    const by = { by: "Bo Example", reason: "not what was approved" };
    await expect(withdrawAttestation(ctx, { id: "procedure-9", ...by })).rejects.toThrow(/no attestation procedure-9/);
    await withdrawAttestation(ctx, { id: "procedure-2", ...by });
    await expect(withdrawAttestation(ctx, { id: "procedure-2", ...by })).rejects.toThrow(/withdrawn already/);
    const again = await attest(
      ctx,
      request(join(riverbank.folder, "other.pdf"), { id: "procedure-2", title: "Another procedure" }),
    );
    expect(again.version.sequence).toBe(2);
    await withdrawAttestation(ctx, { id: "procedure-2", ...by });
    const result = await assess(ctx, { period: october });
    expect(result.attestations?.map(({ id, sequence, state }) => [id, sequence, state])).toEqual([
      ["procedure-1", 2, "throughout"],
      ["procedure-2", 2, "withdrawn"],
    ]);
    expect(await broken()).toEqual([]);
  });

  it("is in the assessment with its records, and changes none of its results", async () => {
    const { attestations = [], records, ...result } = await assess(ctx, { period: october });
    const [first] = await listAttestations(ctx);
    expect(attestations[0]).toMatchObject({ retroactive: true, earlier: [{ record: first?.version.record }] });
    const cited = attestations.flatMap(({ record, withdrawn }) => [record, ...(withdrawn ? [withdrawn.record] : [])]);
    expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining(cited));
    for (const part of ["population", "controls", "criteria", "exceptions"] as const)
      expect(result[part], part).toEqual(unattested[part]);
  });
});

describe("the files of attestations", () => {
  it("are named by verify where one is missing, altered or replaced by a link", async () => {
    const [, second] = await listAttestations(ctx);
    if (!second) throw new Error("there is no second version");
    const { file, record } = second.version;
    const path = keptFile(ctx.config.store, file);
    const named = `attestation procedure-1: r${record}, version 2: its file "procedure.txt" (`;
    writeFileSync(path, "changeD\n");
    expect(await broken()).toEqual([expect.stringContaining(named)]);
    expect(await broken()).toEqual([expect.stringContaining("was altered: its SHA-256 is not the one recorded")]);
    rmSync(path);
    expect(await broken()).toEqual([expect.stringContaining("is missing")]);
    symlinkSync(document("copy.txt", "changed\n"), path);
    expect(await broken()).toEqual([expect.stringContaining("no plain file")]);
    await expect(backup(ctx, join(riverbank.folder, "never.db"))).rejects.toThrow(/no plain file/);
    expect(readdirSync(riverbank.folder).filter((name) => name.startsWith("never"))).toEqual([]);
    rmSync(path);
    writeFileSync(path, "changed\n");
    expect(await broken()).toEqual([]);
  });

  it("go with a backup, are verified there, and come back with it", async () => {
    mkdirSync(join(riverbank.folder, "safe"));
    const copy = join(riverbank.folder, "safe", "copy.db");
    expect(await backup(ctx, copy)).toMatchObject({ files: 3 });
    const there = { ...ctx, config: { ...ctx.config, store: copy } };
    expect(await broken(there)).toEqual([]);
    const all = readdirSync(filesFolder(ctx.config.store));
    expect(readdirSync(filesFolder(copy)).sort()).toEqual([...all].sort());
    rmSync(filesFolder(ctx.config.store), { recursive: true });
    expect(await broken()).toHaveLength(4);
    expect(await restore(ctx, copy, { discardLater: false })).toMatchObject({ files: 3 });
    expect(await broken()).toEqual([]);
    rmSync(filesFolder(ctx.config.store), { recursive: true });
    rmSync(join(filesFolder(copy), all[0] ?? ""));
    await expect(restore(ctx, copy, { discardLater: false })).rejects.toMatchObject({ code: "integrity" });
  });
});

describe("attestations that the configuration declares", () => {
  const declaring = (lines: string): PipelineContext =>
    riverbank.context((text) => `${text}attestations:\n${lines}`.replace("store: flowproof.db", "store: declared.db"));
  const plan = `  - { id: plan, kind: continuity-plan, title: Plan, file: plan.txt, by: Ada Example, role: CTO, effective: 2026-01-01 }\n`;
  const gone = `  - { id: gone, kind: training, title: Training, file: gone.txt, by: Ada Example, role: CTO, effective: 2026-01-01 }\n`;
  const listed = async (context: PipelineContext) =>
    (await listAttestations(context, october)).map(({ version, standing }) => [version.id, version.sequence, standing]);

  it("are recorded when collecting, once; a file that cannot be taken stops nothing and is said", async () => {
    document("plan.txt");
    const context = declaring(plan + gone);
    const { warnings, nothing } = await collect(context);
    expect(nothing).toEqual([]);
    expect(warnings).toContainEqual(
      expect.stringMatching(/^attestation gone: .*gone\.txt is not there; nothing is recorded/),
    );
    await collect(context);
    expect(await listed(context)).toEqual([["plan", 1, "throughout"]]);
  });

  it("are another version where the file changed, and withdrawn where they are declared no more", async () => {
    document("plan.txt", "another plan\n");
    const context = declaring(plan);
    await collect(context);
    expect(await listed(context)).toEqual([
      ["plan", 1, "replaced"],
      ["plan", 2, "throughout"],
    ]);
    await expect(withdrawAttestation(context, { id: "plan", by: "Ada Example", reason: "by hand" })).rejects.toThrow(
      /declared in the configuration/,
    );
    await collect(declaring("  []\n"));
    expect((await listed(context)).at(-1)).toEqual(["plan", 2, "withdrawn"]);
    await collect(context);
    expect((await listed(context)).at(-1)).toEqual(["plan", 3, "throughout"]);
  });
});
