import { inflateSync } from "node:zlib";
import { catalogOf, openPdf, type PdfFile } from "./pdf-file.ts";
import { arrayOf, dictionaryOf, type Raw, referenceOf, textOf } from "./syntax.ts";

/** More than any pack embeds: what claims to unpack to more is refused. */
const mostBytes = 2 ** 30;

/** The files embedded in a PDF, by name, each whole and unpacked. Throws where the PDF cannot be read or two bear one name. */
export function attachmentsOf(pdf: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const file = openPdf(pdf);
  const attachments = new Map<string, Uint8Array>();
  for (const [, specification] of embeddedFiles(file)) {
    const entries = dictionaryOf(file.value(specification));
    const name = textOf(file.value(entries.get("UF") ?? entries.get("F") ?? "()"));
    const stream = referenceOf(dictionaryOf(file.value(entries.get("EF") ?? "<<>>")).get("F"));
    if (stream === undefined) throw new Error(`the PDF's attachment ${name} has no content`);
    if (attachments.has(name)) throw new Error(`the PDF has two attachments called ${name}`);
    attachments.set(name, contentOf(file, stream, name));
  }
  return attachments;
}

/** The catalog's name tree of embedded files: each key and file specification, as they stand (ISO 32000-1, 7.7.4 and 7.9.6). */
export function embeddedFiles(file: PdfFile): [key: Raw, specification: Raw][] {
  const names = file.object(catalogOf(file)).entries.get("Names");
  const tree = names === undefined ? undefined : dictionaryOf(file.value(names)).get("EmbeddedFiles");
  const found: [Raw, Raw][] = [];
  const seen = new Set<Raw>();
  const walk = (node: Raw): void => {
    if (seen.has(node)) throw new Error("the PDF's tree of attachments turns back on itself");
    if (referenceOf(node) !== undefined) seen.add(node);
    const entries = dictionaryOf(file.value(node));
    for (const kid of arrayOf(file.value(entries.get("Kids") ?? "[]"))) walk(kid);
    const pairs = arrayOf(file.value(entries.get("Names") ?? "[]"));
    for (let i = 0; i + 1 < pairs.length; i += 2) found.push([pairs[i] ?? "", pairs[i + 1] ?? ""]);
  };
  if (tree !== undefined) walk(tree);
  return found;
}

function contentOf(file: PdfFile, number: number, name: string): Uint8Array {
  const { entries, stream } = file.object(number);
  const length = Number(file.value(entries.get("Length") ?? ""));
  if (stream === undefined || !Number.isSafeInteger(length) || stream + length > file.bytes.length) {
    throw new Error(`the PDF's attachment ${name} is not whole`);
  }
  const packed = file.bytes.subarray(stream, stream + length);
  const filter = entries.get("Filter");
  if (filter === undefined) return packed;
  if (filter !== "/FlateDecode" || entries.has("DecodeParms")) {
    throw new Error(`the PDF's attachment ${name} is packed in an unknown way`);
  }
  try {
    return inflateSync(packed, { maxOutputLength: mostBytes });
  } catch (error) {
    throw new Error(`the PDF's attachment ${name} cannot be unpacked`, { cause: error });
  }
}
