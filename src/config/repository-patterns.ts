/** One line of a source's `repositories`: which names it takes in, or leaves out. */
export interface RepositoryPattern {
  /** `owner/name`; in the name, `*` stands for any characters. */
  readonly pattern: string;
  readonly excludes: boolean;
  /** Why it is left out, as the organisation says. */
  readonly reason?: string;
}

/** A repository of the organisation's list and what the configuration makes of it. */
export interface MatchedRepository {
  readonly name: string;
  readonly status: "inScope" | "excluded" | "unlisted";
  readonly reason: string;
}

/** Sorts every name into scope, excluded or unlisted, in the order given; exclusions win. `unmatched` are the patterns that took no name, which is probably a mistake. */
export function matchRepositories(
  patterns: readonly RepositoryPattern[],
  names: readonly string[],
): { readonly repositories: readonly MatchedRepository[]; readonly unmatched: readonly string[] } {
  const used = new Set<RepositoryPattern>();
  const repositories = names.map((name): MatchedRepository => {
    const matching = patterns.filter((pattern) => matches(pattern, name));
    for (const pattern of matching) used.add(pattern);
    const out = matching.find((pattern) => pattern.excludes);
    if (out)
      return { name, status: "excluded", reason: out.reason ?? `left out by "!${out.pattern}" in the configuration` };
    const first = matching[0];
    if (first) return { name, status: "inScope", reason: `taken in by "${first.pattern}" in the configuration` };
    return { name, status: "unlisted", reason: "no pattern in the configuration names it" };
  });
  return { repositories, unmatched: patterns.filter((pattern) => !used.has(pattern)).map(patternText) };
}

/** Whether the source covers a repository of that name. */
export function covers(patterns: readonly RepositoryPattern[], name: string): boolean {
  return matchRepositories(patterns, [name]).repositories[0]?.status === "inScope";
}

/** The owners whose lists of repositories the patterns speak of, without duplicates. */
export function ownersOf(patterns: readonly RepositoryPattern[]): readonly string[] {
  const owners = patterns.filter(({ excludes }) => !excludes).map(({ pattern }) => pattern.split("/")[0] ?? "");
  return [...new Map(owners.map((owner) => [owner.toLowerCase(), owner])).values()];
}

function patternText({ pattern, excludes }: RepositoryPattern): string {
  return excludes ? `!${pattern}` : pattern;
}

// Sources compare names without case.
function matches({ pattern }: RepositoryPattern, name: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^/]*");
  return new RegExp(`^${source}$`, "i").test(name);
}
