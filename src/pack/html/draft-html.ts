import { allowingScript } from "./script-policy.ts";

const bodyEnd = "</body>";

/** A draft's document with the script that makes its tables workable, the only one that its policy lets run. What is printed is the document without. */
export function draftHtml(html: string, script: string): string {
  const at = html.lastIndexOf(bodyEnd);
  if (at < 0) throw new Error("the pack has no end of its body");
  if (/<\/?script|<!--|\r/i.test(script)) throw new Error("the script would end its own element");
  return allowingScript(`${html.slice(0, at)}<script>${script}</script>\n${html.slice(at)}`, script);
}
