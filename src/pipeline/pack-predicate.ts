import type { AssessmentResult } from "../model/assessment.ts";
import type { ContentPredicate } from "../pack/formats.ts";
import type { PackRecord } from "./pack-records.ts";

/** What the content manifest says of a pack, by what its record will say; `certificate` is the fingerprint of the one that signs the PDF. */
export function packPredicate(
  result: AssessmentResult,
  known: Pick<
    PackRecord,
    | "name"
    | "revision"
    | "edition"
    | "period"
    | "checkpoint"
    | "issued"
    | "supersedes"
    | "previous"
    | "tool"
    | "figures"
  >,
  certificate: string | null,
): ContentPredicate {
  const { name, revision, edition, supersedes, period, checkpoint, previous, issued, tool, figures } = known;
  const { commits, changes, deployments, exceptions, waived } = figures;
  const systems = result.scope.systems;
  return {
    version: 1,
    pack: { name, revision, edition, organisation: result.organisation.name, supersedes },
    period: { ...period, timezone: result.organisation.timezone },
    scope: {
      systems: systems.map(({ id }) => id),
      repositories: [...new Set(systems.flatMap(({ repositories }) => repositories.map((one) => one.name)))].sort(),
    },
    result: {
      criteria: result.criteria
        .filter(({ concluded }) => concluded)
        .map(({ framework, id, result: outcome, statement }) => ({ framework, id, result: outcome, statement })),
      population: { commits, changes, deployments },
      exceptions,
      waived,
    },
    checkpoint,
    previous,
    issued,
    certificate,
    tool,
  };
}
