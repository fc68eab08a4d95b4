import type { Coverage, StreamKind } from "../model/stream.ts";
import { instant } from "../util/clock.ts";
import { providerOf } from "./open.ts";

/** How many days a source still gives what was not collected of a kind; undefined where it keeps everything. */
export type KeptDays = (source: string, kind: StreamKind) => number | undefined;

/** As the sources' providers know it: one table for what `status`, `doctor` and packs say. */
export function keptDaysOf(sources: readonly { readonly id: string; readonly provider: string }[]): KeptDays {
  const bySource = new Map(sources.map((source) => [source.id, providerOf(source).keptDays]));
  return (source, kind) => bySource.get(source)?.[kind];
}

/** The end of what was ever observed of a stream; null where nothing was. */
export const observedUntil = (statements: readonly Coverage[]): string | null =>
  statements
    .filter(({ status }) => status !== "unobserved")
    .reduce<string | null>((end, { to }) => (end === null || to > end ? to : end), null);

/** When a source begins to forget what came after an instant. */
export const forgottenFrom = (until: string, days: number): string =>
  instant(new Date(Date.parse(until) + days * 86_400_000));
