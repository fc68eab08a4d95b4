import { constants, createHash, verify, X509Certificate } from "node:crypto";
import { childrenOf, type Der, der, derNull, expectTag, oidOf, readDer, sameBytes, tag } from "./der.ts";
import { digests, oid } from "./oid.ts";

/** A signed message in CMS (RFC 5652) by one signer, read but not believed. */
export interface SignedMessage {
  readonly contentType: string;
  /** Undefined where the content lies elsewhere. */
  readonly content: Uint8Array | undefined;
  /** As they stand, in their order. */
  readonly certificates: readonly X509Certificate[];
  /** The one that the signed attribute names by its digest; undefined where none is that. */
  readonly signer: X509Certificate | undefined;
  /** By node:crypto's name, of the content; undefined for one that no signature may rest on. */
  readonly digestAlgorithm: "sha256" | "sha384" | "sha512" | undefined;
  /** Its object identifier. */
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** The bytes that the signature is over. */
  readonly signedAttributes: Uint8Array;
  /** The one value of each. */
  readonly signed: ReadonlyMap<string, Der>;
  readonly unsigned: ReadonlyMap<string, Der>;
}

/** Reads a ContentInfo with SignedData. Throws an Error that says what is not as it must be. */
export function readSignedData(bytes: Uint8Array): SignedMessage {
  const [type, wrapped] = childrenOf(readDer(bytes));
  if (oidOf(type) !== oid.signedData) throw new Error("the encoding is no signed message");
  const [version, algorithms, encapsulated, ...rest] = childrenOf(childrenOf(wrapped, tag.context(0))[0]);
  const [contentType, content] = childrenOf(encapsulated);
  const certificates = rest[0]?.tag === tag.context(0) ? childrenOf(rest.shift(), tag.context(0)) : [];
  // Lists of revoked certificates: nothing here rests on them.
  if (rest[0]?.tag === tag.context(1)) rest.shift();
  const [signer, ...moreSigners] = childrenOf(rest[0], tag.set);
  if (rest.length > 1 || moreSigners.length > 0)
    throw new Error("the message has more than one signer and its certificates");
  const [signerVersion, identifier, digestAlgorithm, signedList, signatureAlgorithm, signature, unsigned, ...more] =
    childrenOf(signer);
  expectVersion(version, oidOf(contentType) === oid.data ? [1] : [3, 4, 5]);
  expectVersion(signerVersion, identifier?.tag === tag.sequence ? [1] : [3]);
  const digest = algorithmOf(digestAlgorithm);
  if (more.length > 0 || !childrenOf(algorithms, tag.set).map(algorithmOf).includes(digest)) {
    throw new Error("the message does not fit its signer");
  }
  const attributes = attributesOf(signedList, tag.context(0));
  const known = certificates.map(({ raw }) => new X509Certificate(raw));
  return {
    contentType: oidOf(contentType),
    content: content && expectTag(childrenOf(content, tag.context(0))[0], tag.octetString).content,
    certificates: known,
    signer: known.find((certificate) => isNamed(certificate, attributes) && isIdentified(certificate, identifier)),
    digestAlgorithm: digests.get(digest),
    signatureAlgorithm: algorithmOf(signatureAlgorithm),
    signature: expectTag(signature, tag.octetString).content,
    // Signed as the set that they are, not under the tag they stand under (RFC 5652, 5.4).
    signedAttributes: Buffer.concat([Buffer.from([tag.set]), (signedList?.raw ?? new Uint8Array()).subarray(1)]),
    signed: attributes,
    unsigned: unsigned ? attributesOf(unsigned, tag.context(1)) : new Map(),
  };
}

/** What keeps the message from being its signer's word on content of this digest (in the message's algorithm): empty when nothing does. */
export function signatureProblems(message: SignedMessage, digest: Uint8Array): string[] {
  const { signer, signed } = message;
  if (!signer) return ["the certificate that the signature names is not in it"];
  const problems: string[] = [];
  const type = signed.get(oid.contentType);
  if (!type || oidOf(type) !== message.contentType) problems.push("the signature is over another type of content");
  const stated = signed.get(oid.messageDigest);
  if (stated?.tag !== tag.octetString || !sameBytes(stated.content, digest)) {
    problems.push("the content is not what was signed");
  }
  if (!signatureHolds(message, signer)) problems.push("the signature does not belong to its certificate's key");
  return problems;
}

/** The digest of a message's own content, in its own algorithm; empty where there is none or the algorithm is not accepted. */
export function contentDigest({ content, digestAlgorithm }: SignedMessage): Uint8Array {
  if (!content || !digestAlgorithm) return new Uint8Array();
  return createHash(digestAlgorithm).update(content).digest();
}

