import type { Batch, Part, SourceRecord, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { normalize } from "./normalize.ts";

/** Holds the cursor of a stream with a record that cannot be read: it is kept as it came, and read again next time. */
export function held(batch: Batch, broken: Map<string, string>): Batch {
  const parts = batch.parts.map((part): Part => {
    for (const record of part.records) {
      const reason = unreadable(record, part.stream, batch.exchange.serverTime);
      if (reason !== undefined) broken.set(part.stream.id, reason);
    }
    const reason = broken.get(part.stream.id);
    if (reason === undefined) return part;
    const { cursor: _cursor, coverage, ...rest } = part;
    const status = coverage?.status === "unobserved" ? "unobserved" : "partial";
    return { ...rest, ...(coverage ? { coverage: { ...coverage, status, reason } } : {}) };
  });
  return { ...batch, parts };
}

function unreadable(record: SourceRecord, stream: Stream, fetchedAt: string): string | undefined {
  const { id, source, scopeId, kind } = stream;
  try {
    normalize({ ...record, id: 1, stream: id, source, scopeId, streamKind: kind, fetchedAt, run: "" });
    return undefined;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return error.message;
  }
}
