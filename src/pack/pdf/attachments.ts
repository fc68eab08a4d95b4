import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { continuePdf, type NewObject, nextNumber } from "./increment.ts";
import { catalogOf, openPdf } from "./pdf-file.ts";
import { embeddedFiles } from "./read-attachments.ts";
import { arrayOf, dateString, dictionaryOf, dictionaryText, nameText, type Raw, textOf, textString } from "./syntax.ts";

/** A file to be embedded in a PDF. */
export interface Attachment {
  readonly name: string;
  /** What a reader shows beside the name. */
  readonly description: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
}

/**
 * The PDF with these files embedded as associated files of the document (ISO 32000-2, 7.11.4 and 14.13), dated
 * `modifiedAt` (ISO 8601): the same input gives the same bytes. Throws for a PDF without classic cross-reference
 * tables and for a name that is taken.
 */
export function withAttachments(pdf: Uint8Array, attachments: readonly Attachment[], modifiedAt: string): Uint8Array {
  const file = openPdf(pdf);
  const root = catalogOf(file);
  const catalog = new Map(file.object(root).entries);
  const first = nextNumber(file);
  const objects = attachments.flatMap((attachment, i) => objectsOf(attachment, first + 2 * i, modifiedAt));
  const references = attachments.map((_, i) => `${first + 2 * i} 0 R`);

  const embedded = [
    ...embeddedFiles(file),
    ...attachments.map(({ name }, i): [Raw, Raw] => [textString(name), references[i] ?? ""]),
  ].map(([key, specification]) => ({ name: textOf(file.value(key)), key, specification }));
  const twice = embedded.find(({ name }, i) => embedded.findIndex((other) => other.name === name) !== i);
  if (twice) throw new Error(`the PDF would have two attachments called ${twice.name}`);
  // A name tree is sorted by its keys' bytes, which is the order of UTF-16 code units.
  embedded.sort((a, b) => (a.name < b.name ? -1 : 1));

  const names = new Map(dictionaryOf(file.value(catalog.get("Names") ?? "<<>>")));
  names.set(
    "EmbeddedFiles",
    `<</Names [${embedded.map(({ key, specification }) => `${key} ${specification}`).join("\n")}]>>`,
  );
  const associated = arrayOf(file.value(catalog.get("AF") ?? "[]"));
  catalog.set("Names", dictionaryText(names));
  catalog.set("AF", `[${[...associated, ...references].join(" ")}]`);
  // Chromium says 1.4, which knows neither tags nor attachments as they are used here.
  catalog.set("Version", "/1.7");
  return continuePdf(file, [...objects, { number: root, body: [dictionaryText(catalog)] }]).bytes;
}

function objectsOf({ name, description, mimeType, content }: Attachment, number: number, at: string): NewObject[] {
  const packed = deflateSync(content, { level: 6 });
  // The checksum that the format prescribes; nothing rests on it.
  const checksum = createHash("md5").update(content).digest("hex");
  const title = textString(name);
  const stream = `${number + 1} 0 R`;
  return [
    {
      number,
      body: [
        `<</Type /Filespec\n/F ${title}\n/UF ${title}\n/Desc ${textString(description)}\n/AFRelationship /Data\n/EF <</F ${stream}\n/UF ${stream}>>>>`,
      ],
    },
    {
      number: number + 1,
      body: [
        `<</Type /EmbeddedFile\n/Subtype /${nameText(mimeType)}\n/Filter /FlateDecode\n/Length ${packed.length}\n/Params <</Size ${content.length}\n/CheckSum <${checksum}>\n/ModDate ${dateString(at)}>>>>\nstream\n`,
        packed,
        "\nendstream",
      ],
    },
  ];
}
