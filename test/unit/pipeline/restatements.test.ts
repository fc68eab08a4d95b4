import { beforeAll, describe, expect, it } from "vitest";
import { configDigest } from "../../../src/config/effective-config.ts";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import type { Batch, SourceRecord } from "../../../src/model/stream.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { storeOptions } from "../../../src/pipeline/open.ts";
import { ownStream } from "../../../src/pipeline/own-records.ts";
import { type PackRecord, packRecords, packStream } from "../../../src/pipeline/pack-records.ts";
import { personalNames } from "../../../src/pipeline/personal-names.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { renderDocument, renderReport } from "../../../src/report/index.ts";
import { redact } from "../../../src/report/redact.ts";
import { openStore } from "../../../src/store/index.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { allTexts } from "../../fixtures/workbook.ts";
import { startRiverbank } from "./riverbank.ts";

const issuedAt = "2026-11-04T09:00:00Z";
const later = "2026-11-20T06:00:00Z";

/** Stores records as a run at that time would have. */
async function store(
  ctx: PipelineContext,
  at: string,
  stream: Batch["parts"][number]["stream"],
  records: readonly SourceRecord[],
) {
  const opened = await openStore(storeOptions({ config: ctx.config, clock: () => new Date(at) }));
  try {
    await opened.lock("test");
    const run = await opened.beginRun("collect");
    const exchange = {
      endpoint: "test",
      operation: "Test",
      query: "",
      variables: "{}",
      status: 200,
      startedAt: at,
      serverTime: at,
    };
    await opened.append(run, { exchange, parts: [{ stream, records }] });
    await opened.endRun(run, "done");
  } finally {
    await opened.close();
  }
}

const packStreamOf = (ctx: PipelineContext) => ({
  id: ownStream(ctx.config, packStream),
  source: "flowproof",
  kind: "configuration" as const,
  scopeId: ctx.config.organisation.slug,
  scopeName: ctx.config.organisation.name,
  since: ctx.config.since,
});

async function issue(ctx: PipelineContext, result: AssessmentResult, more: Partial<PackRecord> = {}) {
  const { id, from, to, asOf, cutAt } = result.period;
  const name = `${result.organisation.slug}-${id}`;
  const digest = "0".repeat(64 - id.length) + id.replace(/[^0-9a-f]/g, "0");
  const { size, root, at } = result.checkpoint;
  const pack: PackRecord = {
    version: 1,
    name,
    revision: 1,
    edition: "full",
    period: { id, from, to, asOf, cutAt },
    checkpoint: { size, root, at, note: "" },
    manifest: digest,
    content: digest,
    assessment: digest,
    index: digest,
    issued: { at: issuedAt, by: "Dalia Ruiz", role: "Head of Platform", assertion: "As printed." },
    supersedes: null,
    differences: [],
    previous: null,
    figures: { criteria: {}, controls: {}, commits: 0, changes: 0, deployments: 0, exceptions: 0, waived: 0 },
    configuration: configDigest(ctx.config),
    tool: `${result.tool.name} ${result.tool.version}`,
    ...more,
  };
  await store(ctx, issuedAt, packStreamOf(ctx), packRecords(pack, result));
}

