import { readFile } from "node:fs/promises";
import { type ContentPredicate, packFile } from "../formats.ts";
import { readPageProof } from "../html/page-proof.ts";
import { readSealedHtml } from "../html/seal-html.ts";
import { bundleChecks, unsignedInBundle } from "./bundle-part.ts";
import type { Check } from "./check.ts";
import { sameCheckpoint } from "./checkpoint.ts";
import { type ContentResult, verifyContent } from "./content.ts";
import { broken, listed, reasonOf, unchecked } from "./findings.ts";
import { facts, notSealed } from "./folder.ts";
import { htmlDigests, pageChecks } from "./html-part.ts";
import { type DigestedFiles, digestsOf, type PackFiles, readWhole } from "./pack-files.ts";
import { attachmentChecks, attachments, pdfSignature } from "./pdf-part.ts";
import { contentStatement } from "./shapes.ts";
import { verifyStatement } from "./signed-statement.ts";
import { keyCheck, readKey } from "./signer.ts";
import { subjectChecks } from "./subjects.ts";
import type { Verification } from "./verification.ts";
import { zipFiles } from "./zip-files.ts";

type Part = Omit<Verification, "name">;

const notHere = "not here, but in the pack's folder";

const nowhere = { of: async () => undefined };

/** Verifies `evidence.zip` without the folder it lay in. */
export async function verifyBundle(path: string, expectedKey: string | undefined): Promise<Part> {
  let files: PackFiles;
  try {
    files = await zipFiles(path);
  } catch (error) {
    return { kind: "bundle", checks: [broken(packFile.bundle, `cannot be opened: ${reasonOf(error)}`)] };
  }
  try {
    return await verifyBundleFiles(files, expectedKey);
  } finally {
    await files.close();
  }
}

/** The same of the bundle's files, unpacked or not. */
export async function verifyBundleFiles(files: PackFiles, expectedKey: string | undefined): Promise<Part> {
  const here = unsignedInBundle.filter((name) => files.names.includes(name));
  const bundle = { files, digests: digestsOf(files) };
  return verifyPart("bundle", bundle, expectedKey, async (subjects) => [
    ...files.problems,
    ...(await bundleChecks(bundle, nowhere, subjects)),
    ...(here.length > 0
      ? [
          unchecked(
            packFile.bundle,
            `${listed(here)}: no manifest in the bundle is about them; the pack's folder has one`,
          ),
        ]
      : []),
  ]);
}

/** Verifies `pack.pdf` without the folder it lay in, by what is attached to it. */
export async function verifyPdf(path: string, expectedKey: string | undefined): Promise<Part> {
  const files = attachments(await readFile(path));
  if ("outcome" in files) return { kind: "pdf", checks: [files] };
  return verifyPart("pdf", { files, digests: digestsOf(files) }, expectedKey, async (subjects) => [
    ...(await attachmentChecks(files, nowhere, subjects)),
    unchecked(
      packFile.pdf,
      "that its pages say what its attachments say: its own signature and the pack's folder show it",
    ),
    pdfSignature(),
  ]);
}

async function verifyPart(
  kind: "bundle" | "pdf",
  part: DigestedFiles,
  expectedKey: string | undefined,
  others: (subjects: readonly string[] | undefined) => Promise<readonly Check[]>,
): Promise<Part> {
  const { files } = part;
  const pem = await readWhole(files, packFile.key);
  const key = pem.problem === undefined ? readKey(pem.bytes) : undefined;
  if (!key) {
    const why = pem.problem ?? "it is no Ed25519 public key in PEM";
    return { kind, checks: [broken(packFile.key, `${why}; without it no signature can be checked`)] };
  }
  const content = await verifyContent({
    ...part,
    key,
    ...(kind === "bundle" ? { bundle: part } : {}),
    elsewhere: {
      names: (name) => !files.names.includes(name),
      where: notHere,
    },
  });
  const subjects = content.content?.subject.map(({ name }) => name);
  return {
    kind,
    ...facts(content, key),
    checks: [keyCheck(key, expectedKey), ...content.checks, ...(await others(subjects))],
  };
}

/** Verifies `pack.html` without the folder it lay in: what it shows, and the records that it cites. */
export async function verifyHtml(path: string, expectedKey: string | undefined): Promise<Part> {
  const html = readSealedHtml(await readFile(path));
  const proof = html && readPageProof(html.proof);
  if (!html || !proof) return { kind: "html", checks: [broken(packFile.html, notSealed)] };
  const key = Buffer.from(proof.key, "base64");
  const signed = verifyStatement<ContentPredicate>({
    name: packFile.content,
    envelopeName: packFile.contentEnvelope,
    envelope: Buffer.from(html.envelope),
    key,
    shape: contentStatement,
  });
  const { statement } = signed;
  const digests = htmlDigests(html);
  const here = { of: async (name: string) => digests.get(name) };
  const checks: Check[] = [keyCheck(key, expectedKey), ...signed.checks];
  if (statement) {
    checks.push(
      ...(await subjectChecks(packFile.content, statement.subject, here, {
        names: (name) => !digests.has(name),
        where: notHere,
      })),
      ...[...digests.keys()]
        .filter((name) => !statement.subject.some((subject) => subject.name === name))
        .map((name) => broken(packFile.html, `${name} is not signed`)),
      sameCheckpoint(packFile.html, proof.checkpoint, statement.predicate.checkpoint),
    );
  }
  const result: ContentResult = { checks, ...(statement ? { content: statement } : {}) };
  return {
    kind: "html",
    ...facts(result, key),
    checks: [
      ...checks,
      ...pageChecks(html, key, undefined),
      unchecked("records", `what they say: that lies in ${packFile.bundle}`),
    ],
  };
}
