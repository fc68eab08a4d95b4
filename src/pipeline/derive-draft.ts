import type { AssessmentResult } from "../model/assessment.ts";
import { sortedJson } from "../report/index.ts";
import { ConfigError } from "../util/errors.ts";
import { assess } from "./assess.ts";
import type { PackSource } from "./pack-source.ts";
import type { PipelineContext } from "./types.ts";

/** The assessment derived again from the store at the draft's cut-off, byte for byte what was drafted. Throws ConfigError that says what differs. */
export async function deriveDraft(ctx: PipelineContext, source: PackSource): Promise<AssessmentResult> {
  ctx.progress("judging the evidence again");
  const { id, from, to, asOf } = source.period;
  const { part, parts } = JSON.parse(source.assessment) as Pick<AssessmentResult, "part" | "parts">;
  if (part)
    throw new ConfigError(`${source.directory} is the pack of ${part.kind} ${part.id}, a part; parts are not issued`, {
      hint: "Issue the organisation's pack, of which it is a part.",
    });
  const result = await assess(ctx, { period: { id, from, to }, asOf, ...(parts ? { parts } : {}) });
  if (sortedJson(result) === source.assessment) return result;
  const different = differingParts(JSON.parse(source.assessment) as Readonly<Record<string, unknown>>, result);
  throw new ConfigError(
    `${source.directory} is not what the store gives today for ${id} on evidence as of ${asOf}. Different: ${different.join(", ")}`,
    { hint: `Render it again, look at it, and issue that: flowproof report --period ${id}` },
  );
}

/** What may be the cause of a difference; all else follows from these. */
const causes: Readonly<Record<string, string>> = {
  tool: "the version of flowproof",
  organisation: "the configured organisation or time zone",
  period: "the limits of the period",
  scope: "the configured systems and repositories",
  policies: "the configured policies",
  waivers: "the configured waivers",
  identities: "the configured identities",
  attributes: "the tests",
  checkpoint: "the checkpoint",
  provenance: "the runs and queries",
  coverage: "what was read",
  records: "the evidence",
};

/** The parts of the assessment that differ: causes, or, where none of them does, the results. */
function differingParts(
  drafted: Readonly<Record<string, unknown>>,
  result: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(drafted), ...Object.keys(result)])];
  const differ = names.filter((name) => sortedJson(drafted[name] ?? null) !== sortedJson(result[name] ?? null));
  const known = Object.entries(causes).flatMap(([name, text]) => (differ.includes(name) ? [text] : []));
  return known.length > 0 ? known : differ;
}
