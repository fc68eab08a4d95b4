import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AssessmentResult, type Attestation, assessmentResultSchema } from "../../../src/model/assessment.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument as wholeDocument } from "../../../src/report/index.ts";
import { redact } from "../../../src/report/redact.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const base = assessmentFixture();
const { from, to } = base.period;
const [criterion] = base.criteria.filter(
  ({ concluded, points }) => concluded && points.some((one) => one.controls.length === 0),
);
if (!criterion) throw new Error("the fixture has no criterion with a point that nothing addresses");
const free = criterion.points.filter(({ controls }) => controls.length === 0).map(({ id }) => id);
const [point = ""] = free;
const [taken = ""] = criterion.points.filter(({ controls }) => controls.length > 0).map(({ id }) => id);

function attestation(more: Partial<Attestation> = {}): Attestation {
  return {
    id: "procedure-1",
    sequence: 1,
    kind: "procedure",
    title: "Change procedure",
    by: "Ada Example",
    role: "Head of Engineering",
    effective: "2026-01-01",
    expires: "2026-12-31",
    criteria: [{ framework: criterion?.framework ?? "", criterion: criterion?.id ?? "", points: [point] }],
    file: { name: "procedure.txt", size: 542, mediaType: "text/plain", sha256: "ab".repeat(32) },
    declaredIn: "command",
    recordedAt: from,
    record: 1,
    state: "throughout",
    inForce: { from, to },
    retroactive: false,
    ...more,
  };
}

/** The section alone: what is asserted of it must not come from elsewhere. */
const renderDocument = (result: AssessmentResult): string =>
  /<section id="manual".*?<\/section>/s.exec(wholeDocument(result))?.[0] ?? "";

const withThem = (...attestations: Attestation[]): AssessmentResult => ({ ...assessmentFixture(), attestations });
const shownPoint = (result: AssessmentResult, id = point) =>
  documentView(result)
    .criteria.concluded.find((one) => one.id === criterion.id)
    ?.points.find((one) => one.id === id);
const matrixOf = (result: AssessmentResult) =>
  documentView(result).matrix.matrices.find(({ title }) => title.endsWith(criterion.id));

