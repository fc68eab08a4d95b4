import { join } from "node:path";
import { buildPack } from "../pack/index.ts";
import { packTitle, renderReport } from "../report/index.ts";
import { assess } from "./assess.ts";
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
  const directory = request.out ?? join(ctx.config.reports, `${result.organisation.slug}-${result.period.id}`);
  const built = await buildPack(files, {
    directory,
    title: packTitle(result),
    author: result.organisation.name,
    checkpoint: result.checkpoint,
    tool: `${result.tool.name} ${result.tool.version}`,
    onProgress: ctx.progress,
    ...(ctx.config.browser === undefined ? {} : { executablePath: ctx.config.browser }),
  });
  return { ...built, result, warnings: periodWarnings(ctx, result.period) };
}
