import { type Joined, joinedObjects } from "./joined.ts";
import { joinOutlines } from "./outline.ts";
import { fileEnd, type PlainFile, plainFile, writeObjects, writeTable } from "./plain-objects.ts";
import { renumbered } from "./renumber.ts";
import { arrayOf, dictionaryOf, dictionaryText, type Raw, referenceOf } from "./syntax.ts";

/** A part of a document as Chromium prints it: tagged, with an outline. */
export interface PrintedPart {
  readonly pdf: Uint8Array;
  /** The ids of what the part holds: of other names its destinations are only marks. */
  readonly ids: readonly string[];
}

/**
 * One PDF of a document's parts, in their order; what stands in the margins of each page may come from a file of as many pages.
 * Tags, outline and links are those of one document (ISO 32000-1, 14.7 and 12.3). The same parts give the same bytes.
 */
export function joinPdf(parts: readonly PrintedPart[], marginPages?: Uint8Array): Uint8Array {
  const files = [...parts.map(({ pdf }) => pdf), ...(marginPages ? [marginPages] : [])].map(plainFile);
  const bodies = new Map<number, Buffer>();
  const catalogs: ReadonlyMap<string, Raw>[] = [];
  const keys: number[] = [];
  let [objects, key] = [0, 0];
  for (const [part, file] of files.entries()) {
    const moved = renumbered(file, { objects, keys: key, part });
    const own = joinedObjects(moved, 0);
    const root = numbered(file.trailer.get("Root")) + objects;
    const catalog = own.dictionary(root);
    const structure = referenceOf(catalog.get("StructTreeRoot"));
    catalogs.push(catalog);
    keys.push(key);
    if (part > 0) for (const number of [root, numbered(file.trailer.get("Info")) + objects]) own.drop(number);
    for (const [number, body] of moved) bodies.set(number, body);
    if (structure !== undefined) key += Number(own.dictionary(structure).get("ParentTreeNextKey"));
    objects += file.size - 1;
  }
  const file = joinedObjects(bodies, objects + 1);
  const marginal = marginPages && catalogs.pop();
  const first = catalogs[0];
  if (first === undefined) throw new Error("there is nothing to join");
  const pages = catalogs.map((catalog) => numbered(catalog.get("Pages")));
  if (marginal) {
    const tree = numbered(marginal.get("Pages"));
    const margins = leaves(file, tree);
    fell(file, tree);
    drawMargins(
      file,
      pages.flatMap((each) => leaves(file, each)),
      margins,
    );
  }
  const catalog = new Map(first)
    .set("Pages", `${joinPages(file, pages)} 0 R`)
    .set("Dests", `${joinDestinations(file, catalogs, parts)} 0 R`);
  joinStructure(file, catalogs, keys, key);
  joinOutlines(
    file,
    catalogs.flatMap((each) => referenceOf(each.get("Outlines")) ?? []),
  );
  file.set(numbered(files[0]?.trailer.get("Root")), catalog);
  return written(file, files[0]);
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

function joinDestinations(
  file: Joined,
  catalogs: readonly ReadonlyMap<string, Raw>[],
  parts: readonly PrintedPart[],
): number {
  const places = catalogs.flatMap((catalog, i) => {
    const number = referenceOf(catalog.get("Dests"));
    if (number === undefined) return [];
    const own = new Set(parts[i]?.ids);
    const found = [...file.dictionary(number)].filter(([name]) => own.has(name));
    file.drop(number);
    return found;
  });
  return file.add(dictionaryText(places));
}

/** One tree of tags: what is in the later parts' documents comes into the first one's. */
function joinStructure(
  file: Joined,
  catalogs: readonly ReadonlyMap<string, Raw>[],
  keys: readonly number[],
  nextKey: number,
): void {
  const roots = catalogs.map((catalog) => numbered(catalog.get("StructTreeRoot")));
  const trees = roots.map((root) => file.dictionary(root));
  const documents = trees.map((tree) => numbered(tree.get("K")));
  const [root, document] = [roots[0], documents[0]];
  if (root === undefined || document === undefined) return;
  const kids = documents.flatMap((each) => listOf(file.dictionary(each).get("K")));
  for (const kid of kids) {
    const number = numbered(kid);
    file.set(number, new Map(file.dictionary(number)).set("P", reference(document)));
  }
  file.set(document, new Map(file.dictionary(document)).set("K", `[${kids.join(" ")}]`));
  const parents = trees.flatMap((tree, i) => {
    const pairs = arrayOf(file.dictionary(numbered(tree.get("ParentTree"))).get("Nums") ?? "");
    return pairs.map((value, at) => (at % 2 === 0 ? String(Number(value) + (keys[i] ?? 0)) : value));
  });
  const names = trees.flatMap((tree) => {
    const number = referenceOf(tree.get("IDTree"));
    return number === undefined ? [] : listOf(file.dictionary(number).get("Kids"));
  });
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

function written(file: Joined, first: PlainFile | undefined): Uint8Array {
  const objects = writeObjects(
    [...file.bodies].map(([number, body]) => ({ number, body })),
    "1.4",
  );
  const size = file.size();
  const trailer = new Map(first?.trailer).set("Size", String(size));
  const end = `${writeTable(objects, size, trailer)}${fileEnd(objects.length)}`;
  return Buffer.concat([...objects.parts, Buffer.from(end, "latin1")]);
}
