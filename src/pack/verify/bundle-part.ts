import { packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import type { DigestedFiles, Digests } from "./pack-files.ts";
import { sameFilesChecks } from "./subjects.ts";

/** An index by the auditor's own request numbers, only where they were given. */
const index = "index.csv";

const always: readonly string[] = [
  packFile.content,
  packFile.contentEnvelope,
  packFile.key,
  packFile.verifier,
  packFile.instructions,
];

/** Files that no manifest in the bundle is about. */
export const unsignedInBundle: readonly string[] = [packFile.verifier, packFile.instructions, index];

/** Whether the content manifest's file lies in the bundle: all but the parts of the page, and the schema, which need not. */
const inBundle = (name: string): boolean => !name.includes("#") && !name.endsWith(".schema.json");

/** Checks the bundle's files against those outside it: records, proofs, content manifest and what it lists, no more and no less. */
export async function bundleChecks(
  { files, digests }: DigestedFiles,
  outside: Digests,
  subjects: readonly string[] | undefined,
): Promise<readonly Check[]> {
  const expected = subjects && {
    required: [...subjects.filter(inBundle), ...always],
    optional: [...subjects, index],
  };
  return sameFilesChecks(packFile.bundle, { names: files.names, digests }, outside, expected);
}
