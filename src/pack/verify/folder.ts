import { join } from "node:path";
import { fingerprint } from "../../ledger/signing-key.ts";
import { htmlSubject, type ManifestPredicate, packFile, type Statement } from "../formats.ts";
import { readSealedHtml } from "../html/seal-html.ts";
import { bundleChecks } from "./bundle-part.ts";
import type { Check } from "./check.ts";
import { originOf } from "./checkpoint.ts";
import { type ContentResult, verifyContent } from "./content.ts";
import { broken, holds, reasonOf, unchecked } from "./findings.ts";
import {
  type DigestedFiles,
  type Digests,
  digestsOf,
  firstOf,
  folderFiles,
  type PackFiles,
  readWhole,
} from "./pack-files.ts";
import { pdfChecks } from "./pdf-part.ts";
import { sha256Hex } from "./sha256.ts";
import { packStatement } from "./shapes.ts";
import { verifyStatement } from "./signed-statement.ts";
import { keyCheck, readKey } from "./signer.ts";
import { addedChecks, subjectChecks } from "./subjects.ts";
import { sumsChecks } from "./sums.ts";
import type { Verification } from "./verification.ts";
import { zipFiles } from "./zip-files.ts";

/** The files over which the pack manifest cannot be, because they come after it. */
const manifests: readonly string[] = [packFile.manifest, packFile.manifestEnvelope, packFile.manifestSignature];

/** Verifies the folder of an issued pack: both manifests, every file, and what each part says of the others. */
export async function verifyFolder(
  directory: string,
  expectedKey: string | undefined,
): Promise<Omit<Verification, "name">> {
  const files = await folderFiles(directory);
  const digests = digestsOf(files);
  const pem = await readWhole(files, packFile.key);
  const key = pem.problem === undefined ? readKey(pem.bytes) : undefined;
  if (!key) {
    const why = pem.problem ?? "it is no Ed25519 public key in PEM";
    return {
      kind: "folder",
      checks: [broken(packFile.key, `${why}; without it no signature can be checked`), ...files.problems],
    };
  }
  const pack = await packManifest(files, digests, key);
  const bundle = await openBundle(join(directory, packFile.bundle), files);
  try {
    const html = await htmlOf(files);
    const content = await verifyContent({
      files,
      digests,
      key,
      bundle: bundle.opened,
      html: html.sealed,
      elsewhere: { names: () => false, where: "" },
    });
    const subjects = content.content?.subject.map(({ name }) => name);
    const signed = firstOf(signedDigests(pack.statement), signedDigests(content.content), digests);
    return {
      kind: "folder",
      ...facts(content, key),
      ...(pack.digest === undefined ? {} : { manifest: pack.digest }),
      checks: [
        ...pack.checks,
        keyCheck(key, expectedKey),
        ...between(pack.statement, content),
        ...content.checks,
        ...html.checks,
        ...bundle.checks,
        ...(bundle.opened ? await bundleChecks(bundle.opened, signed, subjects) : []),
        ...(await pdfChecks(files, signed, subjects)),
      ],
    };
  } finally {
    await bundle.opened?.files.close();
  }
}

/** What a manifest says of its files: a part that still holds them is not at fault where one outside was altered. */
function signedDigests(statement: Statement<unknown> | undefined): Digests {
  const digests = new Map(statement?.subject.map(({ name, digest }) => [name, digest]));
  return { of: async (name) => digests.get(name) };
}

/** What a verification tells of a pack besides its checks. */
export function facts(
  { content, proofs }: ContentResult,
  key: Uint8Array,
): Pick<Verification, "content" | "proofs" | "checkpoint" | "key"> {
  const checkpoint = content?.predicate.checkpoint;
  const origin = checkpoint && originOf(checkpoint);
  return {
    key: fingerprint(key),
    ...(content ? { content } : {}),
    ...(proofs ? { proofs } : {}),
    ...(checkpoint
      ? { checkpoint: { size: checkpoint.size, root: checkpoint.root, ...(origin === undefined ? {} : { origin }) } }
      : {}),
  };
}

