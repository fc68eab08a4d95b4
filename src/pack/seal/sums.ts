import type { Digests } from "./signed-statement.ts";

/** `SHA256SUMS` as `sha256sum --check` reads it, sorted by name. */
export function sumsOf(digests: Digests): string {
  return [...digests]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, digest]) => `${digest}  ${name}\n`)
    .join("");
}
