import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/index.ts";
import { dispositions } from "../../../src/model/assessment.ts";
import type { RecordedAnswer } from "../../../src/pipeline/response-records.ts";
import { withResponses } from "../../../src/pipeline/with-responses.ts";
import { input } from "../evaluation/input.ts";

const assessment = evaluate(input());
const ids = assessment.exceptions.map(({ id }) => id);

const anyAnswer: fc.Arbitrary<RecordedAnswer> = fc
  .record({
    disposition: fc.constantFrom(...dispositions),
    text: fc.string(),
    covers: fc.array(fc.constantFrom(...ids, "EX-2026-10-000000", "EX-2026-09-000000 C", `${ids[0]} Z`), {
      minLength: 1,
      maxLength: 4,
    }),
    record: fc.integer({ min: 1, max: 99 }),
    withdrawn: fc.boolean(),
    twice: fc.boolean(),
  })
  .map(({ disposition, text, covers, record, withdrawn, twice }) => {
    const version = {
      version: 1 as const,
      id: `A-${record}`,
      disposition,
      owner: text,
      cause: text,
      covers,
      record,
      recordedAt: "2026-11-02T00:00:00Z",
    };
    return {
      versions: twice ? [version, { ...version, record: record + 100 }] : [version],
      file: "answers/a.yaml",
      sha256: "00",
      ...(withdrawn ? { withdrawnAt: "2026-11-03T00:00:00Z" } : {}),
    };
  });

describe("an answer", () => {
  it("never changes an outcome, a tally, a result or another exception, whatever it says", () => {
    fc.assert(
      fc.property(fc.array(anyAnswer, { maxLength: 6 }), (answers) => {
        const joined = { ...assessment, ...withResponses(assessment, answers) };
        const { responses: _, exceptions, ...rest } = joined;
        const { exceptions: before, ...judged } = assessment;
        expect(rest).toEqual(judged);
        expect(exceptions.map(({ answer: __, ...one }) => one)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it("of which nobody took anything away stands for each exception it names, and the latest one for one that several name", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyAnswer, { maxLength: 5, selector: ({ versions }) => versions[0].id }),
        (answers) => {
          const { exceptions, responses = [] } = withResponses(assessment, answers);
          for (const { id, answer } of exceptions) {
            const naming = responses.filter((one) => one.withdrawnAt === undefined && one.covers.includes(id));
            const latest = naming.toSorted((a, b) => b.record - a.record)[0];
            expect(answer?.response).toBe(latest?.id);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("of October's pack answers the quarter's, where the item is the same, and names nothing unmatched there", () => {
    const quarter = evaluate(input({ period: { ...input().period, id: "2026-Q4" } }));
    const [one = ""] = ids;
    const answer = fc.sample(anyAnswer, 1)[0];
    const version = answer?.versions[0];
    if (!answer || !version) throw new Error("a sample is never empty");
    const october: RecordedAnswer = {
      versions: [{ ...version, covers: [one, "EX-2026-10-000000"] }],
      file: answer.file,
      sha256: answer.sha256,
    };
    const { exceptions, responses } = withResponses(quarter, [october]);
    expect(exceptions.filter((exception) => exception.answer)).toHaveLength(1);
    expect(responses?.[0]).toMatchObject({ unmatched: [], covers: [one.replace("2026-10", "2026-Q4")] });
  });

  it("of a part covers what is the part's, and says nothing of what is the organisation's elsewhere", () => {
    const part = { ...assessment, exceptions: assessment.exceptions.slice(0, 1) };
    const [version] = fc.sample(anyAnswer, 1)[0]?.versions ?? [];
    if (!version) throw new Error("a sample is never empty");
    const all: RecordedAnswer = { versions: [{ ...version, covers: ids }], file: "a.yaml", sha256: "00" };
    const { responses } = withResponses(part, [all], assessment.exceptions);
    expect(responses?.[0]).toMatchObject({ covers: [ids[0]], unmatched: [] });
  });
});
