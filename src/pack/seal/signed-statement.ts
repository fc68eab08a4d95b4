import { preAuthEncoding, writeEnvelope } from "../../ledger/dsse.ts";
import { fingerprint, type SigningKey } from "../../ledger/signing-key.ts";
import { payloadType, type Statement, statementType } from "../formats.ts";

/** Files by name with their SHA-256, hexadecimal. */
export type Digests = ReadonlyMap<string, string>;

/** A statement as it lies in the folder: its bytes, the envelope over exactly those, and the signature alone. */
export interface SignedStatement {
  readonly text: string;
  readonly envelope: string;
  readonly signature: Uint8Array;
}

/** Signs that these files are what the predicate says; subjects are sorted by name. */
export function signedStatement<P>(
  key: SigningKey,
  subjects: Digests,
  predicateType: string,
  predicate: P,
): SignedStatement {
  const statement: Statement<P> = {
    _type: statementType,
    subject: [...subjects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType,
    predicate,
  };
  const text = `${JSON.stringify(statement, null, 2)}\n`;
  const payload = Buffer.from(text);
  const signature = key.sign(preAuthEncoding(payloadType, payload));
  const signatures = [{ keyid: fingerprint(key.publicKey), sig: signature }];
  return { text, envelope: `${writeEnvelope({ payloadType, payload, signatures })}\n`, signature };
}
