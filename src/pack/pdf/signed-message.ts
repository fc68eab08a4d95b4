import { createHash, type X509Certificate } from "node:crypto";
import { der, derInteger, derNull, derOid, derSet, tag } from "../../ledger/timestamp/der.ts";
import { oid } from "../../ledger/timestamp/oid.ts";
import { issuerAndSerial } from "../../ledger/timestamp/signed-data.ts";

/** The parts of a PDF's signature: all that is not the same in each. */
export interface SignatureParts {
  /** The signer's, then each one's issuer. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  /** The set that the signature is over. */
  readonly signedAttributes: Uint8Array;
  readonly signature: Uint8Array;
  /** RFC 3161, over the signature. */
  readonly token?: Uint8Array | undefined;
}

const attribute = (type: string, value: Uint8Array): Uint8Array =>
  der(tag.sequence, derOid(type), derSet(tag.set, [value]));

/** What is signed for a file of this SHA-256: no time among it, which PAdES keeps to the PDF's own dictionary (ETSI EN 319 142-1, 6.3). */
export function signedAttributes(digest: Uint8Array, signer: X509Certificate): Uint8Array {
  const hash = der(tag.octetString, createHash("sha256").update(signer.raw).digest());
  // ESSCertIDv2 without an algorithm means SHA-256 (RFC 5035, 4).
  const named = der(tag.sequence, der(tag.sequence, der(tag.sequence, hash)));
  return derSet(tag.set, [
    attribute(oid.contentType, derOid(oid.data)),
    attribute(oid.messageDigest, der(tag.octetString, digest)),
    attribute(oid.signingCertificateV2, named),
  ]);
}

/** The detached signature in CMS: one encoding only for the same parts, so that nothing in it can be changed unseen. */
export function encodeSignature({ chain, signedAttributes, signature, token }: SignatureParts): Uint8Array {
  const [signer] = chain;
  const one = derInteger(new Uint8Array([1]));
  const sha256 = der(tag.sequence, derOid(oid.sha256));
  const timestamp = token ? [derSet(tag.context(1), [attribute(oid.signatureTimestamp, token)])] : [];
  const signerInfo = der(
    tag.sequence,
    one,
    issuerAndSerial(signer),
    sha256,
    Buffer.concat([Buffer.from([tag.context(0)]), signedAttributes.subarray(1)]),
    signatureAlgorithm(signer),
    der(tag.octetString, signature),
    ...timestamp,
  );
  const signedData = der(
    tag.sequence,
    one,
    der(tag.set, sha256),
    der(tag.sequence, derOid(oid.data)),
    der(tag.context(0), ...chain.map(({ raw }) => raw)),
    der(tag.set, signerInfo),
  );
  return der(tag.sequence, derOid(oid.signedData), der(tag.context(0), signedData));
}

/** Whether each certificate was issued by the next. */
export const isChain = (certificates: readonly X509Certificate[]): certificates is SignatureParts["chain"] =>
  certificates.length > 0 &&
  certificates.every((certificate, i) => {
    const issuer = certificates[i + 1];
    return issuer === undefined || (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });

const signatureAlgorithm = ({ publicKey }: X509Certificate): Uint8Array =>
  publicKey.asymmetricKeyType === "ec"
    ? der(tag.sequence, derOid(oid.ecdsaWithSha256))
    : der(tag.sequence, derOid(oid.sha256WithRsa), derNull);
