import { z } from "zod";
import { ownControlSchema } from "../model/control.ts";
import { identitySchema } from "../model/identity.ts";
import { durationSchema, policySchema, waiverSchema } from "../model/policy.ts";
import { attestationFileSchema } from "./attestation-schema.ts";
import { metricsFileSchema, narrativeFileSchema } from "./context-schema.ts";

const text = z.string().min(1);
const id = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, "letters, digits, dots and dashes, without spaces");
/** An identifier that YAML may have read as a number. */
const numericId = z.union([text, z.number().int().positive()]).transform(String);

const secret = z.union([
  z.strictObject({ env: text.meta({ description: "Name of the environment variable that holds it." }) }),
  z.strictObject({ file: text.meta({ description: "A file that only its owner can read." }) }),
]);

const repositoryPattern = z
  .string()
  .regex(/^!?[^/\s*!]+\/[^/\s]+$/, "a pattern such as owner/name, owner/* or !owner/sandbox-*");

const signing = z.strictObject({
  origin: z
    .string()
    .regex(/^[^\s+\p{C}]+$/u, "a name without spaces and plus signs, such as riverbank.example/flowproof")
    .optional()
    .meta({ description: "The ledger's name in its checkpoints, for good; flowproof/<organisation> when left out." }),
  key: secret.meta({ description: "The Ed25519 private key (PEM), readable by its owner alone." }),
  certificate: z
    .strictObject({
      file: text.meta({ description: "PEM: the certificate, then those that issued it." }),
      key: secret.meta({ description: "Its private key (PEM), readable by its owner alone." }),
    })
    .optional()
    .meta({ description: "What the PDF of an issued pack is signed with." }),
  timestamp: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: "an address such as https://timestamps.example/tsr" }),
      trust: text.meta({ description: "PEM file with the authority's root certificates." }),
    })
    .optional()
    .meta({ description: "An RFC 3161 authority that says when a checkpoint existed." }),
});

const source = z.strictObject({
  id: id.meta({ description: "Your name for it; part of every record's id, so keep it." }),
  provider: text.meta({ description: "Which API it speaks: github." }),
  baseUrl: z
    .url({ protocol: /^https?$/, error: "an address such as https://api.github.com" })
    .default("https://api.github.com"),
  token: secret.optional().meta({ description: "A token that can only read." }),
  app: z
    .strictObject({ id: numericId, key: secret, installation: numericId })
    .optional()
    .meta({ description: "A GitHub App in place of a token." }),
  ca: text.optional().meta({ description: "PEM file with additional certificate authorities." }),
  repositories: z
    .array(z.union([repositoryPattern, z.strictObject({ exclude: repositoryPattern, reason: text })]))
    .min(1)
    .meta({ description: "What to collect: owner/name, owner/*; !owner/name leaves one out." }),
});

const deployments = z.discriminatedUnion(
  "from",
  [
    z.strictObject({ from: z.literal("github") }).meta({ description: "The deployments that the source records." }),
    z
      .strictObject({
        from: z.literal("workflow"),
        file: z
          .string()
          .regex(/^(\.github\/workflows\/)?[^/]+\.ya?ml$/, "a workflow's file such as deploy.yml")
          .transform((file) => file.replace(/^.*\//, ""))
          .meta({ description: "The workflow that deploys." }),
        job: text.meta({ description: "The name of its job that deploys, as the source shows it." }),
      })
      .meta({ description: "Every run of a workflow in which the job ran is a deployment." }),
    z
      .strictObject({
        from: z.literal("import"),
        file: text.meta({ description: "A CSV file, relative to this one." }),
      })
      .meta({ description: "A list from a cluster or a cloud: id,environment,commit,deployed_at,creator." }),
  ],
  { error: "none of github, workflow, import" },
);

const system = z.strictObject({
  id,
  team: text,
  repositories: z.array(z.string().regex(/^[^/\s*!]+\/[^/\s*]+$/, "a repository such as owner/name")).min(1),
  paths: z.array(text).min(1).optional(),
  branch: text.optional(),
  promotion: z.array(text).min(2).optional(),
  environments: z.array(text).min(1).default(["production"]),
  deployments: deployments.prefault({ from: "github" }),
  profile: z.enum(["continuous", "gated"]).default("continuous"),
});

/** The configuration file, key by key; defaults are filled in. References between its parts are checked elsewhere. */
export const configFileSchema = z.strictObject({
  organisation: text.meta({ description: "The name on the cover." }),
  timezone: text.default("UTC").meta({ description: "IANA name; periods are days of this zone." }),
  frameworks: z.array(text).min(1).default(["soc2-2017", "iso27001-2022"]),
  store: text.default("flowproof.db").meta({ description: "The evidence, relative to this file; on a local disk." }),
  reports: text.default("reports").meta({ description: "Where packs are written, relative to this file." }),
  since: z.iso.date("a day such as 2026-01-01").meta({ description: "How far back the first collecting reaches." }),
  lateAfter: durationSchema
    .prefault("26h")
    .meta({ description: "After how long without collecting `status` calls a stream late." }),
  browser: text.optional().meta({ description: "The browser that prints; found by itself when left out." }),
  signing: signing.optional().meta({ description: "How checkpoints and packs are signed." }),
  metrics: metricsFileSchema
    .prefault({})
    .meta({ description: "What delivery metrics are read from and held against." }),
  narrative: narrativeFileSchema.prefault({}).meta({ description: "Management's narrative in packs." }),
  sources: z.array(source).min(1),
  systems: z.array(system).min(1),
  identities: z.array(identitySchema).default([]),
  policies: z.array(policySchema).default([]),
  waivers: z.array(waiverSchema).default([]),
  responses: z.array(text).default([]).meta({
    description: "Management's answers to exceptions: folders or globs of YAML files, relative to this one.",
  }),
  attestations: z.array(attestationFileSchema).default([]).meta({
    description: "What management attests with a file, recorded when collecting; tested by nothing here.",
  }),
  controls: z.array(ownControlSchema).default([]),
});
export type ConfigFile = z.infer<typeof configFileSchema>;

/** The JSON Schema (draft 2020-12) of the configuration file, for editors. */
export function configJsonSchema(): object {
  return { ...z.toJSONSchema(configFileSchema, { io: "input" }), title: "flowproof.config.yaml" };
}
