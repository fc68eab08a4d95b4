import { z } from "zod";
import { outcomes } from "./attribute.ts";
import { subjects } from "./dossier.ts";
import { instantSchema } from "./entity.ts";
import { streamKinds } from "./stream.ts";

const count = z.number().int().min(0);
/** A record's id, printed as `r<id>`. */
const recordRef = z.number().int().positive();

export const controlResults = [
  "aboveThreshold",
  "evidenceIncomplete",
  "exceptionsNoted",
  "noExceptionsNoted",
  "didNotOperate",
] as const;
/** Gravest first, as they take precedence. */
export type ControlResult = (typeof controlResults)[number];

const observationSchema = z.object({
  attribute: z.string(),
  outcome: z.enum(outcomes),
  message: z.string(),
  evidence: z.array(recordRef),
  due: instantSchema.optional(),
  /** The waiver that accepts this failure. */
  waiver: z.string().optional(),
  /** The outcome under the earlier rule, where the policy in force was dated before it was first seen. */
  earlierOutcome: z.enum(outcomes).optional(),
});
export type AssessedObservation = z.infer<typeof observationSchema>;

/** What sets a change apart from an ordinary one, whatever its tests say. */
export const itemClasses = [
  "emergency", // it bore the emergency's mark when it merged
  "significant", // significant by policy: a label that stood, or a path it touches
  "automated", // automation opened it
  "release", // automation that only raises versions, by policy's preset
  "mergedByHand", // somebody merged it by hand, and pushed
  "editsItsChecks", // it edits the file of a workflow that ran on it
  "retried", // a check of its head had failed before it passed
] as const;
export type ItemClass = (typeof itemClasses)[number];

/** One item of the population with every attribute's outcome; every number of a pack is counted from these. */
const itemSchema = z.object({
  subject: z.enum(subjects),
  /** The natural key: unique within its subject. */
  key: z.string(),
  system: z.string(),
  team: z.string(),
  repository: z.string(),
  /** `#12`, `9f3c1ab0`, `deployment 99`, `payments: main`. */
  label: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  /** Change number or the source's deployment number, where it has one. */
  number: z.string().nullable(),
  /** The commit on the branch (of a change: its merge commit), the commit deployed. */
  commit: z.string().nullable(),
  /** When it reached the branch, was deployed. Where only an interval is known: its end, the latest it can have been. */
  at: instantSchema,
  /** The beginning of that interval; absent where `at` is exact. */
  notBefore: instantSchema.optional(),
  /** Author of a change or commit, creator of a deployment; `login (id)`. Of a commit that no change explains: who pushed it, or that nobody recorded that, and whom git names. */
  actor: z.string(),
  /** Of a commit: the account by which the source knows its author, as git names it; null where it knows none. */
  account: z.string().nullable().optional(),
  environment: z.string().nullable(),
  /** For a change: the key of its first production deployment. For a commit: the key of the change that explains it. */
  link: z.string().nullable(),
  /** Listed in two periods, because nothing places it in one. */
  unplaced: z.boolean().default(false),
  /** Of a change: the classes it belongs to; absent for none. */
  classes: z.array(z.enum(itemClasses)).optional(),
  /** Null only for settings that were never observed. */
  record: recordRef.nullable(),
  observations: z.array(observationSchema),
});
export type Item = z.infer<typeof itemSchema>;

const tally = z.object({
  items: count,
  pass: count,
  /** Failed and not waived. */
  fail: count,
  waived: count,
  notVerifiable: count,
  notApplicable: count,
});
export type Tally = z.infer<typeof tally>;

const storySchema = z.object({
  /** Where only an interval is known: its end. */
  at: instantSchema.nullable(),
  /** The beginning of that interval; absent where `at` is exact. */
  notBefore: instantSchema.optional(),
  text: z.string(),
  record: recordRef.nullable(),
});

/** A failed attribute of one item, told so that its owner and an auditor understand it. */
const exceptionSchema = z.object({
  /** `EX-2026-10-001`, stable for the same evidence. */
  id: z.string(),
  subject: z.enum(subjects),
  item: z.string(),
  label: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  system: z.string(),
  team: z.string(),
  at: instantSchema,
  /** As the item has it. */
  notBefore: instantSchema.optional(),
  actor: z.string(),
  attributes: z.array(z.string()),
  controls: z.array(z.string()),
  messages: z.array(z.string()),
  /** What happened, in the order of the source's times. */
  story: z.array(storySchema),
  /** Key of the exception it follows from (a deployment of a change that failed). */
  follows: z.array(z.string()),
  remediation: z.string(),
  waiver: z.string().nullable(),
  evidence: z.array(recordRef),
});
export type Exception = z.infer<typeof exceptionSchema>;

