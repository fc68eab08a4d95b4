import { z } from "zod";
import { base, gitPersonSchema, instantSchema } from "./base.ts";

export const commitSchema = z.object({
  type: z.literal("commit"),
  ...base,
  oid: z.string(),
  headline: z.string(),
  author: gitPersonSchema,
  committer: gitPersonSchema,
  /** Git's own dates: shown, never judged by. */
  authoredAt: instantSchema,
  committedAt: instantSchema,
  /** The message carries a co-author trailer, so `commitAuthors` must be known before independence is. */
  coAuthored: z.boolean(),
  /** Null where the source was not asked for it. */
  tree: z.string().nullable(),
  /** Whether the platform itself made the commit (merge button), by its own signature: its committer is no contributor then. */
  madeBy: z.enum(["platform", "other", "unknown"]),
});

export const commitAuthorsSchema = z.object({
  type: z.literal("commitAuthors"),
  ...base,
  oid: z.string(),
  authors: z.array(gitPersonSchema),
});

/** The parents of a change's own commit that may be a merge of its base. */
export const commitParentsSchema = z.object({
  type: z.literal("commitParents"),
  ...base,
  oid: z.string(),
  parents: z.array(z.string()),
});

/** A commit's place in the graph of the released branch, with the changes the source associates with it. */
export const graphCommitSchema = z.object({
  type: z.literal("graphCommit"),
  ...base,
  oid: z.string(),
  parents: z.array(z.string()),
  tree: z.string(),
  changes: z.array(z.number().int()),
});

/** Where the released branch stood when a run looked; one entity per head seen. */
export const branchHeadSchema = z.object({
  type: z.literal("branchHead"),
  ...base,
  branch: z.string(),
  oid: z.string(),
  observedAt: instantSchema,
});
