import { z } from "zod";
import { controlSchema, frameworkSchema } from "../model/control.ts";

/** The JSON Schemas (draft 2020-12) by which editors check and complete the catalog's files, by file name under `controls/schema/`. */
export function catalogJsonSchemas(): Readonly<Record<string, object>> {
  const schemaOf = (title: string, schema: z.ZodType) => ({ title, ...z.toJSONSchema(schema, { io: "input" }) });
  return {
    "control.schema.json": schemaOf("A control of flowproof's catalog", controlSchema),
    "framework.schema.json": schemaOf("A framework whose criteria controls meet", frameworkSchema),
  };
}
