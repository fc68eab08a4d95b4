/** A way to order rows: by which column, and in which direction. */
export interface Order {
  readonly column: number;
  readonly direction: "ascending" | "descending";
}

/** What a reader asked of a table. */
export interface Wish {
  /** Words that must all stand in a row, in any place and case. */
  readonly search: string;
  /** By column, the text that its cell must be. */
  readonly choices: ReadonlyMap<number, string>;
  readonly order: Order | undefined;
}

type Cells = readonly string[];

/** The most values of which a column is offered as a choice, and the longest of them. */
const offered = { values: 9, length: 48, columns: 3 };

/** Of these columns those with so few values that a choice among them helps, each with its values in order; at most three. */
export function choicesOf(rows: readonly Cells[], columns: readonly number[]): ReadonlyMap<number, readonly string[]> {
  const choices = columns.flatMap((column) => {
    const values = new Set<string>();
    for (const cells of rows) {
      const value = cells[column] ?? "";
      if (value.length > offered.length || values.size > offered.values) return [];
      values.add(value);
    }
    values.delete("");
    const few = values.size >= 2 && values.size <= offered.values && 2 * values.size < rows.length;
    const sorted = [...values].sort(collator.compare);
    // A column of amounts is sorted, not chosen from, also where some rows have none.
    return few && !sorted.every((value) => value === none || amount(value) !== undefined)
      ? [[column, sorted] as const]
      : [];
  });
  return new Map(choices.slice(0, offered.columns));
}

/** The places of the rows that are asked for, in the order that is asked for. */
export function chosenRows(rows: readonly Cells[], { search, choices, order }: Wish): readonly number[] {
  const words = folded(search).split(/\s+/).filter(Boolean);
  const found = rows.flatMap((cells, index) => {
    for (const [column, value] of choices) if (cells[column] !== value) return [];
    if (words.length === 0) return [index];
    const text = folded(cells.join(" "));
    return words.every((word) => text.includes(word)) ? [index] : [];
  });
  return order ? ordered(rows, found, order) : found;
}

/** What is empty comes last in both directions, and what is alike stays in the order of the document. */
function ordered(rows: readonly Cells[], found: readonly number[], { column, direction }: Order): readonly number[] {
  const keys = new Map(found.map((index) => [index, sortKey(rows[index]?.[column] ?? "")]));
  const amounts = new Map([...keys].map(([index, key]) => [index, amount(key)]));
  const counted = [...keys].every(([index, key]) => key === "" || amounts.get(index) !== undefined);
  const sign = direction === "ascending" ? 1 : -1;
  return found.toSorted((a, b) => {
    const [x, y] = [keys.get(a) ?? "", keys.get(b) ?? ""];
    if (x === "" || y === "") return Number(x === "") - Number(y === "");
    return sign * (counted ? (amounts.get(a) ?? 0) - (amounts.get(b) ?? 0) : collator.compare(x, y));
  });
}

// Numbers within a text count as numbers: #9 comes before #10.
const collator = new Intl.Collator("en", { numeric: true });

const folded = (text: string): string => text.normalize("NFKC").toLowerCase();

/** How the document writes that there is nothing to count. */
const none = "–";

/** Of a time that is known as an interval, its end, by which the document orders too; of nothing, the empty text. */
const sortKey = (text: string): string =>
  text === none ? "" : text.replace(/^between .* and (?=\d{4}-\d\d-\d\d)/, "");

const seconds: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1 };

/** A number, a share or a duration, as the pack writes them; undefined for any other text. */
function amount(text: string): number | undefined {
  if (/^[<>]? ?[\d,]+(\.\d+)?( ?%)?$/.test(text)) return Number(text.replace(/[<>,% ]/g, ""));
  if (!/^\d+ (d|h|min|s)( \d+ (d|h|min|s))*$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+) (d|h|min|s)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * (seconds[unit ?? ""] ?? 0),
    0,
  );
}
