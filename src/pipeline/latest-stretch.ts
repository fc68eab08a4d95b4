import type { Coverage } from "../model/stream.ts";

/** Of what one run said of a stream, what reaches to its end: what the source had forgotten before cannot be had any more. */
export function latestStretch<T extends Coverage>(statements: readonly T[]): readonly T[] {
  const end = statements.reduce((latest, { to }) => (to > latest ? to : latest), "");
  return statements.filter(({ to }) => to === end);
}
