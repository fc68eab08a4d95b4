import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Handlebars from "handlebars";
import { packageRoot } from "../util/root.ts";
import type { DocumentView } from "./document.ts";
import { fontFaces } from "./fonts.ts";

/** Compiles the templates, with style sheets and fonts inlined, to one function that lays a document out: the pack, or the one named, which may have a style sheet of its own beside it. */
export function compileTemplates<View = DocumentView>(document = "pack"): (view: View) => string {
  const folder = join(packageRoot(), "templates");
  const handlebars = Handlebars.create();
  // Templates lay out and nothing else: no helper is left but each and if.
  for (const helper of Object.keys(handlebars.helpers)) {
    if (!["each", "if", "helperMissing", "blockHelperMissing"].includes(helper)) handlebars.unregisterHelper(helper);
  }
  for (const room of ["pages", "partials"]) {
    for (const file of readdirSync(join(folder, room)).filter((name) => name.endsWith(".hbs"))) {
      handlebars.registerPartial(file.slice(0, -".hbs".length), readFileSync(join(folder, room, file), "utf8"));
    }
  }
  // Style sheets are ours and are part of the template's text: HTML's escapes would break them.
  const own = join(folder, `${document}.css`);
  const style = `${fontFaces()}\n${styleSheets(join(folder, "assets"))}${existsSync(own) ? `\n${readFileSync(own, "utf8")}` : ""}`;
  const layout = readFileSync(join(folder, `${document}.hbs`), "utf8").replace("/*style sheets*/", () => style);
  return handlebars.compile<View>(layout, { strict: true, knownHelpersOnly: true, preventIndent: true });
}

/** Which come first and last, in this order; a section's own stand between them, by name. */
const general = { first: ["colours", "text", "tables", "document"], last: ["screens", "print"] } as const;

function styleSheets(folder: string): string {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".css"))
    .map((name) => name.slice(0, -".css".length));
  const { first, last } = general;
  const own = names.filter((name) => ![...first, ...last].some((one) => one === name)).sort();
  return [...first, ...own, ...last].map((name) => readFileSync(join(folder, `${name}.css`), "utf8")).join("\n");
}
