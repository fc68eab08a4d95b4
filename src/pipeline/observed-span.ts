import type { Coverage } from "../model/stream.ts";

/** How much of [from, to) any run observed of a stream: `complete` where what was observed whole leaves no hole. */
export function observedIn(
  statements: readonly Omit<Coverage, "stream">[],
  { from, to }: { readonly from: string; readonly to: string },
): Coverage["status"] {
  const touching = statements.filter((one) => one.status !== "unobserved" && one.from < to && one.to > from);
  if (touching.length === 0) return "unobserved";
  let reached = from;
  for (const one of touching.filter(({ status }) => status === "complete").sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (one.from > reached) break;
    if (one.to > reached) reached = one.to;
  }
  return reached >= to ? "complete" : "partial";
}
