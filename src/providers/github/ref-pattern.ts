/**
 * Whether a pattern of GitHub's fnmatch kind matches: `*` and `?` stop at a slash, a whole part of two stars does not.
 * @see https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository
 */
export function matchesRef(pattern: string, name: string): boolean {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|\[[!^]?[^\]]+\]|[.+^${}()|\\[\]]/g, (token) => {
    if (token === "**/") return "(?:[^/]+/)*";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token.length > 1) return token.replace(/^\[[!^]/, "[^").replaceAll("\\", "\\\\");
    return `\\${token}`;
  });
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}
