import {
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLFieldResolver,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from "graphql";
import { type Context, refusal, time } from "./context.ts";
import { type Cost, costOf } from "./cost.ts";
import { accountTypes } from "./resolve-account.ts";
import { changeTypes } from "./resolve-change.ts";
import { commitTypes } from "./resolve-commit.ts";
import { nodeOf, repositoryTypes } from "./resolve-repository.ts";
import { ruleTypes } from "./resolve-rules.ts";
import { timelineTypes } from "./resolve-timeline.ts";
import { type Fields, fields, properties } from "./resolver.ts";
import { officialSchema } from "./schema.ts";

/** One request's body as it is sent to `/graphql`. */
export interface GraphqlRequest {
  query: string;
  variables: Readonly<Record<string, unknown>>;
  operationName: string | null;
}

/** A query that may be run: valid against the schema, within GitHub's limits, with its price. */
export interface Prepared {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  cost: Cost;
}

const NODE_LIMIT = 500_000;
const ID_LIMIT = 100;

const queryType = fields<unknown>({
  repository: (_source, args, { world, faults }) => {
    if (faults.nullRepository) return null;
    const { owner, name } = args;
    const same = (a: string, b: unknown) => a.toLowerCase() === String(b).toLowerCase();
    const found = same(world.organisation.login, owner) && world.repositories.find((each) => same(each.name, name));
    if (found) return found;
    throw refusal("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  },
  organization: (_source, args, { world }) => {
    if (world.organisation.login.toLowerCase() === String(args["login"]).toLowerCase()) return world.organisation;
    throw refusal("NOT_FOUND", `Could not resolve to an Organization with the login of '${args["login"]}'.`);
  },
  user: (_source, args, { world }) => {
    const found = [...world.accounts.values()].find((each) => each.login === args["login"] && each.kind === "User");
    if (found) return found;
    throw refusal("NOT_FOUND", `Could not resolve to a User with the login of '${args["login"]}'.`);
  },
  node: (_source, args, context) => nodeOf(context, String(args["id"])) ?? unresolved(args["id"]),
  nodes: (_source, args, context) => {
    const ids = args["ids"] as string[];
    if (ids.length > ID_LIMIT) throw refusal("ARGUMENT_LIMIT", `You may not provide more than ${ID_LIMIT} node ids.`);
    return ids.map((id) => nodeOf(context, id) ?? unresolvedError(id));
  },
  viewer: (_source, _args, { world }) => world.accounts.get(world.viewer),
  rateLimit: (_source, _args, { rate, cost }) => ({
    cost: cost.points,
    nodeCount: cost.nodeCount,
    limit: rate.limit,
    remaining: rate.remaining,
    used: rate.used,
    resetAt: time(rate.resetAt * 1000),
  }),
});

/** Every field that the sandbox answers, by type; connections and edges beside them are answered alike. */
export const answeredTypes: Readonly<Record<string, Fields>> = {
  Query: queryType,
  RateLimit: properties("cost", "nodeCount", "limit", "remaining", "used", "resetAt"),
  PageInfo: properties("hasNextPage", "hasPreviousPage", "startCursor", "endCursor"),
  ...accountTypes,
  ...changeTypes,
  ...commitTypes,
  ...repositoryTypes,
  ...ruleTypes,
  ...timelineTypes,
};
const connectionFields = properties("nodes", "totalCount", "pageInfo");
const edgeFields = properties("node", "cursor");

function unresolvedError(id: unknown): GraphQLError {
  return refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

function unresolved(id: unknown): never {
  throw unresolvedError(id);
}

const resolveField: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const { parentType, fieldName } = info;
  const own = answeredTypes[parentType.name]?.[fieldName];
  if (own) return own(source, args, context, info);
  if (parentType.name.endsWith("Connection")) {
    if (fieldName === "edges") return (source as { edges: () => unknown }).edges();
    const shared = connectionFields[fieldName];
    if (shared) return shared(source, args, context, info);
  }
  const edge = parentType.name.endsWith("Edge") ? edgeFields[fieldName] : undefined;
  if (edge) return edge(source, args, context, info);
  throw refusal("NOT_IMPLEMENTED", `The sandbox does not answer ${parentType.name}.${fieldName}.`);
};

const documents = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>();

/** Parses and validates a query against the official schema (kept per text) and prices it; errors are GitHub's. */
export function prepare(request: GraphqlRequest): Prepared | { errors: object[] } {
  const schema = officialSchema();
  let known = documents.get(request.query);
  if (!known) {
    try {
      const document = parse(request.query);
      known = { document, errors: validate(schema, document) };
    } catch (error) {
      return { errors: [{ message: (error as Error).message, ...located(error as GraphQLError) }] };
    }
    if (documents.size > 500) documents.clear();
    documents.set(request.query, known);
  }
  if (known.errors.length > 0) {
    return {
      errors: known.errors.map((each) => ({
        message: each.message,
        ...located(each),
        extensions: { code: "invalid" },
      })),
    };
  }
  const operations = known.document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  const operation = request.operationName
    ? operations.find((each) => each.name?.value === request.operationName)
    : operations[0];
  if (!operation || (!request.operationName && operations.length > 1)) {
    return { errors: [{ message: "An operation name is required" }] };
  }
  if (operation.operation !== "query") return { errors: [{ message: "The sandbox is read-only." }] };
  const cost = costOf(schema, known.document, operation, request.variables);
  if (cost.nodeCount > NODE_LIMIT) {
    const message = `This query requests up to ${cost.nodeCount} possible nodes which exceeds the maximum limit of ${NODE_LIMIT}.`;
    return { errors: [{ type: "MAX_NODE_LIMIT_EXCEEDED", message }] };
  }
  return { document: known.document, operation, cost };
}

/** Runs a prepared query; the answer has `data` and, where something was refused, `errors` as GitHub writes them. */
export async function run(prepared: Prepared, request: GraphqlRequest, context: Context): Promise<object> {
  const result = await execute({
    schema: officialSchema(),
    document: prepared.document,
    operationName: request.operationName,
    variableValues: request.variables,
    contextValue: context,
    rootValue: {},
    fieldResolver: resolveField as GraphQLFieldResolver<unknown, unknown>,
    typeResolver: (value) => (value as { kind?: string }).kind,
  });
  if (!result.errors) return { data: result.data };
  return { ...("data" in result && { data: result.data }), errors: result.errors.map(asGithub) };
}

function asGithub(error: GraphQLError): object {
  const { type, ...extensions } = error.extensions as { type?: string };
  return {
    ...(type && { type }),
    ...(error.path && { path: error.path }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
    ...located(error),
    message: error.message,
  };
}

function located(error: GraphQLError | null): object {
  return error?.locations ? { locations: error.locations } : {};
}
