import type { GraphQLResolveInfo } from "graphql";
import { encodeNodeId } from "../node-id.ts";
import type { Repository, Unrecorded } from "../world.ts";
import type { PageArguments } from "./connection.ts";
import { type Context, refusal, repositoryOf } from "./context.ts";

/** The arguments of a field: paging ones typed, others to be read by what reads them. */
export type Arguments = PageArguments & Readonly<Record<string, unknown>>;

/** Answers one field of a source. */
export type Resolver<S> = (source: S, args: Arguments, context: Context, info: GraphQLResolveInfo) => unknown;

/** The fields of one type; `*` answers every other by the property of that name. */
export type Fields = Readonly<Record<string, Resolver<unknown>>>;

/** Declares the fields of a type whose sources are of type S. */
export function fields<S>(declared: Readonly<Record<string, Resolver<S>>>): Fields {
  return declared as Fields;
}

/** Fields answered by the property of their name. */
export function properties(...names: string[]): Record<string, Resolver<unknown>> {
  return Object.fromEntries(names.map((name) => [name, (source) => (source as Record<string, unknown>)[name]]));
}

/** Refuses a field that the recording does not hold or that a fault forbids. */
export function allow(context: Context, repo: number, what: Unrecorded | "reviews"): void {
  const repository: Repository = repositoryOf(context, repo);
  if (what !== "reviews" && repository.unrecorded.has(what)) throw refusal("FORBIDDEN", "not recorded");
  if (context.faults.forbidden.has(what)) {
    throw refusal("FORBIDDEN", "Resource not accessible by personal access token");
  }
  if (context.faults.missing.has(what)) throw refusal("NOT_FOUND", `Could not resolve to ${what}.`);
}

/** The global id of an object of a repository, or of an account or app where `repo` is null. */
export function nodeId(context: Context, prefix: string, repo: number | null, id: number | string): string {
  return encodeNodeId({ prefix, repository: repo === null ? 0 : repositoryOf(context, repo).id, id });
}
