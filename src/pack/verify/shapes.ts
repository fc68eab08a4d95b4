import { predicateType, statementType } from "../formats.ts";
import {
  base64,
  count,
  digest,
  exactly,
  fields,
  hash64,
  hexadecimal,
  list,
  nullable,
  oneOf,
  type Shape,
  text,
  tuple,
} from "./shape.ts";

const identity = { name: text, revision: count, edition: oneOf("full", "redacted") };
const checkpoint = fields({ size: count, root: digest, at: text, note: text });

const statement = (type: string, predicate: Shape): Shape =>
  fields({
    _type: exactly(statementType),
    predicateType: exactly(type),
    subject: list(fields({ name: text, digest: fields({ sha256: digest }) })),
    predicate,
  });

/** `content.json`. */
export const contentStatement: Shape = statement(
  predicateType.content,
  fields(
    {
      version: exactly(1),
      pack: fields({ ...identity, organisation: text, supersedes: nullable(text) }),
      period: fields({ id: text, from: text, to: text, asOf: text, cutAt: nullable(text), timezone: text }),
      scope: fields({ systems: list(text), repositories: list(text) }),
      result: fields({
        criteria: list(fields({ framework: text, id: text, result: text, statement: text })),
        population: fields({ commits: count, changes: count, deployments: count }),
        exceptions: count,
        waived: count,
      }),
      checkpoint,
      previous: nullable(fields({ pack: text, manifest: digest })),
      issued: fields({ at: text, by: text, role: text, assertion: text }),
      tool: text,
    },
    { certificate: nullable(digest) },
  ),
);

/** `manifest.json` of an issued pack. */
export const packStatement: Shape = statement(
  predicateType.manifest,
  fields({
    version: exactly(1),
    pack: fields(identity),
    content: digest,
    checkpoint: fields({ size: count, root: digest }),
  }),
);

/** `manifest.json` of a draft. */
export const draftManifest: Shape = fields({
  schemaVersion: exactly(1),
  state: exactly("draft"),
  tool: text,
  checkpoint: fields({ size: count, root: text, at: text }),
  files: list(fields({ name: text, sha256: digest, bytes: count })),
});

/** The records a proof is about, and the proof. */
const recordsProof: Shape = fields({
  leaves: list(tuple(count, count, digest)),
  proof: list(hash64),
});

const timestamp: Shape = (value) =>
  fields({ token: base64, authority: text })(value) && fields({ token: exactly(null), reason: text })(value)
    ? "is neither a token with its authority nor a reason"
    : undefined;

/** `proofs.json`. */
export const proofs: Shape = fields({
  version: exactly(1),
  checkpoint,
  timestamp,
  earlier: list(fields({ pack: text, manifest: digest, checkpoint, consistency: list(hash64) })),
  records: recordsProof,
});

/** A line of `records.jsonl`. */
export const bundledRecord: Shape = fields(
  { id: count, position: count, leaf: digest },
  {
    fields: fields({
      version: exactly(1),
      stream: text,
      kind: text,
      externalId: text,
      fetchedAt: text,
      run: text,
      digest,
    }),
    salt: hexadecimal,
    content: text,
  },
);

/** What of `assessment.json` is compared: its checkpoint, and a record that it cites. */
export const statedCheckpoint: Shape = fields({ size: count, root: text });
export const citedRecord: Shape = fields({ id: count, leaf: text });
