import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { AssessmentResult, CriterionAssessment } from "../../../../src/model/assessment.ts";
import { csvFiles } from "../../../../src/report/csv.ts";
import { oscalAssessmentResults } from "../../../../src/report/oscal/assessment-results.ts";
import { redact } from "../../../../src/report/redact.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";
import { assessmentFixture } from "../../../fixtures/assessment.ts";
import { manualFixture } from "../../../fixtures/manual-evidence.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../fixtures/oscal/oscal_assessment-results_schema.json", import.meta.url), "utf8"),
) as object;
// The schema names its parts by ids that repeat the places they stand at; formats are checked by its patterns.
const plain = JSON.parse(
  JSON.stringify(schema, (key, value: unknown) => (key === "$id" && String(value).startsWith("#") ? undefined : value)),
) as object;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: true }).compile(plain);

interface Observation {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly props?: readonly { readonly name: string; readonly value: string }[];
  readonly methods: readonly string[];
  readonly collected: string;
  readonly "relevant-evidence": readonly { readonly href: string; readonly description: string }[];
}
interface Finding {
  readonly title: string;
  readonly target: {
    readonly "target-id": string;
    readonly status: { readonly state: string; readonly reason: string; readonly remarks?: string };
  };
  readonly "related-observations"?: readonly { readonly "observation-uuid": string }[];
  readonly "related-risks"?: readonly { readonly "risk-uuid": string }[];
}
interface Document {
  readonly "assessment-results": {
    readonly uuid: string;
    readonly metadata: { readonly remarks: string };
    readonly "import-ap": { readonly href: string };
    readonly results: readonly {
      readonly observations: readonly Observation[];
      readonly risks?: readonly { readonly uuid: string; readonly title: string; readonly status: string }[];
      readonly findings: readonly Finding[];
      readonly remarks: string;
    }[];
    readonly "back-matter": {
      readonly resources: readonly {
        readonly uuid: string;
        readonly title: string;
        readonly props?: readonly { readonly value: string }[];
        readonly rlinks?: readonly { readonly href: string; readonly hashes?: readonly { readonly value: string }[] }[];
      }[];
    };
  };
}

function document(result: AssessmentResult): Document["assessment-results"] {
  const files = new Map([...csvFiles(result)].map(([name, { text }]) => [name, text]));
  const read = JSON.parse(oscalAssessmentResults(result, files)) as Document;
  validate(read);
  expect(validate.errors ?? []).toEqual([]);
  return read["assessment-results"];
}

const judged = (outcome: CriterionAssessment["result"]): AssessmentResult => {
  const result = assessmentFixture();
  for (const criterion of result.criteria) if (criterion.concluded) criterion.result = outcome;
  return result;
};

