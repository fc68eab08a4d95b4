import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Narrative } from "./config.ts";

const [mostParagraphs, longestParagraph] = [40, 2000];

/** The paragraphs of a text file in UTF-8, a blank line between each two, or why they cannot be had: unreadable, or a book. */
export function ownParagraphs(file: string): Pick<Narrative, "text" | "unreadable"> {
  const name = basename(file);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { unreadable: `${name}, the narrative's own text, cannot be read (${code ?? "unknown"})` };
  }
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "");
  const long = paragraphs.findIndex(({ length }) => length > longestParagraph);
  const limit = `${mostParagraphs} paragraphs of ${longestParagraph} characters are the most`;
  if (long >= 0)
    return { unreadable: `${name}, the narrative's own text: paragraph ${long + 1} is too long; ${limit}` };
  if (paragraphs.length > mostParagraphs)
    return { unreadable: `${name}, the narrative's own text, has ${paragraphs.length} paragraphs; ${limit}` };
  return { text: paragraphs };
}
