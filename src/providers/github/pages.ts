import { z } from "zod";

/** An item as the source gave it: a record in zod's sense would copy every one of them, field by field. */
const node = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object",
);

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
