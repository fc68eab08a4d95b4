import { mkdir, rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { publicKeyPem, type SigningKey } from "../../ledger/signing-key.ts";
import { toBase64 } from "../../util/base64.ts";
import { sha256Hex } from "../../util/hash.ts";
import { bundled } from "../bundled.ts";
import {
  type BundledRecord,
  type ContentPredicate,
  htmlSubject,
  type Proofs,
  packFile,
  predicateType,
  type RecordsProof,
} from "../formats.ts";
import { writePageProof } from "../html/page-proof.ts";
import { contentHtml, sealHtml } from "../html/seal-html.ts";
import { withAttachments } from "../pdf/attachments.ts";
import { withPackedObjects } from "../pdf/pack-objects.ts";
import { withPdfInfo } from "../pdf-info.ts";
import { type PrintOptions, printPdf } from "../print.ts";
import { instructions } from "../verify/instructions.ts";
import { besidePack, checkReplaceable, clearBegun, writePack } from "../write-pack.ts";
import { indexFile, type WrittenFile, writeBundle, writeRecords } from "./bundle.ts";
import { proofsJson } from "./proofs.ts";
import { type Digests, signedStatement } from "./signed-statement.ts";
import { sumsOf } from "./sums.ts";

/** What an issued pack is made of. */
export interface SealOptions extends PrintOptions {
  /** Its name is the pack's; a draft in it is replaced. */
  readonly directory: string;
  readonly title: string;
  readonly key: SigningKey;
  readonly predicate: ContentPredicate;
  readonly proofs: Proofs;
  /** Of the records that the document lists. */
  readonly pageRecords: RecordsProof;
  /** By their places in the ledger, those of `proofs`. */
  readonly records: AsyncIterable<BundledRecord>;
  /** By name in the bundle: what lies only there, and is signed like the rest. */
  readonly attachments?: ReadonlyMap<string, WrittenFile>;
  /** `index.csv`: where the answers to the auditor's requests are. */
  readonly index?: string;
  /** Signs the finished PDF; absent: there is no certificate. */
  readonly signPdf?: (pdf: Uint8Array) => Promise<Uint8Array>;
  readonly signal?: AbortSignal;
}

/** An issued pack as it lies on the disk. */
export interface SealedPack {
  readonly directory: string;
  /** Names in the folder, sorted. */
  readonly files: readonly string[];
  readonly pages: number;
  /** SHA-256 of `manifest.json`, `content.json` and `assessment.json`. */
  readonly manifest: string;
  readonly content: string;
  readonly assessment: string;
}

type Files = Map<string, string | Uint8Array>;

/**
 * Prints, seals and signs the rendered files and puts all under the pack's name at once, read-only. The same input gives
 * the same bytes but for the PDF's and what lists its digest. Throws ConfigError for a folder that may not be replaced;
 * nothing is left then.
 */
export async function sealPack(
  rendered: ReadonlyMap<string, string | Uint8Array>,
  options: SealOptions,
): Promise<SealedPack> {
  const { onProgress = () => undefined, signal } = options;
  const target = resolve(options.directory);
  // Before the printing, which may take minutes.
  await checkReplaceable(target);
  await clearBegun(target);
  const printed = await printPdf(textOf(rendered, packFile.html), { ...options, serialise: true });
  signal?.throwIfAborted();
  onProgress("sealing");
  const parts = besidePack(target, "parts");
  await mkdir(parts);
  try {
    const records = await writeRecords(join(parts, packFile.records), options.records);
    const content = sealedContent(rendered, printed.serialised ?? "", records, options);
    const loose = looseFiles(content);
    signal?.throwIfAborted();
    const bundle = await writeBundle(join(parts, packFile.bundle), bundledFiles(loose, content, records, options));
    signal?.throwIfAborted();
    const pdf = await sealedPdf(printed.pdf, attachedFiles(loose), options);
    const { files, manifest } = packManifest(content.set(packFile.pdf, pdf), bundle, options);
    onProgress(`writing ${basename(target)}`);
    await writePack(target, files, { readOnly: true });
    return {
      directory: target,
      files: [...files.keys()].sort(),
      pages: printed.pages,
      manifest,
      content: sha256Hex(content.get(packFile.content) ?? ""),
      assessment: sha256Hex(content.get(packFile.assessment) ?? ""),
    };
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

/** The document sealed, and everything that its signature is about. */
function sealedContent(
  rendered: ReadonlyMap<string, string | Uint8Array>,
  serialised: string,
  records: WrittenFile,
  { key, predicate, proofs, pageRecords, attachments = new Map() }: SealOptions,
): Files {
  const verifier = bundled("page.js");
  const html = contentHtml(serialised, verifier);
  const { checkpoint } = predicate;
  const proof = writePageProof({ checkpoint, key: toBase64(key.publicKey), records: pageRecords });
  const files: Files = new Map([...rendered].filter(([name]) => name !== packFile.html));
  files.set(packFile.proofs, proofsJson(proofs));
  const subjects = new Map([
    ...digestsOf(files),
    [packFile.records, records.sha256],
    ...[...attachments].map(([name, { sha256 }]) => [name, sha256] as const),
    [htmlSubject.content, sha256Hex(html)],
    [htmlSubject.proof, sha256Hex(proof)],
  ]);
  const { text, envelope } = signedStatement(key, subjects, predicateType.content, predicate);
  return files
    .set(packFile.content, text)
    .set(packFile.contentEnvelope, envelope)
    .set(packFile.key, publicKeyPem(key.publicKey))
    .set(packFile.html, sealHtml(html, { proof, envelope: envelope.trimEnd(), verifier }));
}

/** What lies in the bundle as well as beside it: everything but the document and the schema. */
const looseFiles = (content: Files): Files =>
  new Map([...content].filter(([name]) => name !== packFile.html && !name.endsWith(".schema.json")));

/** What lies in the PDF: the data, the proofs and their signature. */
const attachedFiles = (loose: Files): Files =>
  new Map([...loose].filter(([name]) => name in descriptions || name.endsWith(".csv")));

function textOf(files: ReadonlyMap<string, string | Uint8Array>, name: string): string {
  const text = files.get(name);
  if (typeof text !== "string") throw new Error(`a pack without ${name} cannot be sealed`);
  return text;
}

function bundledFiles(
  loose: Files,
  content: Files,
  records: WrittenFile,
  { index, attachments = new Map() }: SealOptions,
): ReadonlyMap<string, string | Uint8Array | WrittenFile> {
  content.set(packFile.verifier, bundled("verify.mjs")).set(packFile.instructions, instructions());
  return new Map<string, string | Uint8Array | WrittenFile>([
    [packFile.instructions, content.get(packFile.instructions) ?? ""],
    [packFile.verifier, content.get(packFile.verifier) ?? ""],
    ...(index === undefined ? [] : [[indexFile, index] as const]),
    ...loose,
    ...attachments,
    [packFile.records, records],
  ]);
}

const descriptions: Readonly<Record<string, string>> = {
  [packFile.assessment]: "Everything the pack says, as data",
  [packFile.proofs]: "That the records are under the checkpoint",
  [packFile.content]: "What was signed: these files by SHA-256",
  [packFile.contentEnvelope]: "The signature over content.json (DSSE)",
  [packFile.key]: "The public key to check it with",
};

const typeOf = (name: string): string =>
  name.endsWith(".json") ? "application/json" : name.endsWith(".csv") ? "text/csv" : "application/x-pem-file";

async function sealedPdf(pdf: Uint8Array, attached: Files, options: SealOptions): Promise<Uint8Array> {
  const { organisation } = options.predicate.pack;
  const { issued, tool } = options.predicate;
  const told = withPdfInfo(pdf, { title: options.title, author: organisation, creator: tool, date: issued.at });
  const whole = withAttachments(
    withPackedObjects(told),
    [...attached].map(([name, text]) => ({
      name,
      description: descriptions[name] ?? "A table of the pack, a row an item",
      mimeType: typeOf(name),
      content: Buffer.from(text as Uint8Array),
    })),
    issued.at,
  );
  return options.signPdf ? options.signPdf(whole) : whole;
}

/** The files with what is over all of them: sums, manifest and its signature. */
function packManifest(
  content: Files,
  bundle: WrittenFile,
  { key, predicate }: SealOptions,
): { readonly files: ReadonlyMap<string, string | Uint8Array | WrittenFile>; readonly manifest: string } {
  const { name, revision, edition } = predicate.pack;
  const { size, root } = predicate.checkpoint;
  const digests = new Map(digestsOf(content)).set(packFile.bundle, bundle.sha256);
  const sums = sumsOf(digests);
  const signed = signedStatement(key, digests.set(packFile.sums, sha256Hex(sums)), predicateType.manifest, {
    version: 1,
    pack: { name, revision, edition },
    content: digests.get(packFile.content) ?? "",
    checkpoint: { size, root },
  });
  return {
    manifest: sha256Hex(signed.text),
    files: new Map<string, string | Uint8Array | WrittenFile>([
      ...content,
      [packFile.bundle, bundle],
      [packFile.sums, sums],
      [packFile.manifest, signed.text],
      [packFile.manifestEnvelope, signed.envelope],
      [packFile.manifestSignature, signed.signature],
    ]),
  };
}

function digestsOf(files: Files): Digests & Map<string, string> {
  return new Map([...files].map(([name, content]) => [name, sha256Hex(content)]));
}
