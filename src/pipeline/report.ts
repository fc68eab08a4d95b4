import { basename, dirname, join, resolve } from "node:path";
import type { AssessmentResult } from "../model/assessment.ts";
import { type BuiltPack, buildPack } from "../pack/index.ts";
import { packName, packTitle, renderReport } from "../report/index.ts";
import { collectGarbage } from "../util/collect-garbage.ts";
import { assessWithParts } from "./assess.ts";
import { removeFormerParts } from "./former-parts.ts";
import { withStore } from "./open.ts";
import { issuedPacks } from "./pack-records.ts";
import { draftFolder } from "./pack-source.ts";
import { partPacks } from "./part-packs.ts";
import { periodWarnings } from "./period-warnings.ts";
import type { PipelineContext, ReportRequest, ReportSummary, WrittenPart } from "./types.ts";

/**
 * Judges one period from what the store holds and writes its pack. The same store, period, cut-off, configuration and
 * version give the same bytes but for the PDF's. Throws ConfigError where nothing was collected yet.
 */
export async function report(ctx: PipelineContext, request: ReportRequest): Promise<ReportSummary> {
  ctx.progress("judging the evidence");
  const state = request.calibration === true ? "calibration" : undefined;
  const directory = request.out ?? `${await freeFolder(ctx, request.period.id)}${state ? `-${state}` : ""}`;
  const packs = request.withParts === true ? partPacks(basename(resolve(directory)), ctx.config) : [];
  const { whole, parts } = await judgedWithParts(ctx, request, packs, dirname(resolve(directory)), state);
  const built = await draft(ctx, whole, directory, state);
  const former = request.withParts === true ? await removeFormerParts(directory, whole) : [];
  return {
    ...built,
    result: whole,
    ...(parts.length > 0 ? { parts } : {}),
    ...(former.length > 0 ? { removed: former } : {}),
    warnings: [
      ...(request.withParts === true && packs.length === 0
        ? [`${whole.organisation.name} is one system: its pack is the only one, there are no parts`]
        : []),
      ...besideIssued(ctx, built.directory, whole),
      ...periodWarnings(ctx, whole.period),
    ],
  };
}

/** Judges the period and writes the parts' packs: the organisation's comes last, as what it links to is there by then. */
async function judgedWithParts(
  ctx: PipelineContext,
  request: ReportRequest,
  packs: ReturnType<typeof partPacks>,
  folder: string,
  state?: "calibration",
): Promise<{ readonly whole: AssessmentResult; readonly parts: readonly WrittenPart[] }> {
  const { whole, part } = await assessWithParts(ctx, { ...request, ...(packs.length > 0 ? { parts: packs } : {}) });
  const parts: WrittenPart[] = [];
  for (const { kind, id, name } of packs) {
    if (kind === "organisation") continue;
    const built = await draft(ctx, part({ kind, id }), join(folder, name), state);
    parts.push({ kind, id, directory: built.directory, pages: built.pages });
  }
  return { whole, parts };
}

async function draft(
  ctx: PipelineContext,
  result: AssessmentResult,
  directory: string,
  state?: "calibration",
): Promise<BuiltPack> {
  ctx.signal.throwIfAborted();
  ctx.progress(result.part ? `laying out the pack of ${result.part.kind} ${result.part.id}` : "laying out the pack");
  // What judging needed, the pack's files and the browser that prints them need not be held at once.
  await collectGarbage();
  return buildPack(await renderReport(result, state), {
    directory,
    title: `${packTitle(result)}${state ? " (calibration, not evidence)" : ""}`,
    author: result.organisation.name,
    checkpoint: result.checkpoint,
    tool: `${result.tool.name} ${result.tool.version}`,
    onProgress: ctx.progress,
    signal: ctx.signal,
    ...(ctx.config.browser === undefined ? {} : { executablePath: ctx.config.browser }),
  });
}

/** The period's folder, or, where a pack was issued there, the one that its next revision will be called. */
async function freeFolder(ctx: PipelineContext, period: string): Promise<string> {
  const issued = await withStore(ctx, { write: false }, (store) => issuedPacks(store, ctx.config));
  return draftFolder(ctx, issued, period);
}

function besideIssued({ config }: PipelineContext, directory: string, { period }: AssessmentResult): readonly string[] {
  const first = packName({ organisation: config.organisation, period }, { edition: "full", revision: 1 });
  const name = basename(directory);
  if (!name.startsWith(`${first}-r`)) return [];
  return [
    `${period.id} was issued before: this draft is ${name}, to be its next revision; what was issued stays as it is`,
  ];
}
