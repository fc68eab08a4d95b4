import type { AssessmentResult } from "../../model/assessment.ts";
import { sha256Hex } from "../../util/hash.ts";
import { fileName } from "../file-names.ts";
import { sortedJson } from "../json.ts";
import { presentable } from "../visible.ts";
import { limits, resultOf } from "./result.ts";
import { uuidOf } from "./uuid-of.ts";
import { line } from "./words.ts";

/** The version of https://pages.nist.gov/OSCAL/ that is written. */
const oscalVersion = "1.2.1";

/**
 * `oscal-assessment-results.json`: a result per framework of which a criterion is concluded. `files` are those of the pack
 * it refers to, by name. The same result and files give the same bytes, and every UUID is derived from what it names.
 */
export function oscalAssessmentResults(raw: AssessmentResult, files: ReadonlyMap<string, string>): string {
  const result = presentable(raw);
  const { organisation, period, checkpoint, criteria } = result;
  const id = (...parts: readonly string[]): string => uuidOf(organisation.slug, period.id, checkpoint.root, ...parts);
  const concluded = Map.groupBy(
    criteria.filter((criterion) => criterion.concluded),
    ({ framework }) => framework,
  );
  const body = {
    metadata: {
      title: line(`${organisation.name}: change management evidence, ${period.id}`),
      "last-modified": period.asOf,
      version: line(`${period.id} on evidence as of ${period.asOf}`),
      "oscal-version": oscalVersion,
      roles: [{ id: "assessor", title: "Who made the tests: management" }],
      parties: [{ uuid: id("organisation"), type: "organization", name: line(organisation.name) }],
      "responsible-parties": [{ "role-id": "assessor", "party-uuids": [id("organisation")] }],
      remarks: limits,
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
      ],
    },
  };
  return sortedJson({ "assessment-results": { uuid: id("document", sha256Hex(sortedJson(body))), ...body } });
}

const typeOf = (name: string): string => (name.endsWith(".csv") ? "text/csv" : "application/json");
