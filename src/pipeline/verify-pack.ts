import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTimestamp, verifyTimestamp } from "../ledger/timestamp.ts";
import { packFile } from "../pack/formats.ts";
import { openPdf } from "../pack/pdf/pdf-file.ts";
import { signaturesOf } from "../pack/pdf/signature-field.ts";
import { pdfSigner, verifyPdfSignature } from "../pack/pdf/verify-signature.ts";
import type { Check } from "../pack/verify/check.ts";
import { broken, holds, unchecked } from "../pack/verify/findings.ts";
import {
  pdfCertificateSubject,
  pdfSignatureSubject,
  timestampSubject,
  type Verification,
  verifyPath,
} from "../pack/verify/index.ts";
import { sha256 } from "../util/hash.ts";

/** With what a signature is trusted; nothing of it is needed to check the rest. */
export interface Trust {
  /** The ledger's key: its fingerprint, or a PEM file. */
  readonly key?: string;
  /** The roots of timestamp authorities, PEM texts; empty: no authority is known. */
  readonly roots: readonly string[];
}

/** Verifies a pack in whatever form, the PDF's own signature and the timestamp's authority included. Throws ConfigError where there is no pack. */
export async function verifyPack(path: string, { key, roots }: Trust): Promise<Verification> {
  const verification = await verifyPath(path, key === undefined ? {} : { key });
  const { kind, proofs, content } = verification;
  const pdf = kind === "pdf" ? path : kind === "folder" && content ? join(path, packFile.pdf) : undefined;
  const checks: Check[] = [];
  for (const check of verification.checks) {
    if (check.outcome === "unchecked" && check.subject === pdfSignatureSubject && pdf !== undefined)
      checks.push(...(await pdfSignatureChecks(pdf, roots, content?.predicate.certificate)));
    else if (check.outcome === "unchecked" && check.subject === timestampSubject && proofs?.timestamp.token != null)
      checks.push(
        await tokenCheck(Buffer.from(proofs.timestamp.token, "base64"), sha256(proofs.checkpoint.note), roots),
      );
    else checks.push(check);
  }
  return { ...verification, checks };
}

/** `stated` is the certificate that the content manifest names, where it says anything of it. */
async function pdfSignatureChecks(
  path: string,
  roots: readonly string[],
  stated: string | null | undefined,
): Promise<readonly Check[]> {
  const pdf = await readFile(path);
  if (isUnsigned(pdf))
    return [
      typeof stated === "string"
        ? broken(pdfSignatureSubject, `it was taken away: ${packFile.content} states that the PDF has one`)
        : unchecked(
            pdfSignatureSubject,
            "it has none of its own: its pages are what was issued where manifest.json, beside it, says so",
          ),
    ];
  const signer = pdfSigner(pdf)?.fingerprint;
  return [
    ...(await verifyPdfSignature(pdf, roots.length === 0 ? undefined : roots)),
    ...(stated === undefined || signer === undefined ? [] : [sameCertificate(signer, stated)]),
  ];
}

const sameCertificate = (signer: string, stated: string | null): Check =>
  signer === stated
    ? holds(pdfCertificateSubject, `is the one that ${packFile.content} states, which is signed with the key`)
    : broken(
        pdfCertificateSubject,
        `is not the one that ${packFile.content} states: somebody else signed the PDF, with the certificate ${signer}`,
      );

/** Whether a PDF was never signed: packs are issued so where no certificate is configured. */
function isUnsigned(pdf: Uint8Array): boolean {
  try {
    return signaturesOf(openPdf(pdf)).length === 0;
  } catch {
    return false;
  }
}

/** Checks an RFC 3161 token over the digest, up to the roots where any are given. */
export async function tokenCheck(token: Uint8Array, digest: Uint8Array, roots: readonly string[]): Promise<Check> {
  const { at, authority, problems } =
    roots.length === 0 ? await readTimestamp(token, digest) : await verifyTimestamp(token, digest, roots);
  if (problems.length > 0) return broken(timestampSubject, `it does not hold: ${problems.join("; ")}`);
  return roots.length === 0
    ? unchecked(timestampSubject, `${authority} signed it at ${at}; whether that is an authority: --trust ROOTS.pem`)
    : holds(timestampSubject, `${authority}, trusted by the roots given, states that it existed at ${at}`);
}
