import type { X509Certificate } from "node:crypto";
import { SourceError } from "../util/errors.ts";
import { certificatesIn, extensionsOf, isValidAt, leadsToRoot } from "./timestamp/certificate-chain.ts";
import {
  childrenOf,
  type Der,
  der,
  derInteger,
  derNull,
  derOid,
  expectTag,
  oidOf,
  readDer,
  sameBytes,
  tag,
} from "./timestamp/der.ts";
import { oid } from "./timestamp/oid.ts";
import { contentDigest, readSignedData, type SignedMessage, signatureProblems } from "./timestamp/signed-data.ts";

/** What a timestamp says, and what speaks against it: nothing when `problems` is empty. */
export interface Timestamp {
  /** When the authority saw the digest, ISO 8601 in UTC; empty where the token cannot be read. */
  readonly at: string;
  /** Whom the token's certificate names, in one line. */
  readonly authority: string;
  /** Each a clause for the middle of a sentence. */
  readonly problems: readonly string[];
}

/** The request for a timestamp over a SHA-256 digest, asking for the authority's certificates too (RFC 3161, 2.4.1); the nonce is a number, big-endian. */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const imprint = der(tag.sequence, der(tag.sequence, derOid(oid.sha256), derNull), der(tag.octetString, digest));
  const version = derInteger(new Uint8Array([1]));
  return der(tag.sequence, version, imprint, derInteger(nonce), der(tag.boolean, new Uint8Array([0xff])));
}

/** The token in an authority's answer to that request. Throws SourceError (`unexpectedShape`) for a refusal and for a token over something else. */
export function tokenOf(
  response: Uint8Array,
  asked: { readonly digest: Uint8Array; readonly nonce: Uint8Array },
): Uint8Array {
  const { status, token } = attempt(() => {
    const [statusInfo, ...rest] = childrenOf(readDer(response));
    const [code, text] = childrenOf(statusInfo);
    const said = text?.tag === tag.sequence ? Buffer.from(childrenOf(text)[0]?.content ?? []).toString("utf8") : "";
    return { status: { code: expectTag(code, tag.integer).content[0] ?? 2, said }, token: rest[0]?.raw };
  });
  // Granted, and granted with modifications; all others are refusals (RFC 3161, 2.4.2).
  if (status.code > 1 || !token) {
    const said = status.said ? `: ${status.said.replace(/\p{C}/gu, " ").slice(0, 200)}` : "";
    throw new SourceError(
      "unexpectedShape",
      `the timestamp authority refused the request (status ${status.code})${said}`,
    );
  }
  const info = attempt(() => readInfo(readSignedData(token)));
  if (!sameBytes(info.imprint, asked.digest)) {
    throw new SourceError("unexpectedShape", "the timestamp authority answered with a timestamp of something else");
  }
  if (!info.nonce || !sameBytes(info.nonce.raw, derInteger(asked.nonce))) {
    throw new SourceError("unexpectedShape", "the timestamp authority's answer does not carry the request's nonce");
  }
  return token;
}

/**
 * Checks a token as RFC 3161 wants it: over this SHA-256 digest, signed by the certificate it names, which is made for
 * nothing but timestamps and, at the token's time, led to one of these roots (PEM). One that expired since holds.
 */
export async function verifyTimestamp(
  token: Uint8Array,
  digest: Uint8Array,
  trust: readonly string[],
): Promise<Timestamp> {
  const roots = readRoots(trust);
  return check(token, digest, ({ message, signer, at }) => {
    if (roots.length === 0) return ["no root certificate is given that its authority could be judged by"];
    return leadsToRoot(signer, message.certificates, roots, at)
      ? []
      : ["its certificate did not lead to a trusted root at that time"];
  });
}

/** The same without roots: whether the token holds by itself, whoever the authority is. */
export async function readTimestamp(token: Uint8Array, digest: Uint8Array): Promise<Timestamp> {
  return check(token, digest, ({ signer, at }) =>
    isValidAt(signer, at) ? [] : ["its certificate was not valid at that time"],
  );
}

/** None where one cannot be read: nothing is then trusted. */
function readRoots(trust: readonly string[]): readonly X509Certificate[] {
  try {
    return trust.flatMap(certificatesIn);
  } catch {
    return [];
  }
}

interface Judged {
  readonly message: SignedMessage;
  readonly signer: X509Certificate;
  readonly at: Date;
}

function check(token: Uint8Array, digest: Uint8Array, judge: (judged: Judged) => readonly string[]): Timestamp {
  try {
    const message = readSignedData(token);
    const info = readInfo(message);
    const problems = signatureProblems(message, contentDigest(message));
    if (!sameBytes(info.imprint, digest)) problems.push("it is a timestamp of something else");
    const { signer } = message;
    if (!signer) return { at: info.at, authority: "", problems };
    if (!isForTimestamps(signer)) problems.push("its certificate is not one for timestamps alone");
    problems.push(...judge({ message, signer, at: new Date(info.at) }));
    return { at: info.at, authority: signer.subject.split("\n").join(", "), problems };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { at: "", authority: "", problems: [`it cannot be read (${what})`] };
  }
}

interface TimestampInfo {
  readonly imprint: Uint8Array;
  readonly at: string;
  readonly nonce: Der | undefined;
}

function readInfo(message: SignedMessage): TimestampInfo {
  if (message.contentType !== oid.timestampInfo || !message.content) throw new Error("the message is no timestamp");
  const [version, , imprint, , time, ...rest] = childrenOf(readDer(message.content));
  if (expectTag(version, tag.integer).content[0] !== 1) throw new Error("the timestamp is of an unknown version");
  const [algorithm, hashed] = childrenOf(imprint);
  if (oidOf(childrenOf(algorithm)[0]) !== oid.sha256) throw new Error("the timestamp is not over a SHA-256 digest");
  return {
    imprint: expectTag(hashed, tag.octetString).content,
    at: instantOf(Buffer.from(expectTag(time, tag.generalizedTime).content).toString("latin1")),
    nonce: rest.find((part) => part.tag === tag.integer),
  };
}

/** Exactly this purpose, and critically so (RFC 3161, 2.3). */
function isForTimestamps(certificate: X509Certificate): boolean {
  const usage = extensionsOf(certificate).get(oid.extendedKeyUsage);
  const purposes = usage ? childrenOf(readDer(usage.value)).map(oidOf) : [];
  return usage?.critical === true && purposes.length === 1 && purposes[0] === oid.timeStamping;
}

/** `20261103120000Z`, with a fraction or without. */
function instantOf(time: string): string {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(time);
  if (!match) throw new Error("the timestamp's time cannot be read");
  const [, year, month, day, hour, minute, second, fraction = ""] = match;
  const instant = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`;
  if (Number.isNaN(Date.parse(instant))) throw new Error("the timestamp's time cannot be read");
  return instant;
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: a SourceError takes it third.
    throw new SourceError("unexpectedShape", "the timestamp authority's answer cannot be read", { cause: error });
  }
}
