import type { PageDocument, PageElement } from "./page-dom.ts";
import { tableTools } from "./table-tools.ts";

declare const location: { readonly hash: string };
declare const addEventListener: (event: "hashchange", listener: () => void) => void;
declare const ResizeObserver: new (
  seen: (entries: readonly { readonly target: PageElement }[]) => void,
) => { observe(element: PageElement): void };

/** Not lists to look something up in: a calendar of points, a story in its order, room to write. */
const notLists = ".matrix, .story, .response";

/**
 * Gives the long tables of a document a search, choices among few values and heads that sort, and makes what scrolls
 * sideways reachable by keyboard. What it adds bears the class `tool`; nothing of it is printed, and a link to a row that
 * a reader had filtered out shows that row.
 */
export function makeWorkable(document: PageDocument): void {
  const [showAll, ...showSome] = Array.from(document.querySelectorAll(".filter input"));
  // The choice of outcomes works by style alone, where no script runs too.
  const isLeftOut = (row: PageElement): boolean => {
    const kind = showSome.find(({ checked }) => checked)?.id?.replace(/^show-/, "");
    return kind !== undefined && row.closest(".items") !== null && !row.classList.contains(kind);
  };
  const named = namedTables(document);
  const tools = named.flatMap(({ table, name }) =>
    table.matches(notLists) ? [] : (tableTools(document, table, { name, isLeftOut }) ?? []),
  );
  const count = (): void => {
    for (const one of tools) one.count();
  };
  for (const input of [showAll, ...showSome]) input?.addEventListener("change", count);

  const reveal = (hash: string): void => {
    const row = (hash === "" ? null : document.getElementById(decoded(hash)))?.closest("tr");
    if (!row) return;
    if (row.hidden) tools.find(({ has }) => has(row))?.showAll();
    if (!showAll || !isLeftOut(row)) return;
    showAll.checked = true;
    count();
  };
  // Before the browser goes there: it finds no place in a row that is hidden.
  document.addEventListener("click", ({ target }) => {
    reveal(target.closest("a[href^='#']")?.getAttribute("href")?.slice(1) ?? "");
  });
  addEventListener("hashchange", () => {
    reveal(location.hash.slice(1));
    document.querySelector(":target")?.scrollIntoView();
  });
  makeReachable(named);
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

interface NamedTable {
  readonly table: PageElement;
  readonly name: string;
}

/** Every table with its caption, else the heading that it stands under. */
function namedTables(document: PageDocument): readonly NamedTable[] {
  const found: NamedTable[] = [];
  let heading = "";
  for (const element of Array.from(document.querySelectorAll("main :is(h2, h3, h4, table)"))) {
    const title = element.nodeName === "TABLE" ? element.querySelector("caption") : element;
    const text = (title?.textContent ?? "").replace(/^\d+(?=\D)/, "").trim();
    if (element.nodeName === "TABLE") found.push({ table: element, name: text || heading });
    else heading = text;
  }
  return found;
}

/** What is wider than its box can be scrolled by keyboard too, and says what it is. */
function makeReachable(tables: readonly NamedTable[]): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = target.closest(".wide");
      const name = tables.find(({ table }) => box?.contains(table))?.name ?? "";
      if (!box) continue;
      const attributes = { tabindex: "0", role: "group", "aria-label": name };
      for (const [attribute, value] of Object.entries(attributes))
        if (box.scrollWidth > box.clientWidth) box.setAttribute(attribute, value);
        else box.removeAttribute(attribute);
    }
  });
  for (const { table } of tables) if (table.closest(".wide")) observer.observe(table);
}
