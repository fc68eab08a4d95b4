import { GraphQLError } from "graphql";
import type { Faults } from "../faults.ts";
import type { Account, Commit, Issue, PullRequest, Repository, World } from "../world.ts";
import type { Cost } from "./cost.ts";

/** What every resolver is given. */
export interface Context {
  world: World;
  index: Index;
  faults: Faults;
  cost: Cost;
  /** The address of the web site that links lead to, without a slash at its end. */
  site: string;
  rate: { limit: number; remaining: number; used: number; resetAt: number };
}

/** Lists and look-ups made from the world when first asked for; `world.revision` tells when they are out of date. */
export interface Index {
  /** The value kept under the key, made by `build` when it is missing or out of date. */
  of<T>(key: string, build: () => T): T;
}

/** An index over one world, shared by all requests of a server. */
export function indexOf(world: World): Index {
  let revision = world.revision;
  const kept = new Map<string, unknown>();
  return {
    of<T>(key: string, build: () => T): T {
      if (revision !== world.revision) kept.clear();
      revision = world.revision;
      if (!kept.has(key)) {
        if (kept.size > 400) kept.clear();
        kept.set(key, build());
      }
      return kept.get(key) as T;
    },
  };
}

/** A field that is refused, as GitHub words its refusals: `type` beside `message`. */
export function refusal(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** An instant as GraphQL's DateTime. */
export function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The repository at a place in the world. */
export function repositoryOf(context: Context, index: number): Repository {
  const repository = context.world.repositories[index];
  if (!repository) throw new Error(`no repository ${index}`);
  return repository;
}

/** An account, or null where there is none or it was deleted. */
export function accountOf(context: Context, id: number | null): Account | null {
  return id === null ? null : (context.world.accounts.get(id) ?? null);
}

/** A commit of a repository, or null where it is gone. */
export function commitOf(context: Context, repo: number, oid: string | null): Commit | null {
  return oid === null ? null : (repositoryOf(context, repo).commits.get(oid) ?? null);
}

/** A pull request by its number, or undefined. */
export function changeOf(context: Context, repo: number, number: number): PullRequest | undefined {
  const repository = repositoryOf(context, repo);
  return context.index
    .of(
      `changes/${repo}/${repository.changes.length}`,
      () => new Map(repository.changes.map((each) => [each.number, each])),
    )
    .get(number);
}

/** An issue by its number, or undefined. */
export function issueOf(context: Context, repo: number, number: number): Issue | undefined {
  const { issues } = repositoryOf(context, repo);
  const build = () => new Map(issues.map((each) => [each.number, each]));
  return context.index.of(`issues/${repo}/${issues.length}`, build).get(number);
}

/** `owner/name` of a repository. */
export function fullName(context: Context, repository: Repository): string {
  return `${repository.owner ?? context.world.organisation.login}/${repository.name}`;
}