describe("packs issued before", () => {
  let ctx: PipelineContext;
  const judged = (id: string, asOf?: string) =>
    assess(ctx, { period: parsePeriod(id, ctx.config.timezone, ctx.clock()), ...(asOf === undefined ? {} : { asOf }) });

  beforeAll(async () => {
    const riverbank = await startRiverbank();
    ctx = riverbank.context();
    await collect(ctx);
    const october = await judged("2026-10");
    expect(october.packs).toBeUndefined();
    await issue(ctx, october);
    await issue(ctx, await judged("2026-09"));
    return riverbank.close;
  });

  it("stand where nothing that they rest on has changed", async () => {
    const october = await judged("2026-10");
    expect(october.packs?.map(({ name }) => name)).toEqual(["riverbank-2026-10", "riverbank-2026-09"]);
    expect(october.restatements?.map(({ differences, settings }) => [differences, settings])).toEqual([
      [[], []],
      [[], []],
    ]);
    expect(october.restatements?.map(({ within }) => within)).toEqual([false, true]);
    const html = renderDocument(october);
    expect(html.match(/stands as issued, \d+ items compared/g)).toHaveLength(2);
    expect(assessmentResultSchema.parse(october)).toEqual(october);
  });

  it("are not there before they were issued", async () => {
    expect((await judged("2026-10", "2026-11-03T03:00:00Z")).restatements).toBeUndefined();
    expect(renderDocument(await judged("2026-10", "2026-11-03T03:00:00Z"))).toContain(
      "No pack had been issued by the cut-off of this one.",
    );
  });

  it("say what a review dismissed later changed, in the next pack and in the quarter's", async () => {
    const before = await judged("2026-10");
    const item = before.population.find(
      ({ subject, observations }) =>
        subject === "change" &&
        observations.some((one) => one.attribute === "approved-on-final-revision" && one.outcome === "pass"),
    );
    const evidence =
      item?.observations.find(({ attribute }) => attribute === "approved-on-final-revision")?.evidence ?? [];
    const row = before.records.find(({ id, stream }) => evidence.includes(id) && stream.endsWith("/reviews"));
    if (!item || !row) throw new Error("no approved change in October");
    const opened = await openStore({ ...storeOptions(ctx), readonly: true });
    const all = await opened.recordsOfStream(row.stream);
    await opened.close();
    const stored = all.find(({ id }) => id === row.id);
    if (!stored) throw new Error("the review is gone");
    const { id: stream, ...of } = {
      id: stored.stream,
      source: stored.source,
      kind: stored.streamKind,
      scopeId: stored.scopeId,
      scopeName: item.repository,
      since: ctx.config.since,
    };
    const { review, ...rest } = stored.body as { readonly review: object };
    const dismissed = { ...rest, review: { ...review, state: "DISMISSED" } };
    await store(ctx, later, { id: stream, ...of }, [
      { kind: stored.kind, externalId: stored.externalId, body: dismissed },
    ]);

    const next = await judged("2026-11");
    const restated = next.restatements?.find(({ pack }) => pack === "riverbank-2026-10");
    const found = restated?.differences.find(({ item: key, subject }) => key === item.key && subject === "change");
    expect(found).toMatchObject({ kind: "changed", label: item.label });
    expect(found?.tests.find(({ attribute }) => attribute === "approved-on-final-revision")).toMatchObject({
      issued: "pass",
      now: "notVerifiable",
      settled: false,
    });
    const [reason] = found?.reasons ?? [];
    expect(reason).toMatchObject({ at: later, text: expect.stringContaining("that review stands dismissed") });
    expect(next.records.some(({ id }) => id === reason?.record)).toBe(true);
    expect(next.restatements?.find(({ pack }) => pack === "riverbank-2026-09")?.differences).toEqual([]);
    expect(await judged("2026-11")).toEqual(next);

    const html = renderDocument(next);
    expect(html).toContain("issued as passed, now not verifiable");
    expect(html).toContain(`href="#r${reason?.record}">r${reason?.record}</a>`);
    const quarter = await judged("2026-Q4");
    expect(quarter.restatements?.map(({ pack, within }) => [pack, within])).toEqual([
      ["riverbank-2026-09", false],
      ["riverbank-2026-10", true],
    ]);
  });

  it("name the rule that judges otherwise where no record is newer", async () => {
    const other = {
      ...ctx,
      config: {
        ...ctx.config,
        policies: ctx.config.policies.map((policy) => ({
          ...policy,
          requestLink: policy.requestLink === "off" ? ("required" as const) : ("off" as const),
        })),
      },
    };
    const result = await assess(other, { period: parsePeriod("2026-09", "UTC", ctx.clock()) });
    const september = result.restatements?.find(({ pack }) => pack === "riverbank-2026-09");
    expect(september?.settings.map(({ text }) => text)).toContain("the policies differ");
    const linked = september?.differences.find(({ tests }) =>
      tests.some(({ attribute }) => attribute === "request-linked"),
    );
    expect(linked?.reasons.map(({ text }) => text)).toContain("the policies differ");
  });

  it("can be redacted: nobody whom the store knows is named", async () => {
    const opened = await openStore({ ...storeOptions(ctx), readonly: true });
    const names = await personalNames(opened, ctx.config);
    await opened.close();
    expect(names.length).toBeGreaterThan(5);
    expect(names).toContainEqual(expect.objectContaining({ kind: "name", text: "Dalia Ruiz" }));
    // An automation is no person, be it seen as the account of a commit.
    expect(names.filter(({ text }) => /\[bot\]$|^49699333$/.test(text))).toEqual([]);
    const text = allTexts(await renderReport(redact(await judged("2026-10"), names))).toLowerCase();
    const left = names.filter(
      ({ kind, text: name }) =>
        kind !== "id" &&
        new RegExp(
          `(?<![\\p{L}\\p{N}])${name.toLowerCase().replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(?![\\p{L}\\p{N}])`,
          "u",
        ).test(text),
    );
    expect(left).toEqual([]);
  });
});
