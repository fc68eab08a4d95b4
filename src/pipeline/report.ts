import { basename } from "node:path";
import type { AssessmentResult } from "../model/assessment.ts";
import { buildPack } from "../pack/index.ts";
import { packName, packTitle, renderReport } from "../report/index.ts";
import { assess } from "./assess.ts";
import { withStore } from "./open.ts";
import { issuedPacks } from "./pack-records.ts";
import { draftFolder } from "./pack-source.ts";
import { periodWarnings } from "./period-warnings.ts";
import type { PipelineContext, ReportRequest, ReportSummary } from "./types.ts";

/**
 * Judges one period from what the store holds and writes its pack. The same store, period, cut-off, configuration and
 * version give the same bytes but for the PDF's. Throws ConfigError where nothing was collected yet.
 */
export async function report(ctx: PipelineContext, request: ReportRequest): Promise<ReportSummary> {
  ctx.progress("judging the evidence");
  const result = await assess(ctx, request);
  ctx.signal.throwIfAborted();
  ctx.progress("laying out the pack");
  const files = renderReport(result);
  const directory = request.out ?? (await freeFolder(ctx, result.period.id));
  const built = await buildPack(files, {
    directory,
    title: packTitle(result),
    author: result.organisation.name,
    checkpoint: result.checkpoint,
    tool: `${result.tool.name} ${result.tool.version}`,
    onProgress: ctx.progress,
    ...(ctx.config.browser === undefined ? {} : { executablePath: ctx.config.browser }),
  });
  return {
    ...built,
    result,
    warnings: [...besideIssued(ctx, built.directory, result), ...periodWarnings(ctx, result.period)],
  };
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
