import type { NewObject } from "./increment.ts";
import { nextNumber } from "./increment.ts";
import { catalogOf, type PdfFile } from "./pdf-file.ts";
import { arrayOf, dateString, dictionaryOf, dictionaryText, type Raw, referenceOf, textString } from "./syntax.ts";

/** What a reader shows of a signature; `at` in ISO 8601. */
export interface SignatureStatement {
  readonly name: string;
  readonly reason: string;
  readonly at: string;
}

/** The objects that give a PDF a signature, and where in the first one's body the two parts lie that are filled in at the end. */
export interface SignatureField {
  readonly objects: readonly NewObject[];
  readonly signature: number;
  readonly byteRangeAt: number;
  readonly contentsAt: number;
}

/** As wide as `ByteRange` gets: three numbers of ten digits. */
export const byteRangeWidth = 40;

/** A signature without a visible mark, which allows no change after it; `room` bytes are kept for it. Throws for a PDF that has a form. */
export function signatureField(file: PdfFile, statement: SignatureStatement, room: number): SignatureField {
  const root = catalogOf(file);
  const catalog = new Map(file.object(root).entries);
  if (catalog.has("AcroForm")) throw new Error("the PDF has a form or a signature already");
  const signature = nextNumber(file);
  const widget = signature + 1;
  const { number: page, entries } = firstPage(file, catalog.get("Pages"));
  const annotations = arrayOf(file.value(entries.get("Annots") ?? "[]"));
  catalog.set("AcroForm", `<</Fields [${widget} 0 R]\n/SigFlags 3>>`);
  // Readers then treat any change as breaking the signature, not as the next version (ISO 32000-1, 12.8.4).
  catalog.set("Perms", `<</DocMDP ${signature} 0 R>>`);
  const dictionary = signatureDictionary(statement, room);
  return {
    signature,
    byteRangeAt: dictionary.indexOf("["),
    contentsAt: dictionary.indexOf("/Contents ") + "/Contents ".length,
    objects: [
      { number: signature, body: [dictionary] },
      { number: widget, body: [widgetText(signature, page, statement)] },
      {
        number: page,
        body: [dictionaryText(new Map(entries).set("Annots", `[${[...annotations, `${widget} 0 R`].join(" ")}]`))],
      },
      { number: root, body: [dictionaryText(catalog)] },
    ],
  };
}

/** The values of all signatures in a PDF's form, by their objects' numbers. Throws where the form cannot be read, or names fewer than there are in the file. */
export function signaturesOf(file: PdfFile): number[] {
  const form = file.object(catalogOf(file)).entries.get("AcroForm");
  const found: number[] = [];
  const seen = new Set<number>();
  const walk = (field: Raw): void => {
    const number = referenceOf(field);
    if (number === undefined || seen.has(number)) throw new Error("the PDF's form cannot be read");
    seen.add(number);
    const { entries } = file.object(number);
    const value = referenceOf(entries.get("V"));
    if (value !== undefined) found.push(value);
    for (const kid of arrayOf(file.value(entries.get("Kids") ?? "[]"))) walk(kid);
  };
  if (form !== undefined) {
    for (const field of arrayOf(file.value(dictionaryOf(file.value(form)).get("Fields") ?? "[]"))) walk(field);
  }
  // A later section can take a signature out of the form; the bytes of it stay.
  if (written(file, "/ByteRange [") > found.length) throw new Error("a signature was taken out of the PDF's form");
  return found;
}

function written({ bytes }: PdfFile, text: string): number {
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) count += 1;
  return count;
}

function signatureDictionary({ name, reason, at }: SignatureStatement, room: number): Raw {
  return [
    "<</ByteRange [",
    " ".repeat(byteRangeWidth),
    "]\n/Contents <",
    "0".repeat(2 * room),
    ">\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached",
    `\n/M ${dateString(at)}\n/Name ${textString(name)}\n/Reason ${textString(reason)}`,
    "\n/Reference [<</Type /SigRef\n/TransformMethod /DocMDP\n/TransformParams <</Type /TransformParams\n/P 1\n/V /1.2>>>>]>>",
  ].join("");
}

/** Of no size, so on no page: it needs no place among the tags (ISO 14289-1, 7.18.1); printed and locked, as PDF/A has it. */
function widgetText(signature: number, page: number, { name }: SignatureStatement): Raw {
  const title = textString(`Signature of ${name}`);
  return `<</Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T ${textString("signature")}\n/TU ${title}\n/Contents ${title}\n/V ${signature} 0 R\n/P ${page} 0 R\n/Rect [0 0 0 0]\n/F 132>>`;
}

function firstPage(file: PdfFile, tree: Raw | undefined): { number: number; entries: ReadonlyMap<string, Raw> } {
  const number = referenceOf(tree);
  if (number === undefined) throw new Error("the PDF has no page tree");
  const { entries } = file.object(number);
  const kids = entries.get("Kids");
  return kids === undefined ? { number, entries } : firstPage(file, arrayOf(file.value(kids))[0]);
}
