import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { itemName } from "../../../src/model/assessment.ts";
import type { EvidenceRecord } from "../../../src/model/stream.ts";
import { ownStream } from "../../../src/pipeline/own-records.ts";
import { differencesFrom, figuresOf } from "../../../src/pipeline/pack-differences.ts";
import { issuedPacks, type PackRecord, packRecords, packStream } from "../../../src/pipeline/pack-records.ts";
import { answeredFixture } from "../../fixtures/answered.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { manualFixture } from "../../fixtures/manual-evidence.ts";

const config = { organisation: { name: "Riverbank", slug: "riverbank" } };
const digest = (letter: string): string => letter.repeat(64);

function packOf(result: AssessmentResult, changed: Partial<PackRecord> = {}): PackRecord {
  const { id, from, to, asOf, cutAt } = result.period;
  return {
    version: 1,
    name: "riverbank-2026-10",
    revision: 1,
    edition: "full",
    period: { id, from, to, asOf, cutAt },
    checkpoint: { size: 100, root: digest("a"), at: asOf, note: "a note" },
    manifest: digest("1"),
    content: digest("2"),
    assessment: digest("3"),
    issued: { at: "2026-11-05T09:00:00Z", by: "Ada Example", role: "CTO", assertion: "As described." },
    supersedes: null,
    differences: [],
    previous: null,
    figures: figuresOf(result),
    configuration: digest("4"),
    index: null,
    tool: "flowproof 0.1.0",
    ...changed,
  };
}

/** A store that gives back what was recorded, as it does: the body as plain JSON. */
function storeWith(...recorded: readonly (readonly [PackRecord, AssessmentResult])[]) {
  const records = recorded
    .flatMap(([pack, result]) => packRecords(pack, result))
    .map(
      (record, index): EvidenceRecord => ({
        ...record,
        body: JSON.parse(JSON.stringify(record.body)),
        id: 200 + index,
        stream: ownStream(config, packStream),
        source: "flowproof",
        scopeId: "riverbank",
        streamKind: "configuration",
        fetchedAt: "2026-11-05T09:00:00Z",
        run: "a-run",
      }),
    );
  return { recordsOfStream: async (stream: string) => records.filter((record) => record.stream === stream) };
}

describe("the records of an issued pack", () => {
  const result = assessmentFixture();

  it("give back what the pack is, and the outcome of every test of every item", async () => {
    const pack = packOf(result);
    const [read, ...more] = await issuedPacks(storeWith([pack, result]), config);
    expect(more).toEqual([]);
    expect(read).toMatchObject({ ...pack, record: 200 });
    const outcomes = read?.outcomes();
    expect(outcomes?.size).toBe(new Set(result.population.map(itemName)).size);
    for (const item of result.population)
      for (const { attribute, outcome, due } of item.observations)
        expect(outcomes?.get(itemName(item))?.get(attribute)).toBe(due === undefined ? outcome : "due");
  });

  it("do not pass for something else", async () => {
    const store = storeWith([packOf(result, { revision: "one" as never }), result]);
    await expect(issuedPacks(store, config)).rejects.toMatchObject({ code: "integrity" });
  });
});

