import { encodeNodeId } from "../node-id.ts";
import type { Account, App, Repository } from "../world.ts";
import { compare, connection } from "./connection.ts";
import { type Context, time } from "./context.ts";
import { type Fields, fields } from "./resolver.ts";

const named = fields<Account>({ name: ({ name }) => name });

const PREFIX = { User: "U", Bot: "BOT", Organization: "O", Mannequin: "M" } as const;

const account = fields<Account>({
  id: ({ kind, id }) => encodeNodeId({ prefix: PREFIX[kind], repository: 0, id }),
  databaseId: ({ id }) => id,
  login: ({ login }) => login,
  url: ({ login }, _args, { site }) => `${site}/${login}`,
  resourcePath: ({ login }) => `/${login}`,
  avatarUrl: ({ id }, _args, { site }) => `${site}/avatars/u/${id}`,
});

/** Accounts, apps and the organisation with its repositories. */
export const accountTypes: Readonly<Record<string, Fields>> = {
  User: {
    ...account,
    ...named,
    ...fields<Account>({
      email: () => "",
      isSiteAdmin: () => false,
      isViewer: ({ id }, _args, c) => id === c.world.viewer,
    }),
  },
  Bot: account,
  Mannequin: account,
  Organization: {
    ...account,
    ...named,
    ...fields<Account>({
      description: () => null,
      requiresTwoFactorAuthentication: () => true,
      viewerCanAdminister: () => false,
      viewerIsAMember: () => true,
      createdAt: (_source, _args, { world }) => time(Math.min(...world.repositories.map((each) => each.createdAt))),
      repositories: (_source, args, context, info) => {
        const order = args["orderBy"] as { field: string; direction: "ASC" | "DESC" } | undefined;
        const key = (each: Repository) => [repositoryValue(each, order?.field ?? "NAME"), each.id] as const;
        const sign = order?.direction === "DESC" ? -1 : 1;
        const archived = args["isArchived"] as boolean | null | undefined;
        const list = context.world.repositories
          .filter((each) => each.owner === undefined && (archived == null || each.isArchived === archived))
          .sort((a, b) => sign * compare(key(a), key(b)));
        return connection(list, key, args, context, info, order?.direction ?? "ASC");
      },
      repository: (_source, args, { world }) => world.repositories.find((each) => each.name === args["name"]) ?? null,
    }),
  },
  App: fields<App>({
    id: ({ id }) => encodeNodeId({ prefix: "A", repository: 0, id }),
    databaseId: ({ id }) => id,
    slug: ({ slug }) => slug,
    name: ({ name }) => name,
    url: ({ slug }, _args, { site }) => `${site}/apps/${slug}`,
  }),
};

function repositoryValue(repository: Repository, field: string): number | string {
  if (field === "PUSHED_AT") return repository.pushedAt;
  if (field === "UPDATED_AT") return repository.updatedAt;
  if (field === "CREATED_AT") return repository.createdAt;
  return repository.name;
}

/** An app as a union or interface tells it apart. */
export function appOf(context: Context, id: number | null): (App & { kind: "App" }) | null {
  const app = id === null ? undefined : context.world.apps.get(id);
  return app ? { ...app, kind: "App" } : null;
}
