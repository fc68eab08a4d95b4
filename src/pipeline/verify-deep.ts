import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { effectiveConfig } from "../config/effective-config.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { type ContentPredicate, type Edition, packFile, type Statement } from "../pack/formats.ts";
import type { Check } from "../pack/verify/check.ts";
import { broken, counted, holds, listed, reasonOf, unchecked } from "../pack/verify/findings.ts";
import { redaction, sortedJson } from "../report/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { ConfigError } from "../util/errors.ts";
import { assess } from "./assess.ts";
import { assessmentDifferences } from "./assessment-differences.ts";
import { configurationStream } from "./configuration-record.ts";
import { withStore } from "./open.ts";
import { personalNames } from "./personal-names.ts";
import type { PipelineContext } from "./types.ts";
import type { VerifiedPart } from "./verified-part.ts";

const subject = packFile.assessment;
/** How many differences are worth a line each. */
const most = 20;

/** Derives entities, outcomes and the assessment of a pack's folder anew from the store's records, and compares. Throws ConfigError where the folder holds no assessment. */
export async function verifyDeep(ctx: PipelineContext, folder: string): Promise<VerifiedPart> {
  const bytes = await readAssessment(folder);
  const redacted = (await editionOf(folder)) === "redacted";
  return { part: "deep", heading: "derived anew from the store's records", checks: await checks(ctx, bytes, redacted) };
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

/** What the content manifest says, unverified; a draft has none, and is whole. */
async function editionOf(folder: string): Promise<Edition> {
  try {
    const content = JSON.parse(await readFile(join(folder, packFile.content), "utf8")) as Statement<ContentPredicate>;
    return content.predicate.pack.edition;
  } catch {
    return "full";
  }
}

interface Derived {
  readonly pack: AssessmentResult;
  readonly now: AssessmentResult;
  /** In which parts the configuration is another; undefined where none was recorded. */
  readonly changed: readonly string[] | undefined;
}

async function checks(ctx: PipelineContext, bytes: string, redacted: boolean): Promise<readonly Check[]> {
  try {
    const pack = JSON.parse(bytes) as AssessmentResult;
    const { id, from, to, asOf } = pack.period;
    ctx.progress("deriving entities and outcomes from the records");
    const changed = await configurationChanges(ctx, asOf);
    const { part, parts } = pack;
    const beside = { ...(part ? { part } : {}), ...(parts ? { parts } : {}) };
    const full = await assess(ctx, { period: { id, from, to }, asOf, anew: true, ...beside });
    const now = redacted ? await redactedAt(ctx, full, asOf) : full;
    return [...contextChecks({ pack, now, changed }), ...comparison(bytes, { pack, now, changed }, redacted)];
  } catch (error) {
    ctx.signal.throwIfAborted();
    return [broken(subject, `cannot be derived anew: ${reasonOf(error)}`)];
  }
}

function redactedAt(ctx: PipelineContext, full: AssessmentResult, asOf: string): Promise<AssessmentResult> {
  return withStore(
    ctx,
    { write: false, asOf, anew: true },
    async (store) => redaction(full, await personalNames(store, ctx.config)).result,
  );
}

const isOtherTool = ({ pack, now }: Derived): boolean => canonicalJson(now.tool) !== canonicalJson(pack.tool);

function comparison(bytes: string, derived: Derived, redacted: boolean): readonly Check[] {
  const { pack, now, changed } = derived;
  const again = sortedJson({ ...now, tool: pack.tool });
  if (again === bytes)
    return [holds(subject, `is what the records give, byte for byte: ${counted(pack.population.length, "item")}`)];
  const differences = assessmentDifferences(pack, JSON.parse(again) as AssessmentResult);
  if (differences.length === 0) return [broken(subject, "says the same in other bytes: it was written again")];
  // Another rule or version may judge otherwise, a name known only since is redacted only now: no sign of an alteration.
  const explained = isOtherTool(derived) || changed === undefined || changed.length > 0 || redacted;
  const told = explained ? unchecked : broken;
  return [
    ...(explained
      ? [
          unchecked(
            subject,
            `differs from what the records give, which ${redacted ? "names known since" : "what is other above"} may explain:`,
          ),
        ]
      : []),
    ...differences.slice(0, most).map((text) => told(subject, text)),
    ...(differences.length > most ? [told(subject, `and ${differences.length - most} more differences`)] : []),
  ];
}

function contextChecks(derived: Derived): readonly Check[] {
  const { pack, now, changed } = derived;
  return [...(isOtherTool(derived) ? [toolCheck(pack, now)] : []), configurationCheck(changed)];
}

function toolCheck({ tool: { name, version } }: AssessmentResult, { tool }: AssessmentResult): Check {
  const build = version === tool.version ? " of another build" : "";
  return unchecked(
    "tool",
    `${name} ${version} made it, this is ${tool.version}${build}: what differs may come of that`,
  );
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
