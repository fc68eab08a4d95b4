import { counted } from "../util/counted.ts";
import { pathHere } from "./next-command.ts";

/** How much was written and where, and which of it a person opens: `57 pages, 18 files in reports/x; open pack.pdf or pack.html`. */
export function filesText(
  {
    directory,
    files,
    pages,
  }: { readonly directory: string; readonly files: readonly string[]; readonly pages: number },
  open: readonly string[] = ["pack.pdf", "pack.html"],
): string {
  return `${counted(pages, "page")}, ${counted(files.length, "file")} in ${pathHere(directory)}; open ${open.join(" or ")}`;
}

/** What to do with a key's fingerprint, by which an auditor knows the pack as the organisation's. */
export const tellAuditor =
  "Give your auditor this fingerprint in person, by telephone or on paper, not together with a pack.";