const controlAssessmentSchema = z.object({
  /** The catalog's id, e.g. `CHG-03`. */
  id: z.string(),
  /** The organisation's own, where it has one. */
  own: z.object({ id: z.string(), title: z.string() }).nullable(),
  title: z.string(),
  objective: z.string(),
  mechanism: z.string(),
  procedure: z.string(),
  remediation: z.string(),
  owner: z.string(),
  key: z.boolean(),
  population: z.enum(["commits", "changes", "deployments", "configuration"]),
  attributes: z.array(z.string()),
  threshold: z.number(),
  result: z.enum(controlResults),
  /** The result as a sentence with its numbers. */
  statement: z.string(),
  tally,
  bySystem: z.array(z.object({ system: z.string(), result: z.enum(controlResults), tally })),
  /** Where evidence is incomplete: how many items of which system, and why. */
  incomplete: z.array(z.object({ system: z.string(), items: count, reason: z.string() })),
  exceptions: z.array(z.string()),
  /** Items of another population that bear on its objective, counted by the control named and not here. */
  beside: z.array(z.object({ control: z.string(), items: count, text: z.string() })).optional(),
  mappings: z.array(z.object({ framework: z.string(), criterion: z.string(), points: z.array(z.string()) })),
});
export type ControlAssessment = z.infer<typeof controlAssessmentSchema>;

const criterionAssessmentSchema = z.object({
  framework: z.string(),
  frameworkTitle: z.string(),
  id: z.string(),
  title: z.string(),
  concluded: z.boolean(),
  /** `notConcluded` where no key control operated. */
  result: z.enum([...controlResults, "notConcluded"]),
  statement: z.string(),
  pointsName: z.string(),
  points: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** Key and supporting controls that address it; empty: not addressed, and printed so. */
      controls: z.array(z.string()),
      result: z.enum([...controlResults, "notConcluded", "notAddressed"]),
    }),
  ),
  controls: z.array(z.string()),
});
export type CriterionAssessment = z.infer<typeof criterionAssessmentSchema>;

const coverageRowSchema = z.object({
  stream: z.string(),
  source: z.string(),
  repository: z.string(),
  kind: z.enum(streamKinds),
  system: z.string().nullable(),
  /** Over the whole period: the gravest of its intervals. */
  status: z.enum(["complete", "partial", "unobserved"]),
  intervals: z.array(
    z.object({
      from: instantSchema,
      to: instantSchema,
      status: z.enum(["complete", "partial", "unobserved"]),
      reason: z.string().nullable(),
    }),
  ),
  /** Objects stored against the source's own count, where it gives one. */
  stored: count,
  sourceTotal: count.nullable(),
  /** The end of what was ever observed; null where nothing was. */
  until: instantSchema.nullable().optional(),
  /** When the source begins to forget what came after `until`; null where it keeps everything, absent where nothing was observed. */
  keptUntil: instantSchema.nullable().optional(),
});
export type CoverageRow = z.infer<typeof coverageRowSchema>;

const reconciliationRowSchema = z.object({
  system: z.string(),
  /** `byHand`: of those explained, the merges that somebody made by hand and pushed; absent for none. */
  commits: z.object({ onLine: count, explained: count, unexplained: count, byHand: count.optional() }),
  /** Merged to the released branch; `elsewhere`: merged in the period to another one, promotions among them; absent for none. */
  changes: z.object({ merged: count, onLine: count, notOnLine: count, elsewhere: count.optional() }),
  deployments: z.object({ succeeded: count, traced: count, untraced: count, unknown: count }),
  /** opening + merged - deployed - withdrawn = closing, in changes; null where deployments were not observed. */
  flow: z.object({ opening: count, merged: count, deployed: count, withdrawn: count, closing: count }).nullable(),
});

/** A change that took the landing branch on to one that it is promoted through. */
const promotionSchema = z.object({
  system: z.string(),
  label: z.string(),
  title: z.string(),
  url: z.string(),
  branch: z.string(),
  mergedAt: instantSchema,
  /** The commit it made. */
  commit: z.string().nullable(),
  /** The commit of the landing branch with the identical tree: the promotion added nothing. Null: it is listed as unmatched. */
  identicalTo: z.string().nullable(),
  record: recordRef,
});

/** A change merged to a branch that is neither released nor promoted to. */
const elsewhereSchema = promotionSchema.omit({ commit: true, identicalTo: true });

const unmatchedSchema = z.object({
  kind: z.enum(["commit", "change", "deployment"]),
  system: z.string(),
  label: z.string(),
  item: z.string(),
  why: z.string(),
  record: recordRef,
});