/** How a message names a certificate: IssuerAndSerialNumber (RFC 5652, 10.2.4). */
export function issuerAndSerial(certificate: X509Certificate): Uint8Array {
  const fields = childrenOf(childrenOf(readDer(certificate.raw))[0]);
  const [serial, , issuer] = fields[0]?.tag === tag.context(0) ? fields.slice(1) : fields;
  return der(tag.sequence, expectTag(issuer, tag.sequence).raw, expectTag(serial, tag.integer).raw);
}

function signatureHolds(
  { signatureAlgorithm, digestAlgorithm, signature, signedAttributes }: SignedMessage,
  signer: X509Certificate,
): boolean {
  const scheme = schemeOf(signatureAlgorithm, digestAlgorithm);
  const key = signer.publicKey;
  if (!scheme || key.asymmetricKeyType !== scheme.key) return false;
  try {
    return verify(scheme.hash, signedAttributes, { key, ...scheme.options }, signature);
  } catch {
    return false;
  }
}

interface Scheme {
  readonly key: "rsa" | "ec" | "ed25519";
  readonly hash: string | null;
  readonly options?: { readonly padding: number; readonly saltLength: number };
}

/** How a signature algorithm is checked; undefined for one that is not accepted. */
function schemeOf(algorithm: string, digest: string | undefined): Scheme | undefined {
  if (digest === undefined) return undefined;
  const numbered = { 1: "sha256", 2: "sha384", 3: "sha512", 4: "sha512" } as Record<string, string>;
  const rsa = /^1\.2\.840\.113549\.1\.1\.1([123])$/.exec(algorithm)?.[1];
  if (rsa) return { key: "rsa", hash: numbered[rsa] ?? null };
  const ecdsa = /^1\.2\.840\.10045\.4\.3\.([234])$/.exec(algorithm)?.[1];
  if (ecdsa) return { key: "ec", hash: numbered[String(Number(ecdsa) - 1)] ?? null };
  switch (algorithm) {
    case oid.rsaEncryption:
      return { key: "rsa", hash: digest };
    case oid.rsaPss:
      return {
        key: "rsa",
        hash: digest,
        options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
      };
    case "1.3.101.112":
      return { key: "ed25519", hash: null };
    default:
      return undefined;
  }
}

function expectVersion(version: Der | undefined, allowed: readonly number[]): void {
  const [number = 0, ...more] = expectTag(version, tag.integer).content;
  if (more.length > 0 || !allowed.includes(number)) throw new Error(`the message is of an unknown version (${number})`);
}

/** An algorithm's identifier; parameters other than none are those of RSASSA-PSS, which its signature rests on. */
function algorithmOf(algorithm: Der | undefined): string {
  const [identifier, parameters, ...more] = childrenOf(algorithm);
  const name = oidOf(identifier);
  const none = parameters === undefined || sameBytes(parameters.raw, derNull);
  if (more.length > 0 || (!none && name !== oid.rsaPss)) throw new Error(`the message uses ${name} in an unknown way`);
  return name;
}

/** Each attribute once, with one value: two readers could else believe two things (RFC 5652, 11). */
function attributesOf(list: Der | undefined, wanted: number): ReadonlyMap<string, Der> {
  const attributes = new Map<string, Der>();
  for (const attribute of childrenOf(list, wanted)) {
    const [type, values] = childrenOf(attribute);
    const [value, ...more] = childrenOf(values, tag.set);
    const name = oidOf(type);
    if (!value || more.length > 0 || attributes.has(name)) throw new Error(`the message says attribute ${name} twice`);
    attributes.set(name, value);
  }
  return attributes;
}

/** Whether the signed attribute is the certificate's digest (RFC 5035, 3: SHA-256 where it names no other; RFC 2634: SHA-1). */
function isNamed(certificate: X509Certificate, attributes: ReadonlyMap<string, Der>): boolean {
  const second = attributes.get(oid.signingCertificateV2);
  const statement = second ?? attributes.get(oid.signingCertificate);
  if (!statement) return false;
  const [algorithmOrHash, ...rest] = childrenOf(childrenOf(childrenOf(statement)[0])[0]);
  const named = second && algorithmOrHash?.tag === tag.sequence;
  const algorithm = named ? digests.get(algorithmOf(algorithmOrHash)) : second ? "sha256" : "sha1";
  const hash = expectTag(named ? rest[0] : algorithmOrHash, tag.octetString).content;
  return algorithm !== undefined && sameBytes(createHash(algorithm).update(certificate.raw).digest(), hash);
}

/** Whether issuer and serial number are the certificate's; one named by its key's identifier is known by its digest alone. */
const isIdentified = (certificate: X509Certificate, identifier: Der | undefined): boolean =>
  identifier?.tag !== tag.sequence || sameBytes(identifier.raw, issuerAndSerial(certificate));
