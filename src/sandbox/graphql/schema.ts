import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { buildASTSchema, type GraphQLSchema, getNullableType, isObjectType, parse } from "graphql";

/**
 * Where the sandbox may refuse a field whose type cannot be null: there it answers null beside the error, instead of
 * taking the whole repository or pull request with it.
 */
const REFUSABLE: Record<string, readonly string[]> = {
  Repository: ["deployments", "branchProtectionRules"],
  Commit: ["authors"],
  PullRequest: ["additions", "deletions", "changedFiles", "timelineItems"],
};

let schema: GraphQLSchema | undefined;

/** GitHub's published schema (of @octokit/graphql-schema), parsed at the first call: about 130 ms, then free. */
export function officialSchema(): GraphQLSchema {
  schema ??= load();
  return schema;
}

function load(): GraphQLSchema {
  const manifest = findPackageJSON("@octokit/graphql-schema", import.meta.url);
  if (!manifest) throw new Error("@octokit/graphql-schema is not installed: run npm ci");
  const text = readFileSync(join(dirname(manifest), "schema.graphql"), "utf8");
  const built = buildASTSchema(parse(text, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });
  for (const [name, fields] of Object.entries(REFUSABLE)) {
    const type = built.getType(name);
    if (!isObjectType(type)) throw new Error(`the schema has no type ${name}`);
    for (const field of fields) {
      const definition = type.getFields()[field];
      if (!definition) throw new Error(`the schema has no field ${name}.${field}`);
      definition.type = getNullableType(definition.type);
    }
  }
  return built;
}
