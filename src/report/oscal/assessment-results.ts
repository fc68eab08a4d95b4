import type { AssessmentResult } from "../../model/assessment.ts";
import { sha256Hex } from "../../util/hash.ts";
import { fileName } from "../file-names.ts";
import type { DocumentState } from "../issue-view.ts";
import { sortedJson } from "../json.ts";
import { packTitle } from "../pack-title.ts";
import { presentable } from "../visible.ts";
import { attestationResources } from "./manual.ts";
import { idsOf, limits, resultOf } from "./result.ts";
import { line } from "./words.ts";

/** The version of https://pages.nist.gov/OSCAL/ that is written. */
const oscalVersion = "1.2.1";

/**
 * `oscal-assessment-results.json`: a result per framework of which a criterion is concluded. `files` are those of the pack
 * it refers to, by name. The same result and files give the same bytes, and every UUID is derived from what it names.
 */
export function oscalAssessmentResults(
  raw: AssessmentResult,
  files: ReadonlyMap<string, Uint8Array | string>,
  state?: DocumentState,
): string {
  const result = presentable(spokenOf(raw));
  const { organisation, period, criteria } = result;
  const id = idsOf(result);
  const concluded = Map.groupBy(
    criteria.filter((criterion) => criterion.concluded),
    ({ framework }) => framework,
  );
  const body = {
    metadata: {
      title: line(packTitle(result)),
      "last-modified": period.asOf,
      version: line(`${period.id} on evidence as of ${period.asOf}`),
      "oscal-version": oscalVersion,
      roles: [{ id: "assessor", title: "Who made the tests: management" }],
      parties: [{ uuid: id("organisation"), type: "organization", name: line(organisation.name) }],
      "responsible-parties": [{ "role-id": "assessor", "party-uuids": [id("organisation")] }],
      remarks: state === "calibration" ? `Calibration, not evidence. ${limits}` : limits,
    },
    "import-ap": {
      href: `#${id("plan")}`,
      remarks: "There is no assessment plan in OSCAL: the resource says what was tested and how.",
    },
    results: [...concluded].map(([framework, mine]) => resultOf(result, framework, mine)),
    "back-matter": {
      resources: [
        {
          uuid: id("plan"),
          title: "What was tested and how",
          description:
            "Each control's objective, mechanism, procedure, tests and threshold, and the policies in force, are in assessment.json.",
          rlinks: [{ href: fileName.assessment, "media-type": "application/json" }],
        },
        ...[...files].map(([name, text]) => ({
          uuid: id("file", name),
          title: name,
          rlinks: [
            { href: name, "media-type": typeOf(name), hashes: [{ algorithm: "SHA-256", value: sha256Hex(text) }] },
          ],
        })),
        ...attestationResources(result, id),
      ],
    },
  };
  return sortedJson({ "assessment-results": { uuid: id("document", sha256Hex(sortedJson(body))), ...body } });
}

/** Without what OSCAL says nothing of, which may be most of a result. */
function spokenOf(result: AssessmentResult): AssessmentResult {
  const cited = new Set([
    ...result.exceptions.flatMap(({ evidence }) => evidence),
    ...(result.attestations ?? []).flatMap(({ record, withdrawn }) => [
      record,
      ...(withdrawn ? [withdrawn.record] : []),
    ]),
    ...(result.reReviews ?? []).flatMap(({ record, items }) => [
      record,
      ...items.flatMap(({ review }) => review?.record ?? []),
    ]),
  ]);
  const records = result.records.filter(({ id }) => cited.has(id));
  return { ...result, population: [], continuity: [], access: [], records };
}

const typeOf = (name: string): string => (name.endsWith(".csv") ? "text/csv" : "application/json");