describe("OSCAL assessment results", () => {
  const result = assessmentFixture();
  const read = document(result);

  it("are valid, with a finding per criterion concluded and an observation per control and exception", () => {
    const concluded = result.criteria.filter((criterion) => criterion.concluded);
    expect(read.results.flatMap(({ findings }) => findings.map(({ target }) => target["target-id"]))).toEqual(
      concluded.map(({ id }) => id.toLowerCase()),
    );
    for (const [index, { observations, findings, risks = [] }] of read.results.entries()) {
      const covered = concluded[index]?.controls ?? [];
      const exceptions = result.exceptions.filter(({ controls }) => controls.some((one) => covered.includes(one)));
      expect(observations).toHaveLength(covered.length + exceptions.length);
      expect(risks).toHaveLength(exceptions.filter(({ follows }) => follows.length === 0).length);
      const known = new Set([...observations, ...risks].map(({ uuid }) => uuid));
      for (const finding of findings) {
        for (const one of finding["related-observations"] ?? []) expect(known).toContain(one["observation-uuid"]);
        for (const one of finding["related-risks"] ?? []) expect(known).toContain(one["risk-uuid"]);
      }
    }
    const waived = result.exceptions.filter(({ waiver }) => waiver !== null).map(({ id }) => id);
    expect(waived.length).toBeGreaterThan(0);
    for (const { title, status } of read.results.flatMap(({ risks = [] }) => risks)) {
      expect(status).toBe(waived.some((id) => title.startsWith(id)) ? "deviation-approved" : "open");
    }
  });

  it.each([
    ["noExceptionsNoted", "satisfied", "pass"],
    ["exceptionsNoted", "not-satisfied", "fail"],
    ["aboveThreshold", "not-satisfied", "fail"],
    ["evidenceIncomplete", "not-satisfied", "other"],
    ["didNotOperate", "not-satisfied", "other"],
    ["notConcluded", "not-satisfied", "other"],
  ] as const)("%s is %s with the reason %s", (outcome, state, reason) => {
    for (const { findings } of document(judged(outcome)).results) {
      for (const { target } of findings) {
        expect(target.status).toMatchObject({ state, reason });
        expect(target.status.remarks === undefined).toBe(reason === "pass");
      }
    }
  });

  it("show an answer as management's word, which leaves state and status as they are", () => {
    const answered = assessmentFixture();
    const open = answered.exceptions.find(({ follows, waiver }) => follows.length === 0 && waiver === null);
    if (!open) throw new Error("the fixture lost its exceptions");
    open.answer = { response: "A-1" };
    answered.responses = [
      {
        id: "A-1",
        disposition: "disputed",
        owner: "Head of Engineering",
        cause: "It was approved",
        remediation: "None is needed",
        done: "2026-11-01",
        covers: [open.id],
        unmatched: [],
        file: "responses/a.yaml",
        sha256: "ab",
        recordedAt: "2026-11-02T00:00:00Z",
        record: 1,
      },
    ];
    const told = document(answered);
    expect(JSON.stringify(told)).toContain('"lifecycle":"completed"');
    const states = ({ results }: typeof told) =>
      results.flatMap(({ findings, risks = [] }) => [
        ...findings.map(({ target }) => target.status),
        ...risks.map(({ status }) => status),
      ]);
    expect(states(told)).toEqual(states(read));
  });

  describe("with management's attestations and samples looked at again", () => {
    const manual = manualFixture();
    const told = document(manual);
    const all = told.results.flatMap(({ observations }) => observations);
    const titled = (start: string) => all.filter(({ title }) => title.startsWith(start));

    it("hold each as an observation that tested nothing, beside the same states", () => {
      const [attested] = titled("Attested: Change procedure");
      expect(attested).toMatchObject({ methods: ["ATTESTATION"], collected: manual.attestations[0]?.recordedAt });
      expect(attested?.description).toMatch(/word of Iris Example, Head of Engineering.*nothing tested it/);
      expect(titled("Attested: =Game day")[0]?.description).toContain("Withdrawn by Iris Example");
      const [sample] = titled("Independent re-review");
      expect(sample?.description).toContain("3 of 57");
      expect(sample?.["relevant-evidence"].map(({ description }) => description)).toEqual(
        expect.arrayContaining([expect.stringMatching(/not agreed.*github:410.*2026-11-01.*The check ran/)]),
      );
      const states = ({ results }: typeof told) =>
        results.flatMap(({ findings }) => findings.map(({ target }) => target));
      expect(states(told)).toEqual(states(read));
    });

    it("lead to the document's resource with its digest, and to the criterion while it is in force", () => {
      const { resources } = told["back-matter"];
      const [attested] = titled("Attested: Change procedure");
      const [evidence] = attested?.["relevant-evidence"] ?? [];
      const resource = resources.find(({ uuid }) => `#${uuid}` === evidence?.href);
      expect(resource?.rlinks).toEqual([
        {
          href: `attachments/change-procedure-${"ab".repeat(6)}.pdf`,
          "media-type": "application/pdf",
          hashes: [{ algorithm: "SHA-256", value: "ab".repeat(32) }],
        },
      ]);
      const related = (uuid: string | undefined) =>
        told.results.flatMap(({ findings }) =>
          findings.filter((one) => one["related-observations"]?.some((o) => o["observation-uuid"] === uuid)),
        );
      const id = manual.attestations[0]?.criteria[0]?.criterion.toLowerCase();
      expect(related(attested?.uuid).map(({ target }) => target["target-id"])).toEqual([id]);
      expect(related(titled("Attested: =Game day")[0]?.uuid)).toEqual([]);
    });

    it("name the points they address, and none once withdrawn", () => {
      const addressed = (start: string) =>
        titled(start)[0]?.props?.flatMap(({ name, value }) => (name === "addresses" ? [value] : []));
      const [named] = manual.attestations[0]?.criteria ?? [];
      expect(addressed("Attested: Change procedure")).toEqual([`${named?.criterion}:${named?.points[0]}`]);
      expect(addressed("Attested: =Game day")).toEqual([]);
    });

    it("name the digest alone in a redacted edition, which holds no document", () => {
      const { resources } = document(redact(manual, []))["back-matter"];
      const found = resources.filter(({ props = [] }) => props.some(({ value }) => value === "ab".repeat(32)));
      expect(found).toHaveLength(1);
      expect(found[0]?.rlinks).toBeUndefined();
    });
  });

  it("say what they are not, and what was not observed", () => {
    expect(read.metadata.remarks).toContain("not an opinion");
    for (const { remarks } of read.results)
      expect(remarks).toMatch(/^Results of management's own tests.*observed over/s);
  });

  it("refer to files of the pack with their digests, and to a plan that they hold", () => {
    const { resources } = read["back-matter"];
    expect(resources.map(({ uuid }) => `#${uuid}`)).toContain(read["import-ap"].href);
    for (const [name, { text }] of csvFiles(result)) {
      const [link] = resources.find(({ title }) => title === name)?.rlinks ?? [];
      expect(link).toMatchObject({ href: name, hashes: [{ value: sha256Hex(text) }] });
    }
    const named = new Set(["assessment.json", ...csvFiles(result).keys()]);
    for (const { href } of read.results.flatMap(({ observations }) =>
      observations.flatMap((o) => o["relevant-evidence"]),
    ))
      expect(named).toContain(href);
  });

  it("give every thing a UUID of its own, the same each time", () => {
    const uuids = [...JSON.stringify(read).matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid);
    expect(new Set(uuids).size).toBe(uuids.length);
    expect(document(assessmentFixture())).toEqual(read);
    expect(document(judged("didNotOperate")).uuid).not.toBe(read.uuid);
  });

  it("stay valid whatever texts and ids hold, with no list empty", () => {
    const troubled = assessmentFixture({ title: "  \n\u0000<script>\ud83d\u2028 ghp_0123456789abcdefABCD0123 \n" });
    for (const exception of troubled.exceptions)
      Object.assign(exception, { title: "", messages: [" \n"], remediation: "" });
    troubled.scope.systems[0] = {
      ...(troubled.scope.systems[0] as AssessmentResult["scope"]["systems"][number]),
      team: " ",
    };
    const text = JSON.stringify(document(troubled));
    expect(text).not.toContain("ghp_0123456789abcdefABCD0123");
    expect(text).not.toContain("[]");
    const quiet = { ...assessmentFixture(), exceptions: [] };
    for (const control of quiet.controls) control.exceptions = [];
    expect(JSON.stringify(document(quiet))).not.toContain("[]");
  });
});