describe("management's attestations in a pack", () => {
  it("are a section that says so where there is none", () => {
    expect(documentView(base).manual.any).toBe(false);
    expect(renderDocument(base)).toContain("None is recorded for the period.");
  });

  it("name author, file, digest and days, as word that nothing tested", () => {
    const html = renderDocument(
      withThem(attestation({ documentVersion: "3.2", approver: "Chief Example", note: "agreed by all teams" })),
    );
    for (const text of [
      "It is its author's word",
      "decides no result",
      "Change procedure",
      "procedure in force, version 3.2, approved by Chief Example",
      "agreed by all teams",
      "Ada Example, Head of Engineering",
      "2026-01-01 to 2026-12-31",
      "procedure.txt, 542 bytes, text/plain; packed as procedure-1-abababababab.txt",
      "abababab abababab",
      "throughout the period",
    ])
      expect(html, text).toContain(text);
  });

  it("show a point that nothing else addresses as attested, not tested, in criteria and matrix", () => {
    expect(shownPoint(base)).toMatchObject({ label: "Not addressed", addressed: false });
    const result = withThem(attestation());
    expect(shownPoint(result)).toMatchObject({
      label: "Attested, not tested",
      addressed: false,
      tone: "still",
      controls: [{ text: "attestation procedure-1", anchor: "attestation-procedure-1-1" }],
    });
    const matrix = matrixOf(result);
    expect(matrix?.attested.map(({ cells }) => cells.filter(({ mark }) => mark === "a").length)).toEqual([1]);
    expect(matrix?.onlyAttested.map(({ id }) => id)).toEqual([point]);
    expect(matrix?.missing.map(({ id }) => id)).toEqual(free.filter((id) => id !== point));
    expect(documentView(result).manual.only).toContain(`${criterion.id}: ${point}`);
  });

  it("leave a point that a control addresses to its control", () => {
    const named = [{ framework: criterion.framework, criterion: criterion.id, points: [taken] }];
    expect(shownPoint(withThem(attestation({ criteria: named })), taken)).toEqual(shownPoint(base, taken));
  });

  it("say where a point is attested for a part of the period only; two that follow each other make a whole", () => {
    const middle = new Date((Date.parse(from) + Date.parse(to)) / 2).toISOString().replace(".000Z", "Z");
    const first = attestation({ state: "expiredWithin", inForce: { from, to: middle } });
    const second = attestation({ sequence: 2, state: "part", inForce: { from: middle, to } });
    expect(shownPoint(withThem(first))?.label).toBe("Attested for part of the period, not tested");
    expect(shownPoint(withThem(second))?.label).toBe("Attested for part of the period, not tested");
    expect(shownPoint(withThem(second, first))?.label).toBe("Attested, not tested");
  });

  it("address nothing once expired or withdrawn, and are shown as that", () => {
    const gone = [
      attestation({ state: "expired", inForce: null, expires: "2026-09-30" }),
      attestation({
        id: "procedure-2",
        state: "withdrawn",
        inForce: null,
        withdrawn: { at: to, by: "Bo Example", reason: "not what was approved", record: 2 },
      }),
    ];
    const result = withThem(...gone);
    expect(shownPoint(result)).toEqual(shownPoint(base));
    expect(matrixOf(result)).toEqual(matrixOf(base));
    const { rows, summary } = documentView(result).manual;
    expect(rows.map(({ addresses, state }) => [addresses, state])).toEqual([
      [[], "expired before the period"],
      [[], "withdrawn"],
    ]);
    expect(summary).toBe(
      "2 attestations: 1 expired before it, addressing nothing and 1 withdrawn, addressing nothing.",
    );
    expect(renderDocument(result)).toContain("not what was approved");
  });

  it("never change a result, whatever they say of whatever criterion", () => {
    const refs = base.criteria.flatMap(({ framework, id, points }) => [
      { framework, criterion: id, points: points.map((one) => one.id) },
      { framework, criterion: id, points: [] },
    ]);
    const any = fc.record({
      criteria: fc.subarray(refs),
      state: fc.constantFrom("throughout", "part", "expired", "withdrawn"),
      title: fc.string({ unit: "binary" }),
    });
    const told = (result: AssessmentResult) => {
      const { cover, criteria, mechanisms, matrix, exceptions, population } = documentView(result);
      return {
        cover,
        criteria: criteria.concluded.map(({ label, tone, statement }) => [label, tone, statement]),
        tested: criteria.concluded.map(({ points }) =>
          points.filter(({ addressed }) => addressed).map(({ label, controls }) => [label, controls]),
        ),
        gaps: criteria.concluded.map(({ points }) => points.filter(({ addressed }) => !addressed).length),
        supported: criteria.supported,
        mechanisms,
        matrix: matrix.matrices.map(({ rows }) => rows),
        exceptions,
        population,
      };
    };
    const without = told(base);
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 3 }), (some) => {
        const result = withThem(
          ...some.map(({ criteria, state, title }, index) =>
            attestation({
              id: `any-${index}`,
              title,
              criteria,
              state,
              inForce: state === "throughout" || state === "part" ? { from, to } : null,
            }),
          ),
        );
        expect(told(result)).toEqual(without);
      }),
      { numRuns: 8 },
    );
  });

  it("show hostile text and hostile names of files as text", () => {
    const hostile = `<script>alert(1)</script>\u202e=cmd|' /C calc'!A0`;
    const result = withThem(
      attestation({
        title: hostile,
        note: hostile,
        by: hostile,
        role: hostile,
        file: { ...attestation().file, name: `${hostile}.txt` },
        withdrawn: { at: to, by: hostile, reason: hostile, record: 2 },
      }),
    );
    expect(() => assessmentResultSchema.parse(result)).not.toThrow();
    const html = renderDocument(result);
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("\u202e");
    expect(html).toContain("‹U+202E›");
    expect(html).toContain("packed as procedure-1-abababababab.txt");
  });

  it("tell no name of a person in a redacted edition, which has none of the files", () => {
    const person = (text: string) => ({ kind: "name" as const, text, person: text });
    const redacted = redact(
      withThem(
        attestation({
          approver: "Ada Example",
          note: "as Ada Example wrote",
          file: { ...attestation().file, name: "ada example.txt" },
        }),
      ),
      [person("Ada Example")],
    );
    const html = renderDocument(redacted);
    expect(html).not.toMatch(/ada example/i);
    expect(html).toContain("The redacted edition names the files and leaves them out");
    expect(redacted.attestations?.[0]?.file.sha256).toBe("ab".repeat(32));
  });
});
