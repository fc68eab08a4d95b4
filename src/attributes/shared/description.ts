/** The text that is left of a description when a template's comments, headings, empty boxes and markup are taken away. */
export const written = (description: string): string =>
  description
    .replace(/<!--[\s\S]*?(-->|$)/g, "")
    .split(/\r?\n/)
    .filter((line) => !/^\s*(#{1,6}\s.*|[-*+]\s*(\[[ xX]\])?|[-=_*]{3,})\s*$/.test(line))
    .join(" ")
    .replace(/[\s\p{Cf}]+/gu, " ")
    .trim();

/** The text under a heading of a description, up to the next heading of its level or above; undefined where there is no such heading. */
export function textUnder(description: string, heading: string): string | undefined {
  const lines = description.replace(/<!--[\s\S]*?(-->|$)/g, "").split(/\r?\n/);
  const levelOf = (line: string) => /^\s*(#{1,6})\s/.exec(line)?.[1]?.length;
  const titleOf = (line: string) => line.replace(/^\s*#{1,6}\s+|[\s#:]+$/g, "").toLowerCase();
  const at = lines.findIndex((line) => levelOf(line) !== undefined && titleOf(line) === heading.toLowerCase());
  if (at < 0) return undefined;
  const level = levelOf(lines[at] ?? "") ?? 6;
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => (levelOf(line) ?? 7) <= level);
  return written(after.slice(0, end < 0 ? undefined : end).join("\n"));
}