describe("what a revision says of the one before", () => {
  const before = assessmentFixture();
  const issued = async () => {
    const [pack] = await issuedPacks(storeWith([packOf(before), before]), config);
    if (!pack) throw new Error("the pack was not recorded");
    return pack;
  };

  it("is nothing where nothing changed", async () => {
    expect(differencesFrom(await issued(), packOf(before), before)).toEqual([]);
  });

  it("names evidence, configuration, counts, results, outcomes and who stands for it", async () => {
    const now = assessmentFixture();
    const item = now.population.find(({ observations }) => observations.some(({ outcome }) => outcome === "fail"));
    const observation = item?.observations.find(({ outcome }) => outcome === "fail");
    const control = now.controls[0];
    if (!item || !observation || !control) throw new Error("the fixture lost its failure");
    observation.outcome = "pass";
    control.result = "aboveThreshold";
    now.exceptions.pop();
    const [gone] = now.population.splice(-1);
    const told = differencesFrom(
      await issued(),
      packOf(now, {
        configuration: digest("5"),
        checkpoint: { size: 120, root: digest("b"), at: now.period.asOf, note: "another" },
        issued: { at: "2026-11-09T09:00:00Z", by: "Bob Example", role: "CTO", assertion: "As described." },
      }),
      now,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        "Records in the ledger: 120, was 100.",
        "The configuration that judged is another.",
        `Exceptions: ${now.exceptions.length}, was ${before.exceptions.length}.`,
        expect.stringMatching(new RegExp(`^Control ${control.id}: above threshold, was `)),
        `${item.system}: ${item.label}: ${observation.attribute} pass, was fail.`,
        `${gone?.system}|${gone?.subject}|${gone?.key}: is not in it any more.`,
        "Issued by: Bob Example, CTO, was Ada Example, CTO.",
      ]),
    );
    expect(told.some((text) => text.includes("assertion"))).toBe(false);
  });

  describe("of management's assertion", () => {
    const differs = "Management's assertion is worded differently.";
    /** A pack of that assertion, on a ledger of its own. */
    const asserting = (letter: string, assertion: string): PackRecord =>
      packOf(before, {
        checkpoint: { size: 100, root: digest(letter), at: before.period.asOf, note: "a note" },
        issued: { at: "2026-11-05T09:00:00Z", by: "Ada Example", role: "CTO", assertion },
      });
    const told = async (was: PackRecord, now: PackRecord): Promise<readonly string[]> => {
      const [pack] = await issuedPacks(storeWith([was, before]), config);
      return pack ? differencesFrom(pack, now, before) : [];
    };
    const filled = (letter: string, asOf: string, size: string, more = ""): PackRecord =>
      asserting(letter, `On evidence as of ${asOf}, at size ${size}, root ${digest(letter)}, it holds.${more}`);

    it("is nothing where only what is filled in is another", async () => {
      const first = filled("a", "30 November 2026, 23:59", "998");
      expect(await told(first, filled("b", "1 December 2026, 06:00", "1,002"))).toEqual([]);
      expect(await told(first, filled("b", "1 December 2026, 06:00", "1,002", " But not always."))).toEqual([differs]);
    });

    it("is told of every letter of a statement of management's own", async () => {
      expect(await told(asserting("a", "4 changes failed."), asserting("b", "4 changes failed."))).toEqual([]);
      expect(await told(asserting("a", "4 changes failed."), asserting("b", "5 changes failed."))).toEqual([differs]);
      expect(await told(filled("a", "1 May 2026", "9"), asserting("b", "4 changes failed."))).toEqual([differs]);
    });
  });

  describe("of what persons said meanwhile", () => {
    const later = "2026-12-01T09:00:00Z";
    const answered = () => {
      const { exceptions, waivers, period } = before;
      const manual = manualFixture();
      const { responses = [] } = answeredFixture();
      const old = period.asOf;
      return {
        ...manual,
        exceptions,
        waivers: structuredClone(waivers),
        responses: responses.map((one) => ({ ...one, recordedAt: old })),
        attestations: manual.attestations.map((one) => ({
          ...one,
          recordedAt: old,
          ...(one.withdrawn ? { withdrawn: { ...one.withdrawn, at: old } } : {}),
        })),
        reReviews: manual.reReviews.map((one) => ({
          ...one,
          items: one.items.map((item) => ({
            ...item,
            review: item.review && { ...item.review, recordedAt: old },
          })),
        })),
      };
    };
    const toldOf = async (now: AssessmentResult, changed: Partial<PackRecord> = {}) =>
      differencesFrom(await issued(), packOf(before, changed), now);

    it("is nothing where all of it was there by the earlier cut-off", async () => {
      expect(await toldOf(answered())).toEqual([]);
    });

    it("names each new, changed or withdrawn answer, attestation, waiver and re-review", async () => {
      const now = answered();
      const [first, second] = now.responses;
      const [procedure, day] = now.attestations;
      const [waiver] = now.waivers;
      const [sample] = now.reReviews;
      const review = sample?.items[1]?.review;
      if (!first || !second || !procedure || !day?.withdrawn || !waiver || !review)
        throw new Error("the fixture has them");
      Object.assign(first, {
        recordedAt: later,
        earlier: [{ recordedAt: before.period.asOf, disposition: "disputed", record: 1 }],
      });
      second.withdrawnAt = later;
      procedure.recordedAt = later;
      day.withdrawn.at = later;
      waiver.firstSeen = later;
      review.recordedAt = later;
      expect(await toldOf(now, { configuration: digest("5") })).toEqual([
        "The configuration that judged is another.",
        "Answer A-1 to 2 exceptions: changed, confirmed, was disputed.",
        "Answer A-2: taken out of the organisation's files.",
        "Attestation change-procedure v2, Change procedure: was not in it.",
        "Attestation game-day, =Game day: withdrawn.",
        expect.stringMatching(
          new RegExp(`^Waiver ${waiver.id} of ${waiver.attribute}, which accepts .*: was not in it\\.$`),
        ),
        `Re-review of a sample of 2026-09, drawn ${sample?.drawnAt}: 1 change looked at again, 1 not agreed.`,
      ]);
    });

    it("names twenty of a kind, and counts the others", async () => {
      const now = answered();
      const [first] = now.responses;
      if (!first) throw new Error("the fixture has answers");
      now.responses = Array.from({ length: 23 }, (_, index) => ({ ...first, id: `B-${index}`, recordedAt: later }));
      const told = await toldOf(now);
      expect(told).toHaveLength(21);
      expect(told.at(-1)).toBe("3 more answers differ; both assessment.json show them.");
    });
  });
});
