import { SourceError } from "../../util/errors.ts";
import type { MissingPlace, ProviderContext, WantedPlaces } from "../provider.ts";
import type { Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { connect, type GitHub } from "./graphql-client.ts";

/** Repositories in one request: with a list for each of two environments it still costs one point. */
const most = 70;

/** Writes what is asked of one repository; `say` passes a value and gives the name of its variable. */
type Fields = (wanted: WantedPlaces, say: (value: string) => string) => string;

const existence: Fields = ({ branches, environments }, say) =>
  [
    "id",
    ...branches.map((name, index) => `b${index}: ref(qualifiedName: ${say(`refs/heads/${name}`)}) { name }`),
    ...environments.map(
      (name, index) => `e${index}: deployments(first: 1, environments: [${say(name)}]) { totalCount }`,
    ),
  ].join(" ");

const names: Fields = ({ environments }) =>
  `defaultBranchRef { name } refs(refPrefix: "refs/heads/", first: 100) { nodes { name } } ${environments.length === 0 ? "" : "deployments(first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { environment } }"}`;

/**
 * The branches that are not there and the environments to which nothing was ever deployed, each with the names that are
 * there; one request of one point where all are. A repository or a list that may not be read is left out. Throws SourceError.
 */
export async function missingPlaces(
  wanted: readonly WantedPlaces[],
  context: ProviderContext,
): Promise<readonly MissingPlace[]> {
  const github = connect(context);
  try {
    const missing: (WantedPlaces & { readonly asked: WantedPlaces })[] = [];
    for (const { asked, repository: found } of await answers(github, wanted, existence)) {
      const branches = asked.branches.filter((_, index) => found[`b${index}`] === null);
      const environments = asked.environments.filter((_, index) => countOf(found[`e${index}`]) === 0);
      const { repository } = asked;
      if (branches.length + environments.length > 0) missing.push({ asked, repository, branches, environments });
    }
    const known = new Map<string, Item>(
      (await answers(github, missing, names)).map(({ asked, repository }) => [asked.repository, repository]),
    );
    return missing.flatMap(({ repository, branches, environments }): MissingPlace[] => {
      const there = known.get(repository);
      const first = (there?.defaultBranchRef as { name: string } | null | undefined)?.name;
      const others = nodesOf(there?.refs).map(({ name }) => String(name));
      const deployed = nodesOf(there?.deployments).map(({ environment }) => String(environment));
      return [
        ...placesOf("branch", branches, { repository, known: distinct([...(first ? [first] : []), ...others]) }),
        ...placesOf("environment", environments, { repository, known: distinct(deployed) }),
      ];
    });
  } finally {
    await github.close();
  }
}

const placesOf = (
  kind: MissingPlace["kind"],
  missing: readonly string[],
  where: Pick<MissingPlace, "repository" | "known">,
): readonly MissingPlace[] => missing.map((name) => ({ ...where, kind, name }));

interface Answer {
  readonly asked: WantedPlaces;
  readonly repository: Item;
}

/** Asks some repositories at a time; one that is refused does not hide the others, and a refused list not its branches. */
async function answers(github: GitHub, wanted: readonly WantedPlaces[], fields: Fields): Promise<readonly Answer[]> {
  const found: Answer[] = [];
  const waiting = [...wanted];
  while (waiting.length > 0) {
    const chunk = waiting.splice(0, most);
    const asked = await github.ask(questionOf(chunk, fields), 2);
    if (asked.ok) {
      for (const [index, each] of chunk.entries())
        if (asked.data[`r${index}`]) found.push({ asked: each, repository: asked.data[`r${index}`] as Item });
      continue;
    }
    const { reason, message, hint, errors } = asked.failure;
    const again = chunk.flatMap((each, index) => {
      const own = errors.filter(({ path }) => path?.[0] === `r${index}`);
      if (own.length === 0) return [each];
      const listsOnly = own.every(({ path }) => /^(e\d+|deployments)$/.test(String(path?.[1])));
      return listsOnly && each.environments.length > 0 ? [{ ...each, environments: [] }] : [];
    });
    if (again.length === chunk.length && again.every((each, index) => each === chunk[index]))
      throw new SourceError(reason, message, hint === undefined ? {} : { hint });
    waiting.unshift(...again);
  }
  return found;
}

function questionOf(chunk: readonly WantedPlaces[], fields: Fields) {
  const variables: Record<string, string> = {};
  const say = (value: string): string => {
    const name = `v${Object.keys(variables).length}`;
    variables[name] = value;
    return `$${name}`;
  };
  const repositories = chunk.map((wanted, index) => {
    const [owner = "", name = ""] = wanted.repository.split("/");
    return `r${index}: repository(owner: ${say(owner)}, name: ${say(name)}) { ${fields(wanted, say)} }`;
  });
  const declared = Object.keys(variables).map((name) => `$${name}: String!`);
  return {
    name: "Places",
    text: `query Places(${declared.join(", ")}) {\n  ${repositories.join("\n  ")}\n  ${text.price}\n}`,
    variables,
  };
}

const countOf = (list: unknown): number | undefined => (list as { totalCount?: number } | null | undefined)?.totalCount;

const nodesOf = (list: unknown): readonly Item[] =>
  ((list as { nodes?: readonly (Item | null)[] } | null | undefined)?.nodes ?? []).filter((node) => node !== null);

const distinct = (all: readonly string[]): readonly string[] => [...new Set(all)];
