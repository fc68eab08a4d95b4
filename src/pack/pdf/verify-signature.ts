import { createHash, type X509Certificate } from "node:crypto";
import { isValidAt } from "../../ledger/timestamp/certificate-chain.ts";
import { readDer, sameBytes } from "../../ledger/timestamp/der.ts";
import { oid } from "../../ledger/timestamp/oid.ts";
import { readSignedData, type SignedMessage, signatureProblems } from "../../ledger/timestamp/signed-data.ts";
import { readTimestamp, verifyTimestamp } from "../../ledger/timestamp.ts";
import type { Check } from "../verify/check.ts";
import { broken, holds, reasonOf, unchecked } from "../verify/findings.ts";
import { type CertificateFacts, certificateFacts } from "./certificate-facts.ts";
import { openPdf, type PdfFile } from "./pdf-file.ts";
import { signaturesOf } from "./signature-field.ts";
import { encodeSignature, isChain } from "./signed-message.ts";
import { arrayOf, type Raw } from "./syntax.ts";

const pdfSubject = {
  signature: "pack.pdf signature",
  certificate: "pack.pdf certificate",
  timestamp: "pack.pdf timestamp",
} as const;

/**
 * Checks a PDF's own signature: that there is one, that it covers every byte but itself, that it holds, whose it is and
 * since when it is there; never throws. Who may sign is not known here: the certificate, and without roots (PEM) the
 * timestamp's authority, stay unchecked.
 */
export async function verifyPdfSignature(pdf: Uint8Array, trust?: readonly string[]): Promise<readonly Check[]> {
  let signed: Signed;
  try {
    signed = readSignature(pdf);
  } catch (error) {
    return [broken(pdfSubject.signature, `it does not hold: ${reasonOf(error)}`)];
  }
  const problems = signatureProblems(signed.message, signed.digest);
  if (problems.length > 0) return [broken(pdfSubject.signature, `it does not hold: ${problems.join("; ")}`)];
  const facts = certificateFacts(signed.signer.raw);
  return [
    holds(pdfSubject.signature, `it covers the whole file and was made with the key of ${facts.subject}`),
    certificateCheck(facts),
    await timeCheck(signed, trust),
  ];
}

/** The certificate that a PDF was signed with; undefined where its signature does not hold. */
export function pdfSigner(pdf: Uint8Array): CertificateFacts | undefined {
  try {
    const { message, digest, signer } = readSignature(pdf);
    return signatureProblems(message, digest).length === 0 ? certificateFacts(signer.raw) : undefined;
  } catch {
    return undefined;
  }
}

function certificateCheck({ subject, issuer, selfSigned, notAfter, fingerprint }: CertificateFacts): Check {
  const who = selfSigned
    ? `${subject} is self-signed: nobody else vouches for it; confirm with its owner that`
    : `${subject} was issued by ${issuer}, which was not checked here; confirm that you trust it and that`;
  return unchecked(
    pdfSubject.certificate,
    `${who} the certificate's SHA-256 fingerprint is ${fingerprint} (valid until ${notAfter})`,
  );
}

async function timeCheck({ message, signer, statedAt }: Signed, trust?: readonly string[]): Promise<Check> {
  const token = message.unsigned.get(oid.signatureTimestamp)?.raw;
  if (!token) {
    return isValidAt(signer, new Date(statedAt))
      ? unchecked(pdfSubject.timestamp, `there is none: that it was signed at ${statedAt} is the signer's own word`)
      : broken(pdfSubject.timestamp, `its certificate was not valid at ${statedAt}, when it says it was signed`);
  }
  const digest = createHash("sha256").update(message.signature).digest();
  const { at, authority, problems } = await (trust
    ? verifyTimestamp(token, digest, trust)
    : readTimestamp(token, digest));
  if (problems.length > 0) return broken(pdfSubject.timestamp, `it does not hold: ${problems.join("; ")}`);
  if (!isValidAt(signer, new Date(at))) {
    return broken(pdfSubject.timestamp, `the signer's certificate was not valid at ${at}, when it was timestamped`);
  }
  const what = `${authority} states that the signature existed at ${at}`;
  return trust
    ? holds(pdfSubject.timestamp, what)
    : unchecked(pdfSubject.timestamp, `${what}; that this authority can be trusted was not checked here`);
}

interface Signed {
  readonly message: SignedMessage;
  readonly signer: X509Certificate;
  /** SHA-256 of the file but its signature. */
  readonly digest: Uint8Array;
  /** When its signer says it was signed, ISO 8601. */
  readonly statedAt: string;
}

/** Reads the one signature and its place. Throws an Error that says what is not as it must be. */
function readSignature(pdf: Uint8Array): Signed {
  const file = openPdf(pdf);
  const [number, ...more] = signaturesOf(file);
  if (number === undefined) throw new Error("the PDF has no signature");
  if (more.length > 0) throw new Error(`the PDF has ${more.length + 1} signatures; a pack has one`);
  const { entries, places } = file.object(number);
  const contents = entries.get("Contents") ?? "";
  const hole = places.get("Contents") ?? 0;
  const after = hole + contents.length;
  checkRange(entries.get("ByteRange"), hole, after, file.bytes.length);
  if (entries.get("SubFilter") !== "/ETSI.CAdES.detached") throw new Error("the signature is not of the kind PAdES");
  const bytes = signatureBytes(contents);
  const message = readSignedData(bytes);
  const { certificates, signer, signature, signedAttributes, unsigned } = message;
  if (!signer || signer !== certificates[0] || !isChain(certificates)) {
    throw new Error("the signature's certificates are not its signer's");
  }
  const token = unsigned.get(oid.signatureTimestamp)?.raw;
  // Not all of a signature's own bytes are signed: they may say nothing but what they must.
  if (!sameBytes(bytes, encodeSignature({ chain: certificates, signedAttributes, signature, token }))) {
    throw new Error("the signature is written in another way than packs are signed");
  }
  return { message, signer, digest: digestAround(file, hole, after), statedAt: instantOf(entries.get("M")) };
}

function checkRange(raw: Raw | undefined, hole: number, after: number, length: number): void {
  const [start, first, second, rest, ...more] = arrayOf(raw ?? "[]").map(Number);
  const end = Number(second) + Number(rest);
  if (start !== 0 || more.length > 0 || Number.isNaN(end)) throw new Error("the signature does not say what it covers");
  if (end < length) throw new Error(`${length - end} bytes were added after it was signed`);
  if (first !== hole || second !== after || end !== length) {
    throw new Error("the signature leaves out more of the file than itself");
  }
}

/** The signature in the hole: hexadecimal digits as they are written here, then zeros, nothing else. */
function signatureBytes(contents: Raw): Uint8Array {
  if (!/^<(?:[0-9a-f]{2})+>$/.test(contents)) throw new Error("the signature's place holds something else");
  const hole = Buffer.from(contents.slice(1, -1), "hex");
  // Long form, as any signature with a certificate is: 30 82 and two bytes of length.
  const length = 4 + hole.readUInt16BE(2);
  if (hole[0] !== 0x30 || hole[1] !== 0x82 || hole.subarray(length).some((byte) => byte !== 0)) {
    throw new Error("the signature's place holds more than the signature");
  }
  return readDer(hole.subarray(0, length)).raw;
}

function digestAround({ bytes }: PdfFile, hole: number, after: number): Uint8Array {
  return createHash("sha256").update(bytes.subarray(0, hole)).update(bytes.subarray(after)).digest();
}

function instantOf(raw: Raw | undefined): string {
  const match = /^\(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)$/.exec(raw ?? "");
  if (!match) throw new Error("the signature does not say when it was made");
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
