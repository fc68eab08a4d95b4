import { fromBase64, toBase64 } from "../util/base64.ts";
import { joinBytes } from "../util/join-bytes.ts";

/** A DSSE envelope with its parts as bytes. */
export interface OpenEnvelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array }[];
}

const encoder = new TextEncoder();

/** What a DSSE signature is over: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeLength = encoder.encode(payloadType).length;
  return joinBytes(encoder.encode(`DSSEv1 ${typeLength} ${payloadType} ${payload.length} `), payload);
}

/** The envelope's JSON (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md) in RFC 8785 form with padded base64. */
export function writeEnvelope({ payloadType, payload, signatures }: OpenEnvelope): string {
  return JSON.stringify({
    payload: toBase64(payload),
    payloadType,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: toBase64(sig) })),
  });
}

/** What {@link writeEnvelope} wrote, white space aside, with its signatures unverified; undefined for anything else, or where nobody signed. */
export function readEnvelope(json: string): OpenEnvelope | undefined {
  const envelope = parsed(json);
  if (!isObjectOf(envelope, "payload", "payloadType", "signatures")) return undefined;
  const { payloadType, signatures } = envelope;
  const payload = bytesOf(envelope.payload);
  if (typeof payloadType !== "string" || !payload || !Array.isArray(signatures) || signatures.length === 0)
    return undefined;
  const read = signatures.map(signatureOf).filter((signature) => signature !== undefined);
  return read.length === signatures.length ? { payloadType, payload, signatures: read } : undefined;
}

function signatureOf(value: unknown): OpenEnvelope["signatures"][number] | undefined {
  if (!isObjectOf(value, "keyid", "sig") || typeof value.keyid !== "string") return undefined;
  const sig = bytesOf(value.sig);
  return sig && { keyid: value.keyid, sig };
}

function isObjectOf<K extends string>(value: unknown, ...keys: readonly K[]): value is Record<K, unknown> {
  return typeof value === "object" && value !== null && Object.keys(value).sort().join() === [...keys].sort().join();
}

const bytesOf = (value: unknown): Uint8Array | undefined => (typeof value === "string" ? fromBase64(value) : undefined);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