/** One time somebody passed the branch's rules by. */
const bypassSchema = z.object({
  /** `BY-2026-10-001`, stable for the same evidence. */
  id: z.string(),
  system: z.string(),
  repository: z.string(),
  branch: z.string(),
  at: instantSchema,
  /** As the item has it. */
  notBefore: instantSchema.optional(),
  /** `rewrite`: a force push, or the branch deleted. */
  kind: z.enum(["merge", "push", "rewrite"]),
  /** How it is known: the source's own evaluation of its rules, its record of the branch's moves, or our comparison of what the rules demanded with the record. */
  shownBy: z.array(z.enum(["evaluation", "move", "comparison"])),
  /** Keys of the items it concerns: a change, commits, the branch's settings; empty where none of the period is. */
  items: z.array(z.string()),
  /** `#12`, `9f3c1ab0`. */
  label: z.string(),
  /** Who merged or pushed. */
  actor: z.string(),
  /** By the source's names of its rules; null where it does not name them. */
  unmet: z.array(z.string()).nullable(),
  text: z.string(),
  /** The mark of an emergency, or what the description says; null where neither gives a reason. */
  reason: z.object({ text: z.string(), record: recordRef }).nullable(),
  /** The first independent review after it; `unclear`: whether its author is independent cannot be said, `notObserved`: reviews were not read whole. */
  review: z.object({
    state: z.enum(["independent", "unclear", "none", "notObserved"]),
    at: instantSchema.nullable(),
    text: z.string(),
    record: recordRef.nullable(),
  }),
  /** The control that counts its items; null for none. */
  control: z.string().nullable(),
  /** What that control's test says of it. */
  outcome: z.enum(outcomes).nullable(),
  evidence: z.array(recordRef),
});
export type Bypass = z.infer<typeof bypassSchema>;

