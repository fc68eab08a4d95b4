import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

/** Who may merge to, pass by and deploy from one repository, as last read by the cut-off. */
export const accessSchema = z.object({
  system: z.string(),
  repository: z.string(),
  /** Rights in the repository; null where they were not read. */
  rights: z
    .object({
      readAt: instantSchema,
      /** Accounts that may merge, administrators among them. */
      merge: z.array(z.string()),
      administer: z.array(z.string()),
      /** Accounts with roles of the organisation's own, whose rights are not known. */
      otherRoles: z.array(z.string()),
      /** Teams that may merge; null where they could not be read. */
      teams: z.array(z.string()).nullable(),
      pipelinesMayApprove: z.boolean().nullable(),
      record: recordRef,
    })
    .nullable(),
  /** Why they were not read; null where they were. */
  rightsUnread: z.string().nullable(),
  /** Who may pass the rules by, at the end of what was observed; null where that is not known. */
  bypass: z
    .object({ readAt: instantSchema, names: z.array(z.string()), whole: z.boolean(), record: recordRef })
    .nullable(),
  bypassUnread: z.string().nullable(),
  environments: z.array(
    z.object({
      name: z.string(),
      readAt: instantSchema,
      reviewers: z.array(z.string()),
      selfApprovalPrevented: z.boolean().nullable(),
      administratorsMayBypass: z.boolean().nullable(),
      branches: z.enum(["all", "protected", "selected"]),
      /** The patterns of those selected; absent where they were not read. */
      branchNames: z.array(z.string()).optional(),
      waitMinutes: count,
      record: recordRef,
    }),
  ),
  environmentsUnread: z.string().nullable(),
});
export type Access = z.infer<typeof accessSchema>;
