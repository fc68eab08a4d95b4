import type { PageDocument, PageElement, PageNode } from "./page-dom.ts";
import { choicesOf, chosenRows, type Order, type Wish } from "./table-rows.ts";

/** What the reader of a document may do with one of its tables, once it has its tools. */
export interface TableTools {
  readonly has: (row: PageElement) => boolean;
  /** Shows every row again, as the document orders them. */
  readonly showAll: () => void;
  /** Counts again what is shown. */
  readonly count: () => void;
}

/** As many rows a reader still finds something in by eye. */
const byEye = 12;

const nothing: Wish = { search: "", choices: new Map(), order: undefined };

/**
 * Puts a search, choices among few values and a count above a long table, and makes its heads sort it. Undefined, and
 * nothing is added, where the table is short or its rows do not follow its heads. `isLeftOut` says of which rows
 * something else keeps the reader.
 */
export function tableTools(
  document: PageDocument,
  table: PageElement,
  { name, isLeftOut }: { readonly name: string; readonly isLeftOut: (row: PageElement) => boolean },
): TableTools | undefined {
  const list = readList(table);
  if (!list) return undefined;
  const { heads, bodies, rows, lines } = list;
  const isRow = new Set(rows);
  // Rows in groups stay in them; a group that has none left is not shown.
  const groups = bodies.length > 1 ? Map.groupBy(rows, (row) => row.closest("tbody") as PageElement) : [];
  let wish = nothing;
  let shown: readonly number[] = [...rows.keys()];

  const ask = (change: Partial<Wish>): void => {
    const before = wish.order;
    wish = { ...wish, ...change };
    shown = chosenRows(list.cells, wish);
    const kept = new Set(shown);
    for (const [index, row] of rows.entries()) if (row.hidden === kept.has(index)) row.hidden = !row.hidden;
    for (const [body, own] of groups) body.hidden = own.every(({ hidden }) => hidden);
    if (wish.order !== before) arrange();
    for (const sorter of sorters) sorter(wish.order);
    bar.asked(wish.search !== "" || wish.choices.size > 0 || wish.order !== undefined);
    count();
  };
  const arrange = (): void => {
    const { order } = wish;
    const sorted = order ? chosenRows(list.cells, { ...nothing, order }).flatMap((index) => rows[index] ?? []) : lines;
    bodies[0]?.append(...sorted, ...(order ? lines.filter((line) => !isRow.has(line)) : []));
  };
  const count = (): void => {
    const kept = shown.filter((index) => !isLeftOut(rows[index] as PageElement)).length;
    const order = wish.order && `, by ${heads[wish.order.column]?.title}, ${wish.order.direction}`;
    const all = number(rows.length);
    bar.tell(`${kept === rows.length ? all : `${number(kept)} of ${all}`} rows${order ?? ""}`);
  };
  const showAll = (): void => {
    bar.clear();
    ask(nothing);
  };

  const sorters = bodies.length > 1 ? [] : heads.flatMap((head, column) => sorterOf(document, head, column, ask));
  const choices = [...choicesOf(list.cells, list.choosable)].map(([column, values]) => ({
    title: heads[column]?.title ?? "",
    values,
    choose: (value: string | undefined): void => {
      const others = [...wish.choices].filter(([other]) => other !== column);
      ask({ choices: new Map(value === undefined ? others : [...others, [column, value]]) });
    },
  }));
  const bar = toolBar(document, { name, choices, search: (text) => ask({ search: text }), showAll });
  (table.closest(".wide") ?? table).before(bar.element);
  count();
  return { has: (row) => isRow.has(row), showAll, count };
}

interface Head {
  readonly element: PageElement;
  readonly title: string;
}

