import { createHash, X509Certificate } from "node:crypto";

/** What a certificate says of itself: names in one line, times ISO 8601 in UTC, `fingerprint` SHA-256 of its DER in hexadecimal. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Whether nobody but its own owner vouches for it. */
  readonly selfSigned: boolean;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly fingerprint: string;
}

/** The facts of the first certificate in a PEM text, or of one in DER. Throws where there is none. */
export function certificateFacts(certificate: string | Uint8Array): CertificateFacts {
  const x509 = new X509Certificate(certificate);
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    selfSigned: x509.subject === x509.issuer && x509.verify(x509.publicKey),
    notBefore: second(x509.validFrom),
    notAfter: second(x509.validTo),
    fingerprint: createHash("sha256").update(x509.raw).digest("hex"),
  };
}

const oneLine = (name: string): string => name.split("\n").join(", ");
const second = (date: string): string => `${new Date(date).toISOString().slice(0, 19)}Z`;
