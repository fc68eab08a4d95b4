import type { z } from "zod";
import type { Entity } from "../../model/entity.ts";
import type { EvidenceRecord } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";

/** Says what a record of one kind means; throws SourceError("unexpectedShape"). */
export type Reader = (record: EvidenceRecord, repository: string) => readonly Entity[];

/** A record's body in its shape; any other throws SourceError("unexpectedShape"), naming the record and the place. */
export function parse<T>(shape: z.ZodType<T>, record: EvidenceRecord): T {
  const result = shape.safeParse(record.body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") || "its body";
  throw new SourceError(
    "unexpectedShape",
    `${record.kind} ${record.externalId} of ${record.stream} has an unknown shape: ${where}: ${issue?.message ?? ""}`,
  );
}
