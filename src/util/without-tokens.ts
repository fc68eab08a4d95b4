/** Replaces in texts whatever is shaped like a token of GitHub's: its prefix and at least `least` characters after it. */
export function withoutTokens(replacement: string, least: number): (text: string) => string {
  const shape = new RegExp(`(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_)\\w{${least},}`, "g");
  // Most texts have none of it, and a pack has hundreds of thousands.
  return (text) => (text.includes("_") ? text.replace(shape, replacement) : text);
}
