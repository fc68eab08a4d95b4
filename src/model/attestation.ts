import { z } from "zod";
import { suggestion } from "../util/nearest.ts";
import { attestationKinds } from "./attestation-kinds.ts";
import type { Framework } from "./control.ts";

export { type AttestationKind, attestationKinds } from "./attestation-kinds.ts";

/** The id of an attestation: also part of a file's name in a pack. */
export const attestationIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, "up to 60 small letters, digits and dashes");

/** A criterion, or some of its points, that something addresses. */
export const criterionRefSchema = z.object({
  framework: z.string(),
  criterion: z.string(),
  /** Empty: the criterion as a whole. */
  points: z.array(z.string()),
});
export type CriterionRef = z.infer<typeof criterionRefSchema>;

/** The document behind an attestation, as it was recorded. */
export const attestedFileSchema = z.object({
  name: z.string(),
  size: z.number().int().positive(),
  mediaType: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AttestedFile = z.infer<typeof attestedFileSchema>;

/** One version of an attestation, as the ledger holds it. */
export const attestationRecordSchema = z.object({
  version: z.literal(1),
  id: attestationIdSchema,
  /** 1 for the first version recorded under the id. */
  sequence: z.number().int().positive(),
  kind: z.enum(attestationKinds),
  title: z.string(),
  /** The document's own. */
  documentVersion: z.string().nullable(),
  approver: z.string().nullable(),
  by: z.string(),
  role: z.string(),
  /** Days in the organisation's time zone, the last one included; null: it does not expire. */
  effective: z.string(),
  expires: z.string().nullable(),
  criteria: z.array(criterionRefSchema),
  note: z.string().nullable(),
  file: attestedFileSchema,
  declaredIn: z.enum(["command", "configuration"]),
});
export type AttestationRecord = z.infer<typeof attestationRecordSchema>;

/** That an attestation no longer stands, in all its versions up to this one. */
export const withdrawalRecordSchema = z.object({
  version: z.literal(1),
  id: attestationIdSchema,
  sequence: z.number().int().positive(),
  by: z.string(),
  reason: z.string(),
});
export type WithdrawalRecord = z.infer<typeof withdrawalRecordSchema>;

/** What an attestation's file is called in the folder of attachments of a pack's bundle. */
export const attachmentName = (id: string, { name, sha256 }: Pick<AttestedFile, "name" | "sha256">): string =>
  `${id}-${sha256.slice(0, 12)}${/\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? ""}`;

/** Every criterion and point as it is written: `soc2-2017:CC8.1`, `soc2-2017:CC8.1:4`. */
export const criterionNames = (frameworks: readonly Framework[]): readonly string[] =>
  frameworks.flatMap(({ id: framework, criteria }) =>
    criteria.flatMap(({ id, points }) => [
      `${framework}:${id}`,
      ...points.map((point) => `${framework}:${id}:${point.id}`),
    ]),
  );

/** What is wrong with a written criterion; undefined where the frameworks have it. */
export function criterionProblem(text: string, names: readonly string[]): string | undefined {
  if (names.includes(text)) return undefined;
  const near = suggestion(text, names);
  return `there is no criterion \`${text}\`${near === "" ? "; write framework:criterion:point, such as soc2-2017:CC8.1:4" : near}`;
}

/** Written criteria, one entry a criterion, in the order in which they are first named. */
export function criterionRefs(texts: readonly string[]): CriterionRef[] {
  const refs = new Map<string, CriterionRef>();
  for (const text of texts) {
    const [framework = "", criterion = "", point] = text.split(":");
    const ref = refs.get(`${framework}:${criterion}`) ?? { framework, criterion, points: [] };
    refs.set(`${framework}:${criterion}`, ref);
    if (point !== undefined && !ref.points.includes(point)) ref.points.push(point);
  }
  return [...refs.values()];
}
