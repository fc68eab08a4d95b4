import { z } from "zod";

const node = z.record(z.string(), z.unknown());

/** A page of a list that is walked; a node is null where the source withholds it. */
export const listPageSchema = z.object({
  totalCount: z.number().int(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(node.nullable()),
});

/** A list nested in an item, as far as it was asked. */
export const nestedSchema = z.object({
  totalCount: z.number().int(),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(node.nullable()),
});
export type Nested = z.infer<typeof nestedSchema>;
