import { packFile } from "../formats.ts";
import { attachmentsOf } from "../pdf/read-attachments.ts";
import type { Check } from "./check.ts";
import { broken, reasonOf, unchecked } from "./findings.ts";
import { type Digests, digestsOf, filesInMemory, type PackFiles, readWhole } from "./pack-files.ts";
import { sameFilesChecks } from "./subjects.ts";

/** What the check is about that only the command line can make: the PDF's own signature. */
export const pdfSignatureSubject = "pack.pdf signature";
/** What the checks of the PDF's certificate are about. */
export const pdfCertificateSubject = "pack.pdf certificate";

const always: readonly string[] = [packFile.content, packFile.contentEnvelope, packFile.key];

/** Whether the content manifest's file is attached to the PDF. */
const attached = (name: string): boolean =>
  name === packFile.assessment || name === packFile.proofs || (name.endsWith(".csv") && !name.includes("/"));

/** The PDF's attachments, or what is wrong with the file; never throws. */
export function attachments(pdf: Uint8Array): PackFiles | Check {
  try {
    return filesInMemory(attachmentsOf(pdf));
  } catch (error) {
    return broken(packFile.pdf, `its attachments cannot be read: ${reasonOf(error)}`);
  }
}

/** Checks that the PDF's attachments are the files beside it, no more and no less. */
export async function pdfChecks(
  files: PackFiles,
  outside: Digests,
  subjects: readonly string[] | undefined,
): Promise<readonly Check[]> {
  const file = await readWhole(files, packFile.pdf);
  // Missing: the pack manifest's check says so.
  if (file.problem !== undefined) return [];
  const inside = attachments(file.bytes);
  return "outcome" in inside ? [inside] : [...(await attachmentChecks(inside, outside, subjects)), pdfSignature()];
}

/** Checks attachments by name, and against the files outside where those lie there. */
export const attachmentChecks = (
  inside: PackFiles,
  outside: Digests,
  subjects: readonly string[] | undefined,
): Promise<readonly Check[]> =>
  sameFilesChecks(
    packFile.pdf,
    { names: inside.names, digests: digestsOf(inside) },
    outside,
    subjects && { required: [...subjects.filter(attached), ...always], optional: subjects },
  );

/** The PDF's own signature needs its certificate: said, not guessed. */
export const pdfSignature = (): Check =>
  unchecked(
    pdfSignatureSubject,
    "was not checked here; flowproof verify, Adobe Acrobat or pdfsig check it (pdfsig must say Total document signed), VERIFY.txt says how with openssl cms",
  );
