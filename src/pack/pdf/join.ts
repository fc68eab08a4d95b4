import { type Joined, joinedObjects } from "./joined.ts";
import { joinOutlines } from "./outline.ts";
import { fileEnd, plainFile, writeObjects, writeTable } from "./plain-objects.ts";
import { arrayOf, dictionaryOf, dictionaryText, type Raw, referenceOf } from "./syntax.ts";

/** A part of a document whose objects have come into the file. */
export interface TakenPart {
  /** The numbers of its catalog and of what it says of itself. */
  readonly root: number;
  readonly info: number;
  readonly catalog: ReadonlyMap<string, Raw>;
  /** What its keys of the parent tree were moved by. */
  readonly keys: number;
}

/** Puts one PDF together of a document's parts, each tagged and with an outline as Chromium prints it. */
export interface PdfJoin {
  /** Takes a part; in whatever order, but the same order gives the same bytes. */
  take(pdf: Uint8Array): TakenPart;
  /**
   * The file of the parts in the order in which they are given: one structure, outline and set of links (ISO 32000-1, 14.7
   * and 12.3). What stands in the margins of each page may come from a file of as many pages.
   */
  finish(parts: readonly PlacedPart[], marginPages?: Uint8Array): Uint8Array;
}

/** A part in its place, with what it says of its document. */
interface PlacedPart {
  readonly taken: TakenPart;
  /** The ids of what it holds: of other names its destinations are only marks. */
  readonly ids: readonly string[];
  /** What its headings say, as its outline should. */
  readonly headings: readonly string[];
}

/** A PDF of no parts yet. */
export function pdfJoin(): PdfJoin {
  const file = joinedObjects();
  let [count, nextKey] = [0, 0];
  const take = (pdf: Uint8Array): TakenPart => {
    const plain = plainFile(pdf);
    const moved = file.take(plain, count, nextKey);
    const [root, info] = [numbered(plain.trailer.get("Root")) + moved, numbered(plain.trailer.get("Info")) + moved];
    const catalog = file.dictionary(root);
    const taken = { root, info, catalog, keys: nextKey };
    const structure = referenceOf(catalog.get("StructTreeRoot"));
    if (structure !== undefined) nextKey += Number(file.dictionary(structure).get("ParentTreeNextKey"));
    count += 1;
    return taken;
  };
  return {
    take,
    finish(parts, marginPages) {
      const all = parts.map(({ taken }) => taken);
      const [first] = all;
      if (first === undefined) throw new Error("there is nothing to join");
      const catalogs = all.map(({ catalog }) => catalog);
      const pages = catalogs.map((catalog) => numbered(catalog.get("Pages")));
      if (marginPages) {
        const margins = take(marginPages);
        joinMargins(file, pages, margins.catalog);
        all.push(margins);
      }
      const catalog = new Map(first.catalog)
        .set("Pages", reference(joinPages(file, pages)))
        .set("Dests", reference(joinDestinations(file, parts)));
      joinStructure(
        file,
        parts.map(({ taken }) => taken),
        nextKey,
      );
      joinOutlines(
        file,
        catalogs.flatMap((each) => referenceOf(each.get("Outlines")) ?? []),
        parts.flatMap(({ headings }) => headings),
      );
      for (const { root, info } of all.slice(1)) for (const number of [root, info]) file.drop(number);
      file.set(first.root, catalog);
      return written(file, first);
    },
  };
}

function numbered(raw: Raw | undefined): number {
  const number = referenceOf(raw);
  if (number === undefined) throw new Error("the printed file lacks a reference that every one has");
  return number;
}

const reference = (number: number): Raw => `${number} 0 R`;

/** The pages of a tree, in their order. */
function leaves(file: Joined, tree: number): readonly number[] {
  const kids = file.dictionary(tree).get("Kids");
  return kids === undefined ? [tree] : arrayOf(kids).flatMap((kid) => leaves(file, numbered(kid)));
}

/** Takes a tree away, but not its pages. */
function fell(file: Joined, tree: number): void {
  for (const kid of listOf(file.dictionary(tree).get("Kids"))) fell(file, numbered(kid));
  if (file.dictionary(tree).has("Kids")) file.drop(tree);
}

function joinPages(file: Joined, trees: readonly number[]): number {
  const counts = trees.map((tree) => Number(file.dictionary(tree).get("Count")));
  const root = file.add(
    dictionaryText([
      ["Type", "/Pages"],
      ["Count", String(counts.reduce((sum, count) => sum + count, 0))],
      ["Kids", `[${trees.map(reference).join(" ")}]`],
    ]),
  );
  for (const tree of trees) file.set(tree, new Map(file.dictionary(tree)).set("Parent", reference(root)));
  return root;
}

function joinDestinations(file: Joined, parts: readonly PlacedPart[]): number {
  const places = parts.flatMap(({ taken, ids }) => {
    const number = referenceOf(taken.catalog.get("Dests"));
    if (number === undefined) return [];
    const own = new Set(ids);
    const found = [...file.dictionary(number)].filter(([name]) => own.has(name));
    file.drop(number);
    return found;
  });
  return file.add(dictionaryText(places));
}

