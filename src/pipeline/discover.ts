import type { ConfiguredSource } from "../config/config.ts";
import type { Discovered } from "../providers/provider.ts";
import { instant } from "../util/clock.ts";
import { ConfigError, SourceError } from "../util/errors.ts";
import { providerContext } from "./collect.ts";
import { providerOf } from "./open.ts";
import type { Discovery, PipelineContext, ProposedSystem } from "./types.ts";

/** How far back discovery looks. */
const discoveryDays = 30;

/** Where discovery looks, before any configuration exists. */
export interface DiscoveryRequest extends Omit<PipelineContext, "config"> {
  readonly owner: string;
  readonly baseUrl: string;
  /** The environment variable that holds the token. */
  readonly tokenVariable: string;
}

/** Proposes systems, environments, checks and bots from what an owner's repositories did in the last days; stores nothing. Throws ConfigError without a token, SourceError. */
export async function discover(request: DiscoveryRequest): Promise<Discovery> {
  const { owner, baseUrl, tokenVariable, env, clock } = request;
  const source: ConfiguredSource = {
    id: "github",
    provider: "github",
    baseUrl,
    credential: { type: "token", read: () => tokenFrom(env, tokenVariable) },
    repositories: [{ pattern: `${owner}/*`, excludes: false }],
  };
  const since = instant(new Date(clock().getTime() - discoveryDays * 86_400_000));
  const found = await providerOf(source)
    .discover(owner, since, providerContext(request, source))
    .catch((error: unknown) => {
      if (!(error instanceof SourceError) || error.hint !== undefined) throw error;
      const hint =
        error.reason === "unavailable"
          ? `Check the address ${baseUrl}, the network and a proxy; --base-url names another.`
          : `Check the name ${owner}, and that the token may see it.`;
      throw new SourceError(error.reason, error.message, { cause: error, hint });
    });
  const busy = found.filter(({ archived, merged }) => !archived && merged > 0);
  return {
    owner,
    systems: busy.map(proposal).sort((a, b) => (a.id < b.id ? -1 : 1)),
    automations: [...new Set(found.flatMap(({ automations }) => automations))].sort(),
    onlyDeploy: [...new Set(found.flatMap(({ deployers }) => deployers))]
      .filter((login) => found.every(({ authors }) => !authors.includes(login)))
      .sort(),
    quiet: found
      .filter((repository) => !busy.includes(repository))
      .map(({ name }) => name)
      .sort(),
  };
}

function proposal(found: Discovered): ProposedSystem {
  const { name, defaultBranch, environments, checks, merged } = found;
  const promotion = promotionFrom(found);
  const production = environments.filter((environment) => /prod|live/i.test(environment));
  return {
    id: (name.split("/").at(-1) ?? name).replace(/^[^A-Za-z0-9]+/, ""),
    repository: name,
    branch: promotion.at(-1) ?? defaultBranch,
    ...(promotion.length > 1 ? { promotion } : {}),
    environments: production.length > 0 ? production : ["production"],
    checks,
    merged,
  };
}

/** The way from the default branch on: to the one branch that the one before was merged to, or the one of several that was deployed. */
function promotionFrom({ defaultBranch, merges, deployedFrom }: Discovered): readonly string[] {
  const way = [defaultBranch];
  for (const from of way) {
    const next = merges.flatMap((merge) => (merge.from === from && !way.includes(merge.to) ? [merge.to] : []));
    const deployed = next.filter((branch) => deployedFrom.includes(branch));
    const [on, ...others] = next.length > 1 ? deployed : next;
    if (on !== undefined && others.length === 0) way.push(on);
  }
  return way;
}

function tokenFrom(env: NodeJS.ProcessEnv, variable: string): string {
  const token = env[variable]?.trim();
  if (token) return token;
  throw new ConfigError(`discovery needs a token, and the environment variable ${variable} is not set`, {
    hint: `Set ${variable} to a token that can only read, or name another variable with --token-env.`,
  });
}
