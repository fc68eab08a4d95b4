import { existsSync } from "node:fs";
import type { AssessmentResult } from "../model/assessment.ts";
import type { SourceConfig } from "../providers/provider.ts";
import { ConfigError } from "../util/errors.ts";
import type { Period } from "../util/period.ts";
import { type KeptPack, keptInStore } from "./kept-changes.ts";
import { withStore } from "./open.ts";
import type { Reperformed } from "./reperform.ts";
import { judgedAsFixed } from "./sample-population.ts";
import { resolveScope } from "./scope.ts";
import type { PipelineContext } from "./types.ts";

type Environment = NodeJS.ProcessEnv;

/** Reads the auditor's own token. Throws ConfigError where the variable is not set. */
export function tokenFrom(variable: string, env: Environment): string {
  const token = env[variable]?.trim();
  if (token) return token;
  throw new ConfigError(`the environment variable ${variable} holds no token`, {
    hint: `Put your own read-only token into ${variable}.`,
  });
}

/** The changes of an issued pack, by the records in its bundle. The token is sent to no other address than `endpoint`, whatever the pack names as its source's: throws ConfigError where that is another. */
export function fromBundle(
  { assessment, records }: KeptPack & Required<Pick<KeptPack, "records">>,
  { token, endpoint }: { readonly token: string; readonly endpoint: string | undefined },
): Reperformed {
  const { sources } = assessment.provenance;
  const other = sources.find((source) => source.endpoint !== endpoint?.replace(/\/+$/, ""));
  if (other)
    throw new ConfigError(
      `the pack names ${other.endpoint} as its source ${other.id}: is your token to be sent there?`,
      {
        hint: `If so, add --endpoint ${other.endpoint}`,
      },
    );
  return {
    population: changesOf(assessment),
    kept: async (keys) => new Map(keys.flatMap((key) => (records.has(key) ? [[key, records.get(key) ?? []]] : []))),
    repositories: new Map(
      assessment.scope.systems.flatMap(({ repositories }) => repositories.map(({ key, name }) => [key, name] as const)),
    ),
    sources: sources.map(({ id, provider, endpoint }) => ({
      id,
      provider,
      baseUrl: endpoint,
      credential: { type: "token", read: () => token },
    })),
    whole: false,
  };
}

/** The changes that the store holds of the systems' repositories, or the population of a period, as it is sampled, or of a pack where that is given; asked with `token`, else with the configured credentials. */
export async function fromStore(
  ctx: PipelineContext,
  { token, period, pack }: { readonly token?: string; readonly period?: Period; readonly pack?: KeptPack },
): Promise<Reperformed> {
  if (!existsSync(ctx.config.store))
    throw new ConfigError(`there is no store ${ctx.config.store}`, { hint: "Run `flowproof collect` first." });
  // What a run under way has stored has no place in the ledger yet.
  const asOf = (await withStore(ctx, { write: false }, (store) => store.checkpoint()))?.at;
  const mode = { write: false, ...(asOf === undefined ? {} : { asOf }) };
  if (period) ctx.progress("judging the evidence");
  const judged = period ? await judgedAsFixed(ctx, { period, population: "changes" }) : pack?.assessment;
  const { repositories, population } = await withStore(ctx, mode, async (store) => {
    const scope = await resolveScope(ctx.config, store);
    const names = new Map(scope.repositories.map(({ key, name }) => [key, name]));
    if (judged) return { repositories: names, population: changesOf(judged) };
    const changes = await store.entities("change", { repositories: [...names.keys()] });
    return { repositories: names, population: changes.map(({ key }) => key) };
  });
  return {
    population,
    kept: (keys) => withStore(ctx, mode, (store) => keptInStore(store, keys)),
    repositories,
    sources: ctx.config.sources.map((source) => withToken(source, token)),
    whole: true,
  };
}

function withToken(source: SourceConfig, token: string | undefined): SourceConfig {
  return token === undefined ? source : { ...source, credential: { type: "token", read: () => token } };
}

const changesOf = ({ population }: AssessmentResult): readonly string[] =>
  population.filter(({ subject }) => subject === "change").map(({ key }) => key);
