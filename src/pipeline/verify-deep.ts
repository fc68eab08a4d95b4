import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { effectiveConfig } from "../config/effective-config.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { packFile } from "../pack/formats.ts";
import type { Check } from "../pack/verify/check.ts";
import { broken, counted, holds, listed, reasonOf, unchecked } from "../pack/verify/findings.ts";
import { sortedJson } from "../report/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { ConfigError } from "../util/errors.ts";
import { assess } from "./assess.ts";
import { assessmentDifferences } from "./assessment-differences.ts";
import { configurationStream } from "./configuration-record.ts";
import { withStore } from "./open.ts";
import type { PipelineContext } from "./types.ts";
import type { VerifiedPart } from "./verified-part.ts";

const subject = packFile.assessment;
/** How many differences are worth a line each. */
const most = 20;

/** Derives entities, outcomes and the assessment of a pack's folder anew from the store's records, and compares. Throws ConfigError where the folder holds no assessment. */
export async function verifyDeep(ctx: PipelineContext, folder: string): Promise<VerifiedPart> {
  const bytes = await readAssessment(folder);
  return { part: "deep", heading: "derived anew from the store's records", checks: await deepChecks(ctx, bytes) };
}

async function readAssessment(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, packFile.assessment), "utf8");
  } catch (cause) {
    throw new ConfigError(`${join(folder, packFile.assessment)} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: "--deep needs a pack's folder. A bundle alone holds only the records that its pack refers to, too few to judge anew.",
    });
  }
}

async function deepChecks(ctx: PipelineContext, bytes: string): Promise<readonly Check[]> {
  let pack: AssessmentResult;
  let now: AssessmentResult;
  let changed: readonly string[] | undefined;
  try {
    pack = JSON.parse(bytes) as AssessmentResult;
    const { id, from, to, asOf } = pack.period;
    ctx.progress("deriving entities and outcomes from the records");
    changed = await configurationChanges(ctx, asOf);
    now = await assess(ctx, { period: { id, from, to }, asOf, anew: true });
  } catch (error) {
    ctx.signal.throwIfAborted();
    return [broken(subject, `cannot be derived anew: ${reasonOf(error)}`)];
  }
  const { tool } = pack;
  const derived: AssessmentResult = { ...now, tool };
  const same = sortedJson(derived) === bytes;
  const differences = same ? [] : assessmentDifferences(pack, JSON.parse(sortedJson(derived)) as AssessmentResult);
  // Another rule or another version may judge otherwise: then a difference is no sign of an alteration.
  const otherTool = canonicalJson(now.tool) !== canonicalJson(tool);
  const explained = otherTool || changed === undefined || changed.length > 0;
  return [
    ...toolCheck(otherTool, pack, now),
    configurationCheck(changed),
    ...(same
      ? [holds(subject, `is what the records give, byte for byte: ${counted(pack.population.length, "item")}`)]
      : []),
    ...differences
      .slice(0, most)
      .map((text) => (explained ? unchecked : broken)(subject, explained ? `${text}; see what is other above` : text)),
    ...(differences.length > most
      ? [(explained ? unchecked : broken)(subject, `${differences.length - most} more differences`)]
      : []),
    ...(!same && differences.length === 0
      ? [broken(subject, "says the same in other bytes: it was written again")]
      : []),
  ];
}

function toolCheck(other: boolean, pack: AssessmentResult, now: AssessmentResult): readonly Check[] {
  const text = `${pack.tool.name} ${pack.tool.version} made it, this is ${now.tool.version}${pack.tool.version === now.tool.version ? " of another build" : ""}: what differs may come of that`;
  return other ? [unchecked("tool", text)] : [];
}

function configurationCheck(changed: readonly string[] | undefined): Check {
  if (changed === undefined)
    return unchecked("configuration", "no run recorded any up to the pack's cut-off: today's was applied");
  return changed.length === 0
    ? holds("configuration", "today's is the one recorded at the pack's cut-off")
    : unchecked(
        "configuration",
        `today's was applied, and is other than recorded at the pack's cut-off in: ${listed(changed, 12)}`,
      );
}

/** In which of its parts the configuration differs from the one recorded last up to the cut-off; undefined where none was. */
async function configurationChanges(ctx: PipelineContext, asOf: string): Promise<readonly string[] | undefined> {
  const records = await withStore(ctx, { write: false, asOf }, (store) =>
    store.recordsOfStream(configurationStream(ctx.config)),
  );
  const recorded = records.findLast(({ kind }) => kind === "configuration")?.body as
    | Readonly<Record<string, unknown>>
    | undefined;
  if (!recorded) return undefined;
  const today = effectiveConfig(ctx.config);
  return [...new Set([...Object.keys(recorded), ...Object.keys(today)])]
    .filter((name) => canonicalJson(recorded[name] ?? null) !== canonicalJson(today[name] ?? null))
    .sort();
}
