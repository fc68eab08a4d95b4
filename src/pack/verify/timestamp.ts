import { type Proofs, packFile } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, holds, unchecked } from "./findings.ts";
import { sha256 } from "./sha256.ts";

/** What the check is about that only the command line can make: the authority's signature over the token. */
export const timestampSubject = "timestamp";

/** What a token of RFC 3161 says: of which bytes, and when. */
export interface Stamped {
  readonly imprint: Uint8Array;
  readonly at: string;
}

interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
}

const oid = {
  signedData: "2a864886f70d010702",
  timestamp: "2a864886f70d0109100104",
  sha256: "608648016503040201",
};

/** Checks that the token stamps this checkpoint; its signature cannot be checked without the authority's certificate. */
export function timestampChecks({ timestamp, checkpoint }: Proofs): readonly Check[] {
  if (timestamp.token === null) {
    return [unchecked(timestampSubject, `there is none, so no time is proven: ${timestamp.reason}`)];
  }
  const stamped = readToken(Buffer.from(timestamp.token, "base64"));
  if (!stamped)
    return [broken(timestampSubject, `${packFile.proofs}: its token is not an RFC 3161 token over a SHA-256`)];
  if (Buffer.compare(stamped.imprint, sha256(Buffer.from(checkpoint.note))) !== 0) {
    return [
      broken(timestampSubject, `${packFile.proofs}: its token is over something else than the checkpoint's note`),
    ];
  }
  return [
    holds(timestampSubject, `its token is over this checkpoint and states ${stamped.at}; by ${timestamp.authority}`),
    unchecked(
      timestampSubject,
      "the authority's signature was not checked here; VERIFY.txt says how: openssl ts -verify -data checkpoint.note -in timestamp.der -token_in -CAfile AUTHORITY.pem",
    ),
  ];
}

/** Finds imprint and time in a token (RFC 5652 section 5.1, RFC 3161 section 2.4.2); undefined for anything else. */
export function readToken(token: Uint8Array): Stamped | undefined {
  try {
    const [type, wrapped] = children(only(read(token), 0x30));
    const signed = children(only(children(only(wrapped, 0xa0))[0], 0x30));
    const [innerType, inner] = children(only(signed[2], 0x30));
    if (hex(only(type, 0x06)) !== oid.signedData || hex(only(innerType, 0x06)) !== oid.timestamp) return undefined;
    const info = children(only(read(only(children(only(inner, 0xa0))[0], 0x04)), 0x30));
    const [algorithm, imprint] = children(only(info[2], 0x30));
    const [hash] = children(only(algorithm, 0x30));
    if (hex(only(hash, 0x06)) !== oid.sha256) return undefined;
    const at = instant(Buffer.from(only(info[4], 0x18)).toString("latin1"));
    return at === undefined ? undefined : { imprint: only(imprint, 0x04), at };
  } catch {
    return undefined;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function only(element: Der | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw new Error("not that element");
  return element.content;
}

/** The one element that fills the bytes. */
function read(bytes: Uint8Array): Der {
  const [element, next] = elementAt(bytes, 0);
  if (next !== bytes.length) throw new Error("something follows");
  return element;
}

function children(bytes: Uint8Array): readonly Der[] {
  const elements: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [element, next] = elementAt(bytes, at);
    elements.push(element);
    at = next;
  }
  return elements;
}

function elementAt(bytes: Uint8Array, at: number): [element: Der, next: number] {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new Error("cut");
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  // 0x80 alone would be the indefinite length of BER, which no token has.
  if (first === 0x80 || lengthBytes > 4) throw new Error("not DER");
  const length = lengthBytes === 0 ? first : Buffer.from(bytes).readUIntBE(at + 2, lengthBytes);
  const start = at + 2 + lengthBytes;
  if (start + length > bytes.length) throw new Error("cut");
  return [{ tag, content: bytes.subarray(start, start + length) }, start + length];
}

/** GeneralizedTime as RFC 3161 has it, as ISO 8601. */
function instant(time: string): string | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(time);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction = ""] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z`;
}
