import { z } from "zod";

const count = z.number().int().min(0);
const checkName = z.strictObject({
  name: z.string().min(1),
  /** The app that must have run it; without it any app's run of that name counts, and the weakness is said. */
  app: z.string().min(1).optional(),
});
/** A check by name, or an objective that one of several checks serves, as teams choose their tools. */
const checkDemand = z.union([
  z.strictObject({ objective: z.string().min(1), anyOf: z.array(checkName).min(1) }),
  checkName,
]);

/** A span such as `24h` or `3d`, in milliseconds once read. */
export const durationSchema = z
  .string()
  .regex(/^[1-9]\d*[mhd]$/, "a duration such as 30m, 24h or 3d")
  .transform((text) => {
    const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[text.slice(-1) as "m" | "h" | "d"];
    return Number(text.slice(0, -1)) * unit;
  });

/** What a release that only raises versions may touch, unless an automation's entry names its own paths. */
export const releasePaths: readonly string[] = [
  "package.json",
  "**/package.json",
  "package-lock.json",
  "**/package-lock.json",
  "pyproject.toml",
  "**/Cargo.toml",
  "Cargo.toml",
  "Cargo.lock",
  "CHANGELOG.md",
  "**/CHANGELOG.md",
  ".release-please-manifest.json",
  "VERSION",
  "**/VERSION",
];

const optionalOrRequired = z.enum(["required", "off"]);

/** The organisation's parameters for attributes; each key is read by the attributes that name it in their `params`. */
export const policyParametersSchema = z.strictObject({
  approval: z
    .strictObject({
      count: count.min(1).default(1),
      finalRevision: optionalOrRequired.default("required"),
      /** A merge of the base branch into the change, made by the platform, keeps an approval given before it. */
      mergeFromBaseKeeps: z.boolean().default(false),
      /** How long after the merge an approval of the final revision may still be given; absent: not at all. */
      retrospectiveWithin: durationSchema.optional(),
      /** Whoever owns the code touched approved it, by the source's own evaluation of a rule that demands so. */
      codeOwners: optionalOrRequired.default("off"),
    })
    .prefault({}),
  /** Empty: what the branch's rules demanded at the merge. */
  requiredChecks: z.array(checkDemand).default([]),
  securityChecks: z.array(checkDemand).default([]),
  requestLink: optionalOrRequired.default("off"),
  description: z.strictObject({ minLength: count.default(1) }).prefault({}),
  emergency: z
    .strictObject({
      label: z.string().min(1),
      reviewWithin: durationSchema.prefault("24h"),
      /** An emergency says under this heading of its description why it could not wait; absent: not asked. */
      reason: z.strictObject({ heading: z.string().min(1) }).optional(),
    })
    .prefault({ label: "emergency" }),
  significant: z
    .strictObject({
      paths: z.array(z.string()).default([]),
      labels: z.array(z.string()).default([]),
      approvers: z.array(z.string()).default([]),
      /** Such a change says under this heading of its description what it affects; absent: not asked. */
      impactNote: z.strictObject({ heading: z.string().min(1) }).optional(),
    })
    .prefault({}),
  automation: z
    .array(
      z.strictObject({
        account: z.string().min(1),
        /** The source's immutable id of the account, beside its login. */
        id: z.union([z.string().min(1), z.number().int().positive().transform(String)]).optional(),
        /** `release`: a bot that raises versions; approval none, checks required and paths of versions unless said otherwise. */
        preset: z.enum(["release"]).optional(),
        /** Absent: a person. */
        approval: z.enum(["person", "none"]).optional(),
        /** Absent: required. A list takes the place of the policy's own for its changes. */
        checks: z.union([optionalOrRequired, z.array(checkDemand).min(1)]).optional(),
        /** What is allowed holds only for changes that touch nothing but these globs; absent: any. */
        paths: z.array(z.string().min(1)).min(1).optional(),
      }),
    )
    .default([]),
  /** How long before a deployment the version to fall back on may last have been deployed; absent: however long. */
  fallBack: z.strictObject({ within: durationSchema.optional() }).prefault({}),
  /** `allowed`: administrators may pass the branch's rules by; each use is tested as any other bypass. */
  administratorBypass: z.enum(["forbidden", "allowed"]).default("forbidden"),
  /** Accounts that may deploy to production, `github:release-bot`; empty: any automation, never a person. */
  deployers: z.array(z.string().min(1)).default([]),
});

/** One policy of the configuration: the latest `from` that is not after the merge, for the item's system, judges it. */
export const policySchema = policyParametersSchema.extend({
  from: z.iso.date(),
  systems: z.array(z.string()).min(1).default(["*"]),
  teams: z.array(z.string()).optional(),
});
export type Policy = z.infer<typeof policySchema>;

/** An exception accepted in advance; applies only to failures of `attribute` on items it names, until it expires. */
export const waiverSchema = z.strictObject({
  id: z.string().min(1),
  attribute: z.string().min(1),
  systems: z.array(z.string()).min(1),
  /** `#12` or `owner/name#12` for a change, a full commit oid, or a deployment's id; absent: every item of the systems. */
  items: z.array(z.string()).min(1).optional(),
  owner: z.string().min(1),
  reason: z.string().min(1),
  from: z.iso.date(),
  expires: z.iso.date(),
});
export type Waiver = z.infer<typeof waiverSchema>;

/** The policy's parameters with a control's own in their place, group by group; attributes read the result. */
export function mergeParameters(
  policy: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isGroup = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const merged = Object.entries(own).map(([key, value]) => {
    const base = policy[key];
    return [key, isGroup(value) && isGroup(base) ? { ...base, ...value } : value] as const;
  });
  return { ...policy, ...Object.fromEntries(merged) };
}