/** Who may merge to, pass by and deploy from one repository, as last read by the cut-off. */
const accessSchema = z.object({
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

/** What evaluation gives and report reads; the only thing packs are made from. Identical input gives identical JSON. */
export const assessmentResultSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({
    name: z.literal("flowproof"),
    version: z.string(),
    /** The commit it was compiled from; `unbuilt` where its sources ran, `unknown` where nothing says. */
    build: z.string().optional(),
  }),
  organisation: z.object({ name: z.string(), slug: z.string(), timezone: z.string() }),
  period: z.object({
    /** `2026-10`, `2026-Q3` or `2026-10-01..2026-10-15`. */
    id: z.string(),
    from: instantSchema,
    to: instantSchema,
    /** Evidence after this is left out. */
    asOf: instantSchema,
    /** The period is not over, or not observed to its end: population ends here. */
    cutAt: instantSchema.nullable(),
  }),
  scope: z.object({
    systems: z.array(
      z.object({
        id: z.string(),
        team: z.string(),
        profile: z.string(),
        environments: z.array(z.string()),
        /** Where its deployments were read from and whose word that is, a sentence; absent: the source's own records. */
        deployments: z.string().optional(),
        repositories: z.array(
          z.object({
            key: z.string(),
            name: z.string(),
            /** Where changes land: its line is the population. */
            branch: z.string(),
            /** The branches they are promoted through on the way to production. */
            promotedThrough: z.array(z.string()).optional(),
          }),
        ),
      }),
    ),
    /** The organisation's list: every repository in scope, excluded with a reason, or unlisted. */
    repositories: z.array(
      z.object({ name: z.string(), status: z.enum(["inScope", "excluded", "unlisted"]), reason: z.string() }),
    ),
  }),
  provenance: z.object({
    sources: z.array(
      z.object({
        id: z.string(),
        provider: z.string(),
        endpoint: z.string(),
        identity: z.string(),
        scopes: z.array(z.string()),
      }),
    ),
    runs: z.array(
      z.object({
        id: z.string(),
        startedAt: instantSchema,
        endedAt: instantSchema.nullable(),
        outcome: z.string(),
        requests: count,
        records: count,
        tool: z.string(),
      }),
    ),
    /** The queries verbatim, by name; the pack's appendix prints the digest, the JSON holds the text. */
    queries: z.array(
      z.object({
        operation: z.string(),
        digest: z.string(),
        text: z.string(),
        requests: count,
        /** Each set of variables it was sent with: their names, how often, and the values of the first request as JSON, long lists and texts cut. */
        variables: z.array(z.object({ names: z.array(z.string()), requests: count, example: z.string() })).optional(),
      }),
    ),
    /** The record of the configuration whose identity map was applied; null where no run recorded it as it stands. */
    configuration: recordRef.nullable().optional(),
  }),
  coverage: z.array(coverageRowSchema),
  reconciliation: z.object({
    rows: z.array(reconciliationRowSchema),
    unmatched: z.array(unmatchedSchema),
    promotions: z.array(promotionSchema).optional(),
    elsewhere: z.array(elsewhereSchema).optional(),
  }),
  attributes: z.array(
    z.object({
      id: z.string(),
      letter: z.string(),
      title: z.string(),
      subject: z.enum(subjects),
      /** The kinds of streams that add to its answer where they are read; absent for none. */
      considers: z.array(z.enum(streamKinds)).optional(),
    }),
  ),
  /** All items of the period, by subject, system, time, key. */
  population: z.array(itemSchema),
  controls: z.array(controlAssessmentSchema),
  criteria: z.array(criterionAssessmentSchema),
  exceptions: z.array(exceptionSchema),
  waivers: z.array(
    z.object({
      id: z.string(),
      attribute: z.string(),
      owner: z.string(),
      reason: z.string(),
      expires: z.string(),
      used: count,
      firstSeen: instantSchema.nullable(),
      retroactive: z.boolean(),
    }),
  ),
  policies: z.array(
    z.object({
      from: z.string(),
      systems: z.array(z.string()),
      parameters: z.record(z.string(), z.unknown()),
      firstSeen: instantSchema.nullable(),
      retroactive: z.boolean(),
    }),
  ),
  identities: z.array(
    z.object({
      party: z.string(),
      kind: z.enum(["person", "automation"]),
      accounts: z.array(z.string()),
      emails: count,
    }),
  ),
  /** Per system: since when its rules are shown unchanged, and every interval of the period. */
  continuity: z.array(
    z.object({
      system: z.string(),
      repository: z.string(),
      branch: z.string(),
      intervals: z.array(
        z.object({
          from: instantSchema,
          to: instantSchema,
          /** `weak`: rules were active that let commits be pushed without a change, or history be rewritten. */
          state: z.enum(["active", "weak", "absent", "unobserved"]),
          rules: z.string(),
          /** What the rules lacked; absent for nothing. */
          lacking: z.array(z.string()).optional(),
          /** Keys of the changes, and of the commits without one, that reached the branch meanwhile; absent where the rules were active. */
          reached: z.array(z.string()).optional(),
          /** Whether an active rule let nothing onto the branch but by a change; absent where the rules are not known. */
          changeRequired: z.boolean().optional(),
          record: recordRef.nullable(),
        }),
      ),
      /** Each version of its rules and each rewrite of the branch in the period, by time. */
      events: z
        .array(
          z.object({
            at: instantSchema,
            kind: z.enum(["rules", "rewrite"]),
            by: z.string(),
            text: z.string(),
            record: recordRef,
          }),
        )
        .optional(),
    }),
  ),
  /** Every bypass of the released branches' rules in the period, by time; `observed` says where none can be concluded from their absence. */
  bypasses: z.object({
    entries: z.array(bypassSchema),
    observed: z.array(
      z.object({
        system: z.string(),
        repository: z.string(),
        entries: count,
        gaps: z.array(z.object({ from: instantSchema, to: instantSchema, reason: z.string() })),
      }),
    ),
  }),
  access: z.array(accessSchema),
  /** Deployments of a tag that was seen on more than one commit. */
  movedTags: z.array(
    z.object({
      system: z.string(),
      deployment: z.string(),
      tag: z.string(),
      sightings: z.array(z.object({ commit: z.string(), at: instantSchema, record: recordRef })),
    }),
  ),
  /** Context, not control evidence: security alerts of the period; null where they were not read. */
  alerts: z.array(
    z.object({
      system: z.string(),
      repository: z.string(),
      counts: z.object({ opened: count, fixed: count, dismissed: count, openAtEnd: count }).nullable(),
      /** Why they were not read, or not whole. */
      gap: z.string().nullable(),
    }),
  ),
  /** Context, not control evidence: DORA's definitions; seconds, null where nothing was measured. */
  metrics: z.array(
    z.object({
      system: z.string(),
      deployments: count,
      perDay: z.number(),
      leadTimeMedian: z.number().nullable(),
      leadTimeP90: z.number().nullable(),
      fallBacks: count,
    }),
  ),
  checkpoint: z.object({ size: count, root: z.string(), at: instantSchema }),
  /** Every record the assessment refers to. */
  records: z.array(
    z.object({
      id: recordRef,
      leaf: z.string(),
      stream: z.string(),
      kind: z.string(),
      externalId: z.string(),
      fetchedAt: instantSchema,
    }),
  ),
});
export type AssessmentResult = z.infer<typeof assessmentResultSchema>;

/** The records that a sentence names, as in `record r12 could not be read`. */
export const recordsNamed = (text: string): readonly number[] =>
  [...text.matchAll(/\brecord r([1-9]\d{0,14})\b/g)].map(([, id]) => Number(id));
