import { X509Certificate } from "node:crypto";
import { childrenOf, expectTag, oidOf, readDer, tag } from "./der.ts";
import { oid } from "./oid.ts";

/** What a certificate's extension says, and whether it may not be passed over. */
export interface CertificateExtension {
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** The certificates in a PEM text, in their order. Throws for one that cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** A certificate's extensions by their identifier (RFC 5280, 4.2). */
export function extensionsOf(certificate: X509Certificate): ReadonlyMap<string, CertificateExtension> {
  const fields = childrenOf(childrenOf(readDer(certificate.raw))[0]);
  const list = fields.find((field) => field.tag === tag.context(3));
  const extensions = new Map<string, CertificateExtension>();
  for (const extension of list ? childrenOf(childrenOf(list, tag.context(3))[0]) : []) {
    const parts = childrenOf(extension);
    const critical = parts[1]?.tag === tag.boolean && parts[1].content[0] === 0xff;
    extensions.set(oidOf(parts[0]), { critical, value: expectTag(parts.at(-1), tag.octetString).content });
  }
  return extensions;
}

/** Whether the certificate holds at an instant. */
export function isValidAt(certificate: X509Certificate, at: Date): boolean {
  return Date.parse(certificate.validFrom) <= at.getTime() && at.getTime() <= Date.parse(certificate.validTo);
}

/**
 * Whether a chain of signatures leads from the certificate over others to a root, every one valid at the instant
 * (RFC 5280, 6.1, without revocation: nothing is fetched). One with a critical extension that is not understood here,
 * a constraint on names among them, is not passed.
 */
export function leadsToRoot(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: Date,
): boolean {
  const isRoot = (one: X509Certificate): boolean => roots.some((root) => root.raw.equals(one.raw));
  const walk = (one: X509Certificate, below: number): boolean => {
    if (!isValidAt(one, at) || !isUnderstood(one)) return false;
    if (isRoot(one)) return true;
    if (below > others.length) return false;
    return [...roots, ...others].some(
      (issuer) =>
        one.checkIssued(issuer) &&
        one.verify(issuer.publicKey) &&
        (isRoot(issuer) || (issuer.ca && below <= pathLength(issuer))) &&
        walk(issuer, below + 1),
    );
  };
  return walk(certificate, 0);
}

/** Key usage, basic constraints, policies, purposes: what is checked here, and policies, which allow nothing more. */
const understood = new Set(["2.5.29.15", oid.basicConstraints, "2.5.29.32", oid.extendedKeyUsage]);

const isUnderstood = (certificate: X509Certificate): boolean =>
  [...extensionsOf(certificate)].every(([name, { critical }]) => !critical || understood.has(name));

/** How many authorities may stand between this one and the certificate at the end. */
function pathLength(certificate: X509Certificate): number {
  const constraints = extensionsOf(certificate).get(oid.basicConstraints);
  const limit = constraints && childrenOf(readDer(constraints.value)).find((part) => part.tag === tag.integer);
  return limit ? limit.content.reduce((sum, byte) => sum * 256 + byte, 0) : Number.POSITIVE_INFINITY;
}
