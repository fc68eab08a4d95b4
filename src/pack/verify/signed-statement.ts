import { preAuthEncoding, readEnvelope } from "../../ledger/dsse.ts";
import { fingerprint, verifyEd25519 } from "../../ledger/signing-key.ts";
import { payloadType, type Statement } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, holds } from "./findings.ts";
import { readJson, type Shape } from "./shape.ts";

/** What a DSSE envelope shows. */
export interface SignedStatement<P> {
  readonly checks: readonly Check[];
  /** Read from the signed payload; absent where it is not a statement of the known kind, or its signature is not good. */
  readonly statement?: Statement<P>;
  readonly payload?: Uint8Array;
}

/** The bytes of an envelope and the key it must be signed with. */
export interface Signed {
  /** What the payload is called, `content.json`. */
  readonly name: string;
  readonly envelope: Uint8Array;
  /** What the envelope is called. */
  readonly envelopeName: string;
  readonly key: Uint8Array;
  readonly shape: Shape;
  /** The file beside it, which must be the payload. */
  readonly file?: Uint8Array;
  /** The 64 bytes of the signature in a file of their own, and its name. */
  readonly alone?: { readonly name: string; readonly signature: Uint8Array };
}

/** Checks a DSSE envelope over an in-toto statement: its signature, that it carries the file beside it, and what kind it is. */
export function verifyStatement<P>(signed: Signed): SignedStatement<P> {
  const { name, envelopeName, key } = signed;
  const envelope = readEnvelope(Buffer.from(signed.envelope).toString("utf8"));
  if (!envelope) return { checks: [broken(envelopeName, "is not a signed envelope (DSSE)")] };
  if (envelope.payloadType !== payloadType) {
    return { checks: [broken(envelopeName, `carries ${envelope.payloadType}, not ${payloadType}`)] };
  }
  const signedBytes = preAuthEncoding(envelope.payloadType, envelope.payload);
  const good = (signature: Uint8Array): boolean => verifyEd25519(key, signedBytes, signature);
  const valid = envelope.signatures.some(({ sig }) => good(sig));
  const keyid = fingerprint(key);
  const checks: Check[] = [
    valid
      ? holds(name, "its Ed25519 signature is good under the key")
      : broken(
          envelopeName,
          "its Ed25519 signature is not good under the key: it was altered, or another key signed it",
        ),
    ...(valid && !envelope.signatures.some((one) => one.keyid === keyid)
      ? [broken(envelopeName, "names another key than the one that signed it")]
      : []),
    ...(signed.alone ? [aloneCheck(signed.alone, name, good)] : []),
    ...(signed.file ? [sameAsFile(name, envelopeName, envelope.payload, signed.file)] : []),
  ];
  const statement = readJson<Statement<P>>(envelope.payload, signed.shape);
  if (statement.problem !== undefined) {
    return {
      checks: [...checks, broken(name, `is not a statement of a kind and version known here: ${statement.problem}`)],
    };
  }
  const names = statement.value.subject.map((subject) => subject.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) return { checks: [...checks, broken(name, `lists ${twice} twice`)] };
  return valid ? { checks, statement: statement.value, payload: envelope.payload } : { checks };
}

function aloneCheck(
  { name, signature }: { readonly name: string; readonly signature: Uint8Array },
  of: string,
  good: (signature: Uint8Array) => boolean,
): Check {
  return good(signature)
    ? holds(name, `is the signature of ${of}, alone`)
    : broken(name, `is not the signature of ${of}`);
}

function sameAsFile(name: string, envelopeName: string, payload: Uint8Array, file: Uint8Array): Check {
  return Buffer.compare(payload, file) === 0
    ? holds(envelopeName, `carries exactly the bytes of ${name}`)
    : broken(name, `is not what was signed: its bytes differ from those in ${envelopeName}`);
}
