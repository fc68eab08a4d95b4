import { packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, unchecked } from "./findings.ts";
import { digestsOf, type PackFiles } from "./pack-files.ts";
import { readJson } from "./shape.ts";
import { draftManifest } from "./shapes.ts";
import { addedChecks, subjectChecks } from "./subjects.ts";
import type { Verification } from "./verification.ts";

interface DraftManifest {
  readonly checkpoint: { readonly size: number; readonly root: string };
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/** Whether a manifest is that of a draft. */
export const isDraft = (manifest: Uint8Array): boolean => readJson(manifest, draftManifest).problem === undefined;

/** What only issuing writes. */
const issuedOnly: readonly string[] = [
  packFile.manifestEnvelope,
  packFile.manifestSignature,
  packFile.content,
  packFile.contentEnvelope,
  packFile.proofs,
  packFile.bundle,
  packFile.key,
  packFile.sums,
];

/** Verifies a draft's folder: that its files are those written together; nobody signed it, which breaks it where a key was expected. */
export async function verifyDraft(
  files: PackFiles,
  manifest: Uint8Array,
  expectedKey: string | undefined,
): Promise<Omit<Verification, "name">> {
  const read = readJson<DraftManifest>(manifest, draftManifest);
  if (read.problem !== undefined)
    return { kind: "draft", checks: [broken(packFile.manifest, `cannot be read: ${read.problem}`)] };
  const { checkpoint } = read.value;
  const subjects = read.value.files.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
  const known = new Set([...subjects.map(({ name }) => name), packFile.manifest]);
  return {
    kind: "draft",
    checkpoint: { size: checkpoint.size, root: checkpoint.root },
    checks: [
      ...(await subjectChecks(
        packFile.manifest,
        subjects,
        digestsOf(files),
        { names: () => false, where: "" },
        "what was rendered",
      )),
      ...addedChecks(files.names, known, packFile.manifest),
      ...files.problems,
      ...files.names.filter((name) => issuedOnly.includes(name)).map(leftover),
      unsigned(expectedKey),
    ],
  };
}

const leftover = (name: string): Check =>
  broken(name, `is of an issued pack, and ${packFile.manifest} is a draft's: it stands where the signed one was`);

const unsigned = (expectedKey: string | undefined): Check =>
  expectedKey === undefined
    ? unchecked(
        "signature",
        "this is a draft: nobody signed it, so it shows that its files belong together and not who wrote them",
      )
    : broken("signature", "this is a draft: nobody signed it, neither with the key you gave nor with another");
