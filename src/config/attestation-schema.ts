import { z } from "zod";
import { attestationIdSchema, attestationKinds } from "../model/attestation.ts";

const text = z.string().trim().min(1);
const day = z.iso.date("a day such as 2026-01-01");

/** What management attests with a file, as the configuration declares it. */
export const attestationFileSchema = z.strictObject({
  id: attestationIdSchema.meta({ description: "Your name for it; keep it when the file changes." }),
  kind: z.enum(attestationKinds),
  title: text,
  file: text.meta({ description: "The document, relative to this file; no link, at most 25 MB." }),
  version: text.optional().meta({ description: "The document's own version." }),
  approver: text.optional().meta({ description: "Who approved the document." }),
  by: text.meta({ description: "Whose word it is." }),
  role: text,
  effective: day.meta({ description: "The first day on which it is in force." }),
  expires: day.optional().meta({ description: "The last one; it does not expire when left out." }),
  criteria: z
    .array(text)
    .min(1)
    .optional()
    .meta({ description: "What it addresses, such as soc2-2017:CC8.1:4; those of its kind when left out." }),
  note: text.optional(),
});
