import type { SourceRecord } from "../../../model/stream.ts";
import type { RestAnswer } from "./rest-client.ts";
import type { PageSeen } from "./rest-cursor.ts";
import type { Gained, Reading } from "./walk.ts";

/** An object of a list, as the source gave it. */
export type Item = Readonly<Record<string, unknown>>;

/** A list and what its items become. */
export interface List {
  /** Its name in the cursor. */
  readonly name: string;
  readonly operation: string;
  readonly path: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** The property that holds the items, where the answer is an object. */
  readonly property?: string;
  readonly records?: (item: Item) => readonly SourceRecord[];
  /** Ask for every page's body, changed or not. */
  readonly anew?: boolean;
  /** Of a list that counts more only the first page is asked for, and nothing of it is taken. */
  readonly most?: number;
  /** Whether the pages after this one are known. */
  readonly until?: (items: readonly Item[]) => boolean;
}

/** How a list was read: `items` are those of the pages that changed, all of them where it is `whole`. */
export type Read =
  | {
      readonly ok: true;
      readonly changed: boolean;
      readonly whole: boolean;
      readonly items: readonly Item[];
      readonly total: number | undefined;
    }
  | { readonly ok: false; readonly refused: Extract<RestAnswer, { ok: false }> };

const pageSize = 100;

/** Reads a list page by page, each only if it changed; its pages are remembered once all were read. */
export async function* readList(reading: Reading, list: List): AsyncGenerator<Gained, Read> {
  const { github } = reading.session;
  const seen = new Map((reading.next.lists[list.name] ?? []).map((page) => [page.url, page]));
  const pages: PageSeen[] = [];
  const items: Item[] = [];
  const met = new Set<string>();
  const state = { changed: false, whole: true, total: undefined as number | undefined };
  let url: string | undefined;
  for (;;) {
    const known = list.anew === true ? undefined : seen.get(url ?? "");
    const answer = await github.get({
      operation: list.operation,
      path: list.path,
      values: { ...reading.values, ...list.values, per_page: pageSize },
      url,
      etag: known?.etag,
    });
    if (!answer.ok) {
      yield { exchange: answer.exchange, records: [] };
      return { ok: false, refused: answer };
    }
    let next: string | undefined;
    if (!answer.changed && known) {
      state.whole = false;
      pages.push(known);
      next = known.next ?? undefined;
      yield { exchange: answer.exchange, records: [] };
    } else {
      const found = itemsOf(answer.json, list.property);
      if (!found) {
        yield { exchange: answer.exchange, records: [] };
        return shapeless(answer, `${list.operation}: the source's answer is no list`);
      }
      state.changed = true;
      state.total = totalOf(answer.json) ?? state.total;
      if (list.most !== undefined && (state.total ?? 0) > list.most) {
        yield { exchange: answer.exchange, records: [] };
        return { ok: true, ...state, items: [] };
      }
      items.push(...found);
      next = list.until?.(found) === true ? undefined : answer.next;
      // A full last page may go on without changing itself.
      const closed = answer.next !== undefined || found.length < pageSize;
      if (answer.etag !== undefined && closed)
        pages.push({ url: url ?? "", etag: answer.etag, next: answer.next ?? null });
      yield { exchange: answer.exchange, records: found.flatMap((item) => list.records?.(item) ?? []) };
    }
    if (next === undefined) break;
    if (met.has(next)) return shapeless(answer, `${list.operation}: the source's list does not advance`);
    met.add(next);
    url = next;
  }
  reading.next.lists[list.name] = pages;
  return { ok: true, ...state, items };
}

function shapeless({ exchange }: RestAnswer, message: string): Read {
  return {
    ok: false,
    refused: { ok: false, exchange, failure: { reason: "unexpectedShape", message, smaller: false, errors: [] } },
  };
}

function itemsOf(json: unknown, property: string | undefined): readonly Item[] | undefined {
  const list = property === undefined ? json : (json as Record<string, unknown> | null)?.[property];
  const isItem = (item: unknown): item is Item => item !== null && typeof item === "object";
  return Array.isArray(list) && list.every(isItem) ? list : undefined;
}

const totalOf = (json: unknown): number | undefined => {
  const total = (json as { total_count?: unknown } | null)?.total_count;
  return typeof total === "number" ? total : undefined;
};