interface PackManifest {
  readonly checks: readonly Check[];
  readonly statement?: Statement<ManifestPredicate>;
  readonly digest?: string;
}

async function packManifest(files: PackFiles, digests: Digests, key: Uint8Array): Promise<PackManifest> {
  const read = new Map<string, Uint8Array>();
  const unread: Check[] = [];
  for (const name of [...manifests, packFile.sums]) {
    const file = await readWhole(files, name);
    if (file.problem === undefined) read.set(name, file.bytes);
    else unread.push(broken(name, file.problem));
  }
  const [manifest, envelope, signature] = manifests.map((name) => read.get(name));
  const digest = manifest ? { digest: sha256Hex(manifest) } : {};
  if (!envelope) return { checks: [...unread, ...files.problems], ...digest };
  const signed = verifyStatement<ManifestPredicate>({
    name: packFile.manifest,
    envelopeName: packFile.manifestEnvelope,
    envelope,
    key,
    shape: packStatement,
    ...(manifest ? { file: manifest } : {}),
    ...(signature ? { alone: { name: packFile.manifestSignature, signature } } : {}),
  });
  const { statement } = signed;
  const checks = [...signed.checks, ...unread];
  if (!statement) return { checks: [...checks, ...files.problems], ...digest };
  const listed = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
  const known = new Set([...listed.keys(), ...manifests]);
  const sums = read.get(packFile.sums);
  return {
    ...digest,
    statement,
    checks: [
      ...checks,
      ...(await subjectChecks(packFile.manifest, statement.subject, digests, { names: () => false, where: "" })),
      ...addedChecks(files.names, known, packFile.manifest),
      ...files.problems,
      ...(sums ? sumsChecks(sums, listed) : []),
    ],
  };
}

/** What the two manifests say of each other. */
function between(pack: Statement<ManifestPredicate> | undefined, { content }: ContentResult): readonly Check[] {
  if (!pack || !content) return [];
  const { predicate } = pack;
  const stated = content.predicate;
  const contentDigest = pack.subject.find(({ name }) => name === packFile.content)?.digest.sha256;
  const same =
    predicate.content === contentDigest &&
    predicate.pack.name === stated.pack.name &&
    predicate.pack.revision === stated.pack.revision &&
    predicate.pack.edition === stated.pack.edition &&
    predicate.checkpoint.size === stated.checkpoint.size &&
    predicate.checkpoint.root === stated.checkpoint.root;
  return [
    same
      ? holds(packFile.manifest, `is of the same pack, content and checkpoint as ${packFile.content}`)
      : broken(packFile.manifest, `is of another pack, content or checkpoint than ${packFile.content}`),
  ];
}

async function htmlOf(files: PackFiles): Promise<{
  readonly sealed?: NonNullable<ReturnType<typeof readSealedHtml>>;
  readonly checks: readonly Check[];
}> {
  const file = await readWhole(files, packFile.html);
  // Missing or unreadable: the manifests' checks say so.
  if (file.problem !== undefined) return { checks: [] };
  const sealed = readSealedHtml(file.bytes);
  return sealed ? { sealed, checks: [] } : { checks: [broken(packFile.html, notSealed)] };
}

/** What a page is that cannot be taken apart. */
export const notSealed = `does not carry its seal as it was issued: ${htmlSubject.content} and ${htmlSubject.proof} cannot be found in it`;

async function openBundle(
  path: string,
  { names }: PackFiles,
): Promise<{ readonly opened?: DigestedFiles; readonly checks: readonly Check[] }> {
  if (!names.includes(packFile.bundle))
    return { checks: [unchecked("records", `what they say: ${packFile.bundle} is missing`)] };
  try {
    const files = await zipFiles(path);
    return { opened: { files, digests: digestsOf(files) }, checks: [] };
  } catch (error) {
    return { checks: [broken(packFile.bundle, `cannot be opened: ${reasonOf(error)}`)] };
  }
}
