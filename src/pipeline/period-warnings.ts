import type { AssessmentResult } from "../model/assessment.ts";
import { instant } from "../util/clock.ts";
import type { PipelineContext } from "./types.ts";

/** What the reader of a pack may not expect of its period: it begins before collecting does, is not over, or was not observed to its end. */
export function periodWarnings(
  { config, clock }: Pick<PipelineContext, "config" | "clock">,
  { id, from, to, cutAt }: AssessmentResult["period"],
): readonly string[] {
  const warnings: string[] = [];
  if (from < config.since) {
    const what = to <= config.since ? `the period ${id} lies before` : `the period ${id} begins before`;
    warnings.push(
      `${what} ${config.since}, where collecting starts: what was earlier is not in the pack. Set \`since\` to an earlier day and collect again`,
    );
  }
  if (to > instant(clock())) {
    warnings.push(
      `the period ${id} is not over until ${to}: the pack ends at ${cutAt ?? to}. Collect and report again when it is over`,
    );
  } else if (cutAt !== null) {
    warnings.push(
      `the period ${id} was observed only until ${cutAt}: what came later is not in the pack. Collect, and report without an earlier --as-of`,
    );
  }
  return warnings;
}