/** A table's parts, with the text of each cell; what spans columns is a heading of some rows, or a remark, and no row. */
function readList(table: PageElement) {
  const headRows = table.querySelectorAll("thead tr");
  const elements = Array.from(headRows[0]?.querySelectorAll("th, td") ?? []);
  const heads: readonly Head[] = elements.map((element) => ({ element, title: textOf(element) }));
  const bodies = Array.from(table.querySelectorAll("tbody"));
  const lines = bodies.flatMap((body) => Array.from(body.querySelectorAll("tr")));
  const cells = lines.map((line) => Array.from(line.querySelectorAll("th, td"), textOf));
  const whole = lines.flatMap((row, index) =>
    cells[index]?.length === heads.length ? [{ row, cells: cells[index] }] : [],
  );
  if (headRows.length !== 1 || whole.length <= byEye) return undefined;
  const first = Array.from(whole[0]?.row.querySelectorAll("th, td") ?? []);
  // Nobody picks a combination of marks, or a record, from a list.
  const choosable = elements.flatMap(({ classList }, column) =>
    classList.contains("m") || first[column]?.classList.contains("records") ? [] : [column],
  );
  return { heads, bodies, lines, choosable, rows: whole.map(({ row }) => row), cells: whole.map(({ cells }) => cells) };
}

const textOf = ({ textContent }: PageNode): string => (textContent ?? "").replace(/\s+/g, " ").trim();
const number = (value: number): string => value.toLocaleString("en-GB");

/** Makes a head sort: upwards, then downwards, then as the document has it. */
function sorterOf(
  document: PageDocument,
  { element, title }: Head,
  column: number,
  ask: (change: { readonly order: Order | undefined }) => void,
): readonly ((order: Order | undefined) => void)[] {
  if (title === "") return [];
  const button = made(document, "button", { type: "button", class: "tool sort" }, Array.from(element.childNodes));
  element.append(button);
  let direction: Order["direction"] | undefined;
  button.addEventListener("click", () => {
    const next = direction === undefined ? "ascending" : direction === "ascending" ? "descending" : undefined;
    ask({ order: next && { column, direction: next } });
  });
  const show = (order: Order | undefined): void => {
    direction = order?.column === column ? order.direction : undefined;
    if (direction === undefined) element.removeAttribute("aria-sort");
    else element.setAttribute("aria-sort", direction);
  };
  return [show];
}

interface BarOptions {
  readonly name: string;
  readonly choices: readonly {
    readonly title: string;
    readonly values: readonly string[];
    readonly choose: (value: string | undefined) => void;
  }[];
  readonly search: (text: string) => void;
  readonly showAll: () => void;
}

/** What stands above a table: a group of fields with a count that is read out when it changes. */
function toolBar(document: PageDocument, { name, choices, search, showAll }: BarOptions) {
  const field = made(document, "input", { type: "search", autocomplete: "off", spellcheck: "false" });
  field.addEventListener("input", () => search(field.value ?? ""));
  const selects = choices.map(({ title, values, choose }) => {
    const options = values.map((value) => made(document, "option", {}, [value]));
    const select = made(document, "select", {}, [made(document, "option", {}, ["all"]), ...options]);
    // By place: a value may itself be called "all".
    select.addEventListener("change", () => choose(values[(select.selectedIndex ?? 0) - 1]));
    return { select, label: made(document, "label", {}, [`${title} `, select]) };
  });
  const status = made(document, "p", { role: "status" });
  const clear = made(document, "button", { type: "button" }, ["Show all"]);
  clear.hidden = true;
  clear.addEventListener("click", () => {
    showAll();
    field.focus();
  });
  const label = made(document, "label", {}, ["Find ", field]);
  const fields = [label, ...selects.map((one) => one.label), status, clear];
  return {
    element: made(
      document,
      "div",
      { class: "tool bar-of-tools", role: "group", "aria-label": `Find in: ${name}` },
      fields,
    ),
    tell: (text: string): void => status.replaceChildren(text),
    asked: (something: boolean): void => {
      clear.hidden = !something;
    },
    clear: (): void => {
      field.value = "";
      for (const { select } of selects) select.selectedIndex = 0;
    },
  };
}

function made(
  document: PageDocument,
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly (PageNode | string)[] = [],
): PageElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
