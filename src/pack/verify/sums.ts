import { packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, holds } from "./findings.ts";

/** Checks that `SHA256SUMS` says of every file what the pack manifest says. */
export function sumsChecks(sums: Uint8Array, signed: ReadonlyMap<string, string>): readonly Check[] {
  const lines = Buffer.from(sums).toString("utf8").split("\n");
  if (lines.pop() !== "") return [broken(packFile.sums, "its last line is cut")];
  const stated = new Map<string, string>();
  for (const line of lines) {
    const [, digest, name] = /^([0-9a-f]{64}) [ *]([^/\\]+)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined)
      return [broken(packFile.sums, `has a line that is no sum: ${line}`)];
    if (stated.has(name)) return [broken(packFile.sums, `lists ${name} twice`)];
    stated.set(name, digest);
  }
  const names = new Set([...stated.keys(), ...signed.keys()]);
  names.delete(packFile.sums);
  const differing = [...names].filter((name) => stated.get(name) !== signed.get(name));
  return differing.length === 0
    ? [holds(packFile.sums, "says of every file what the manifest says")]
    : differing.map((name) => broken(packFile.sums, `says something else of ${name} than the manifest`));
}
