import { type StreamKind, streamKinds } from "../model/stream.ts";
import { keptDaysOf } from "./kept-days.ts";
import { status } from "./status.ts";
import type { DoctorFinding, PipelineContext, StreamStatus } from "./types.ts";

/** Per source and kind that it does not keep for good: from when on it forgets what was not collected. One that has begun to is a warning. */
export async function forgettingFindings(
  ctx: Pick<PipelineContext, "config" | "clock">,
): Promise<readonly DoctorFinding[]> {
  const keptDays = keptDaysOf(ctx.config.sources);
  const { streams } = await status(ctx);
  return ctx.config.sources.flatMap(({ id }) => {
    const own = Map.groupBy(
      streams.filter(({ source }) => source === id),
      ({ kind }) => kind,
    );
    const known = streamKinds.map((kind) => ({ kind, days: keptDays(id, kind) }));
    const present = known.flatMap(({ kind, days }) => (days === 0 ? [kind] : []));
    return [
      ...known.flatMap(({ kind, days }) => (days ? [finding(id, kind, days, own.get(kind) ?? [], ctx.clock())] : [])),
      ...(present.length === 0
        ? []
        : [
            {
              subject: `source ${id}: kept`,
              ok: "ok" as const,
              message: `of ${present.join(", ")} only the present state is read: collect as often as a change of them must show`,
            },
          ]),
    ];
  });
}

function finding(
  source: string,
  kind: StreamKind,
  days: number,
  streams: readonly StreamStatus[],
  now: Date,
): DoctorFinding {
  const subject = `source ${source}: ${kind} kept`;
  const first = streams
    .flatMap(({ keepsUntil, until }) => (keepsUntil && until ? [{ keepsUntil, until }] : []))
    .toSorted((a, b) => (a.keepsUntil < b.keepsUntil ? -1 : 1))[0];
  if (!first) return { subject, ok: "ok", message: `kept ${days} days; nothing of it was collected yet` };
  const message = `kept ${days} days; collected until ${first.until}: what came after is forgotten from ${first.keepsUntil} on`;
  if (Date.parse(first.keepsUntil) > now.getTime()) return { subject, ok: "ok", message };
  const todo = "Collect now: what is gone already stays unobserved, and packs say so.";
  return { subject, ok: "warn", message, todo };
}
