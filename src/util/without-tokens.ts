/** Text with whatever is shaped like a token of GitHub's replaced: its prefix and at least `least` characters after it. */
export function withoutTokens(text: string, replacement: string, least: number): string {
  const shape = new RegExp(`(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_)\\w{${least},}`, "g");
  return text.replace(shape, replacement);
}