/** One tree of tags: what is in the later parts' documents comes into the first one's. */
function joinStructure(file: Joined, taken: readonly TakenPart[], nextKey: number): void {
  const roots = taken.map(({ catalog }) => numbered(catalog.get("StructTreeRoot")));
  const documents = roots.map((root) => numbered(file.dictionary(root).get("K")));
  const [root, document] = [roots[0], documents[0]];
  if (root === undefined || document === undefined) return;
  const kids = documents.flatMap((each) => listOf(file.dictionary(each).get("K")));
  for (const kid of kids) {
    const number = numbered(kid);
    file.set(number, new Map(file.dictionary(number)).set("P", reference(document)));
  }
  file.set(document, new Map(file.dictionary(document)).set("K", `[${kids.join(" ")}]`));
  // Both lists are searched by halves: in the order of the keys, which is that of the names.
  const inTurn = taken
    .toSorted((a, b) => a.keys - b.keys)
    .map(({ catalog, keys }) => {
      const tree = file.dictionary(numbered(catalog.get("StructTreeRoot")));
      const parents = numbered(tree.get("ParentTree"));
      const names = referenceOf(tree.get("IDTree"));
      const found = {
        parents: arrayOf(file.dictionary(parents).get("Nums") ?? "").map((value, at) =>
          at % 2 === 0 ? String(Number(value) + keys) : value,
        ),
        names: names === undefined ? [] : listOf(file.dictionary(names).get("Kids")),
      };
      for (const number of [parents, names]) if (number !== undefined) file.drop(number);
      return found;
    });
  const parents = inTurn.flatMap((tree) => tree.parents);
  const names = inTurn.flatMap((tree) => tree.names);
  file.set(root, [
    ["Type", "/StructTreeRoot"],
    ["K", reference(document)],
    ["ParentTreeNextKey", String(nextKey)],
    ["ParentTree", reference(file.add(`<</Nums [${parents.join(" ")}]>>`))],
    ...(names.length === 0 ? [] : [["IDTree", reference(file.add(`<</Kids [${names.join(" ")}]>>`))] as const]),
  ]);
  for (const number of [...roots.slice(1), ...documents.slice(1)]) file.drop(number);
}

const listOf = (raw: Raw | undefined): readonly Raw[] =>
  raw === undefined ? [] : raw.startsWith("[") ? arrayOf(raw) : [raw];

/** Takes what is in the margins from the pages of another file, of which nothing else stays. */
function joinMargins(file: Joined, trees: readonly number[], marginal: ReadonlyMap<string, Raw>): void {
  const tree = numbered(marginal.get("Pages"));
  const margins = leaves(file, tree);
  fell(file, tree);
  drawMargins(
    file,
    trees.flatMap((each) => leaves(file, each)),
    margins,
  );
}

/** Each page shows, before all else, what the page in its place shows: an artifact, which is no part of the text (ISO 32000-1, 14.8.2.2). */
function drawMargins(file: Joined, pages: readonly number[], margins: readonly number[]): void {
  if (pages.length !== margins.length) throw new Error("the margins are not those of the printed pages");
  const drawing = "/Artifact <</Type /Pagination>> BDC q /Margins Do Q EMC\n";
  const draw = file.add(`<</Length ${drawing.length}>> stream\n${drawing}endstream`);
  for (const [i, page] of pages.entries()) {
    const entries = new Map(file.dictionary(page));
    const resources = new Map(dictionaryOf(entries.get("Resources") ?? "<<>>"));
    const drawn = new Map(dictionaryOf(resources.get("XObject") ?? "<<>>"));
    drawn.set("Margins", reference(asForm(file, margins[i] ?? 0)));
    resources.set("XObject", dictionaryText(drawn));
    entries.set("Resources", dictionaryText(resources));
    entries.set("Contents", `[${reference(draw)} ${listOf(entries.get("Contents")).join(" ")}]`);
    file.set(page, entries);
  }
}

/** Makes a form of a page, which is none any more; answers its number. */
function asForm(file: Joined, page: number): number {
  const entries = file.dictionary(page);
  const number = numbered(entries.get("Contents"));
  const content = file.bodies.get(number) ?? Buffer.alloc(0);
  const head = `<</Type /XObject\n/Subtype /Form\n/BBox ${entries.get("MediaBox")}\n/Resources ${entries.get("Resources")}\n`;
  file.bodies.set(number, Buffer.concat([Buffer.from(head, "latin1"), content.subarray(2)]));
  file.drop(page);
  return number;
}

function written(file: Joined, { root, info }: TakenPart): Uint8Array {
  const objects = writeObjects(
    Array.from(file.bodies, ([number, body]) => ({ number, body })),
    "1.4",
  );
  const trailer = new Map([
    ["Size", String(file.size())],
    ["Root", reference(root)],
    ["Info", reference(info)],
  ]);
  const end = `${writeTable(objects, file.size(), trailer)}${fileEnd(objects.length)}`;
  const { buffer, byteOffset, length } = Buffer.concat([...objects.parts, Buffer.from(end, "latin1")]);
  return new Uint8Array(buffer, byteOffset, length);
}
