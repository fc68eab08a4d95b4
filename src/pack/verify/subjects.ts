import type { Statement } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, counted, holds, listed, unchecked } from "./findings.ts";
import type { Digests } from "./pack-files.ts";

/** Compares every file that a manifest lists with what lies there; `elsewhere` are those that need not lie here, and where they do; `state` is what the listed bytes are. */
export async function subjectChecks(
  manifest: string,
  subjects: Statement<unknown>["subject"],
  digests: Digests,
  elsewhere: { readonly names: (name: string) => boolean; readonly where: string },
  state = "what was signed",
): Promise<readonly Check[]> {
  const bad: Check[] = [];
  const absent: string[] = [];
  let good = 0;
  for (const { name, digest } of subjects) {
    const found = await digests.of(name);
    if (!found) {
      if (elsewhere.names(name)) absent.push(name);
      else bad.push(broken(name, `is missing: ${manifest} lists it`));
    } else if ("problem" in found) bad.push(broken(name, found.problem));
    else if (found.sha256 !== digest.sha256)
      bad.push(broken(name, `was altered: its SHA-256 is not the one in ${manifest}`));
    else good += 1;
  }
  return [
    ...(good > 0 ? [holds(manifest, `${counted(good, "file")} that it lists: byte for byte ${state}`)] : []),
    ...(absent.length > 0 ? [unchecked(manifest, `lists ${listed(absent)}: ${elsewhere.where}`)] : []),
    ...bad,
  ];
}

/** What lies there and is not listed. */
export const addedChecks = (names: readonly string[], known: ReadonlySet<string>, manifest: string): readonly Check[] =>
  names.filter((name) => !known.has(name)).map((name) => broken(name, `was added: ${manifest} does not list it`));

/** Checks that the files inside a part are those of a list, where one is known, no more and no less, each the same as outside where it lies outside too. */
export async function sameFilesChecks(
  part: string,
  inside: { readonly names: readonly string[]; readonly digests: Digests },
  outside: Digests,
  expected: { readonly required: readonly string[]; readonly optional: readonly string[] } | undefined,
): Promise<readonly Check[]> {
  const known = expected && new Set([...expected.required, ...expected.optional]);
  const checks: Check[] = [];
  let same = 0;
  for (const name of expected?.required ?? []) {
    if (!inside.names.includes(name)) checks.push(broken(part, `${name} is missing in it`));
  }
  for (const name of inside.names) {
    if (known && !known.has(name)) checks.push(broken(part, `${name} was added to it`));
    const [within, without] = [await inside.digests.of(name), await outside.of(name)];
    if (within && "problem" in within) checks.push(broken(part, `${name} in it: ${within.problem}`));
    else if (within && without && "sha256" in without) {
      if (within.sha256 === without.sha256) same += 1;
      else checks.push(broken(part, `${name} in it was replaced: it is not the pack's ${name}`));
    }
  }
  if (checks.length > 0 || !expected) return checks;
  const text =
    same > 0
      ? `${counted(same, "file")} in it: the same as in the pack, none added or missing`
      : "no file in it was added, none is missing";
  return [holds(part, text)];
}
