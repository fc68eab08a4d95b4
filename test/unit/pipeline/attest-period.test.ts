import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attestation, assessmentResultSchema } from "../../../src/model/assessment.ts";
import { attestationsOf, standings } from "../../../src/pipeline/attest-period.ts";
import type { RecordedAttestation, RecordedVersion } from "../../../src/pipeline/attest-records.ts";

const timezone = "Europe/Berlin";
const october = {
  id: "2026-10",
  from: "2026-09-30T22:00:00Z",
  to: "2026-10-31T23:00:00Z",
  asOf: "2026-11-03T03:00:00Z",
  cutAt: null,
};

interface Version {
  readonly effective: string;
  readonly expires?: string;
  readonly recordedAt?: string;
}

function recorded(versions: readonly Version[], withdrawnAt?: string): RecordedAttestation {
  const all = versions.map(
    ({ effective, expires, recordedAt = "2026-01-02T08:00:00Z" }, index): RecordedVersion => ({
      version: 1,
      id: "procedure-1",
      sequence: index + 1,
      kind: "procedure",
      title: "Change procedure",
      documentVersion: null,
      approver: null,
      by: "Ada Example",
      role: "Head of Engineering",
      effective,
      expires: expires ?? null,
      criteria: [],
      note: null,
      file: { name: "procedure.txt", size: 3, mediaType: "text/plain", sha256: String(index).repeat(64) },
      declaredIn: "command",
      record: 10 + index,
      recordedAt,
    }),
  );
  const withdrawal = { version: 1 as const, id: "procedure-1", by: "Ada Example", reason: "it was wrong", record: 99 };
  return {
    id: "procedure-1",
    versions: all,
    latest: all.at(-1) as RecordedVersion,
    withdrawals: withdrawnAt === undefined ? [] : [{ ...withdrawal, sequence: all.length, at: withdrawnAt }],
    isWithdrawn: withdrawnAt !== undefined,
  };
}

const rows = (one: RecordedAttestation, period: typeof october = october): readonly Attestation[] =>
  attestationsOf([one], period, timezone);

describe("an attestation against a period", () => {
  it.each([
    ["covers it", { effective: "2026-01-01", expires: "2026-12-31" }, "throughout"],
    ["covers it to the day", { effective: "2026-10-01", expires: "2026-10-31" }, "throughout"],
    ["never expires", { effective: "2026-01-01" }, "throughout"],
    ["begins a day late", { effective: "2026-10-02" }, "part"],
    ["ends a day early", { effective: "2026-01-01", expires: "2026-10-30" }, "expiredWithin"],
    ["ends before", { effective: "2026-01-01", expires: "2026-09-30" }, "expired"],
  ] as const)("%s: %o is %s", (_, version, state) => {
    const [row] = rows(recorded([version]));
    expect(row?.state).toBe(state);
    expect(row?.inForce === null).toBe(state === "expired");
  });

  it("is not listed before its first day", () => {
    expect(rows(recorded([{ effective: "2026-11-01" }]))).toEqual([]);
  });

  it("counts days in the organisation's time zone", () => {
    const [row] = rows(recorded([{ effective: "2026-10-15", expires: "2026-10-26" }]));
    expect(row?.inForce).toEqual({ from: "2026-10-14T22:00:00Z", to: "2026-10-26T23:00:00Z" });
  });

  it("gives way to a later version on that one's first day, and both are listed with the files they had", () => {
    const [first, second] = rows(recorded([{ effective: "2026-01-01" }, { effective: "2026-10-15" }]));
    expect(first).toMatchObject({ state: "part", inForce: { to: "2026-10-14T22:00:00Z" } });
    expect(second).toMatchObject({ state: "part", inForce: { from: "2026-10-14T22:00:00Z" } });
    expect(second?.earlier).toEqual([
      { sequence: 1, sha256: "0".repeat(64), recordedAt: "2026-01-02T08:00:00Z", record: 10 },
    ]);
  });

  it("that corrects the one before from its first day on leaves nothing of it in force", () => {
    const found = rows(recorded([{ effective: "2026-01-01" }, { effective: "2026-01-01" }]));
    expect(found.map(({ sequence, state }) => [sequence, state])).toEqual([[2, "throughout"]]);
  });

  it("that expired is listed only where no other version came, and not once it was withdrawn", () => {
    const old = { effective: "2025-01-01", expires: "2025-12-31" };
    expect(rows(recorded([old])).map(({ state }) => state)).toEqual(["expired"]);
    expect(rows(recorded([old, { effective: "2026-01-01" }])).map(({ sequence }) => sequence)).toEqual([2]);
    expect(rows(recorded([old], "2026-02-01T00:00:00Z"))).toEqual([]);
  });

  it("that was withdrawn stands for nothing, in no version that had not ended by then", () => {
    const two = [{ effective: "2026-01-01" }, { effective: "2026-10-15" }];
    const [first, second] = rows(recorded(two, "2026-11-02T09:00:00Z"));
    expect(first).toMatchObject({ state: "part" });
    expect(first).not.toHaveProperty("withdrawn");
    expect(second).toMatchObject({ state: "withdrawn", inForce: null, retroactive: false });
    expect(second?.withdrawn).toEqual({
      at: "2026-11-02T09:00:00Z",
      by: "Ada Example",
      reason: "it was wrong",
      record: 99,
    });
  });

  it("is marked where it was recorded after it is said to be in force in the period", () => {
    const late = { effective: "2026-01-01", recordedAt: "2026-11-02T08:00:00Z" };
    expect(rows(recorded([late]))[0]?.retroactive).toBe(true);
    expect(rows(recorded([{ ...late, recordedAt: "2026-09-30T21:59:59Z" }]))[0]?.retroactive).toBe(false);
  });

  it("is held against what was observed, where the period is cut", () => {
    const cut = { ...october, cutAt: "2026-10-20T00:00:00Z" };
    const [row] = attestationsOf([recorded([{ effective: "2026-01-01", expires: "2026-10-25" }])], cut, timezone);
    expect(row).toMatchObject({ state: "throughout", inForce: { to: "2026-10-20T00:00:00Z" } });
  });

  it("gives rows of the schema, whatever days there are, with at most one version in force at a time", () => {
    const day = fc
      .integer({ min: 0, max: 700 })
      .map((n) => new Date(Date.UTC(2025, 6, 1 + n)).toISOString().slice(0, 10));
    const version = fc.tuple(day, fc.option(day, { nil: undefined })).map(([a, b]): Version => {
      const [effective = a, expires] = b === undefined ? [a] : [a, b].sort();
      return { effective, ...(expires === undefined ? {} : { expires }) };
    });
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 5 }), fc.boolean(), (versions, withdrawn) => {
        const one = recorded(versions, withdrawn ? "2026-10-10T00:00:00Z" : undefined);
        const found = rows(one);
        expect(assessmentResultSchema.shape.attestations.parse(found)).toEqual(found);
        const spans = found.flatMap(({ inForce }) => inForce ?? []).sort((a, b) => (a.from < b.from ? -1 : 1));
        for (const [index, span] of spans.entries()) {
          expect(span.from < span.to).toBe(true);
          expect(span.from >= october.from && span.to <= october.to).toBe(true);
          expect((spans[index + 1]?.from ?? span.to) >= span.to).toBe(true);
        }
        expect(standings(one, october, timezone)).toHaveLength(versions.length);
      }),
    );
  });
});
