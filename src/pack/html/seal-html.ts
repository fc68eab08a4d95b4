import { allowingScript, policyStart, scriptPolicy } from "./script-policy.ts";
import { sealAttribute, sealedLine, sealedScript } from "./sealed-elements.ts";

/** What the sealed elements of a `pack.html` hold, as texts. */
export interface SealedParts {
  /** As `writePageProof` gives it. */
  readonly proof: string;
  /** The DSSE envelope over `content.json`. */
  readonly envelope: string;
  /** The script that verifies, `page.js`. */
  readonly verifier: string;
}

/** A sealed `pack.html`, taken apart. */
export interface SealedHtml extends SealedParts {
  /** The bytes of which `pack.html#content` is the SHA-256. */
  readonly content: Uint8Array;
  /** Whether the content allows exactly this script to run, and no other. */
  readonly verifierAllowed: boolean;
}

const bodyStart = "<body>";
const scriptEnd = "</script>";
const bodyEnd = "</body></html>";

/**
 * The content of an issued pack, of which `pack.html#content` is the SHA-256 in UTF-8: a serialised document whose
 * policy lets the verifier run, by its hash, and nothing else. Throws for a document that is not as `serialised` gives it.
 */
export function contentHtml(serialised: string, verifier: string): string {
  if (!serialised.endsWith(bodyEnd) || count(serialised, bodyStart) !== 1)
    throw new Error("the pack does not begin and end as a serialised document does");
  if (bearsSeal(serialised)) throw new Error(`the pack holds an element with ${sealAttribute}: only the seal may`);
  return allowingScript(serialised, verifier);
}

/**
 * The content with the four sealed elements in their places. Throws where a part would end its element early, and where
 * the content does not allow the verifier.
 */
export function sealHtml(content: string, { proof, envelope, verifier }: SealedParts): string {
  if (/[<]/.test(proof + envelope)) throw new Error("a block of data in the pack may hold no <");
  if (/<\/?script|<!--|\r/i.test(verifier)) throw new Error("the verifier would end its own element");
  if (!content.includes(`${policyStart}${scriptPolicy(verifier)}; `))
    throw new Error("the pack lets no such verifier run");
  const blocks = [
    `<${sealedScript.proof}${proof}${scriptEnd}`,
    `<${sealedScript.envelope}${envelope}${scriptEnd}`,
    `<${sealedScript.verifier}${verifier}${scriptEnd}`,
  ];
  const start = content.indexOf(bodyStart) + bodyStart.length;
  const end = content.length - bodyEnd.length;
  return [content.slice(0, start), sealedLine, content.slice(start, end), ...blocks, bodyEnd].join("");
}

/** The bytes that are signed as `pack.html#content`; undefined where there are not exactly the four sealed elements in their places. */
export function contentOfHtml(html: Uint8Array): Uint8Array | undefined {
  return readSealedHtml(html)?.content;
}

/** Takes a sealed `pack.html` apart by its bytes alone; undefined for anything that {@link sealHtml} did not give, byte by byte, its texts aside. */
export function readSealedHtml(html: Uint8Array): SealedHtml | undefined {
  const bytes = Buffer.from(html.buffer, html.byteOffset, html.byteLength);
  // A byte a character, so that places in the text are places in the bytes.
  const text = bytes.toString("latin1");
  const lineAt = text.indexOf(bodyStart) + bodyStart.length;
  const lineEnd = lineAt + sealedLine.length;
  if (lineAt < bodyStart.length || text.slice(lineAt, lineEnd) !== sealedLine || !text.endsWith(bodyEnd))
    return undefined;
  const bodyEndAt = text.length - bodyEnd.length;
  const verifier = lastScript(text, bodyEndAt, `<${sealedScript.verifier}`, /<\/?script|<!--|\r/i);
  const envelope = verifier && lastScript(text, verifier.at, `<${sealedScript.envelope}`, /[<\r]/);
  const proof = envelope && lastScript(text, envelope.at, `<${sealedScript.proof}`, /[<\r]/);
  if (!proof || proof.at < lineEnd) return undefined;
  const content = Buffer.concat([
    bytes.subarray(0, lineAt),
    bytes.subarray(lineEnd, proof.at),
    bytes.subarray(bodyEndAt),
  ]);
  const contentText = content.toString("latin1");
  if (bearsSeal(contentText)) return undefined;
  const utf8 = ({ from, to }: Script): string => bytes.toString("utf8", from, to);
  return {
    content,
    proof: utf8(proof),
    envelope: utf8(envelope),
    verifier: utf8(verifier),
    verifierAllowed:
      count(contentText, policyStart) === 1 &&
      contentText.includes(`${policyStart}${scriptPolicy(utf8(verifier))}; style-src `),
  };
}

interface Script {
  /** Where the element begins, where its text does, and where that ends. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** The script element that ends at `end`, where it begins with exactly this tag and its text holds nothing that could be markup. */
function lastScript(text: string, end: number, tag: string, markup: RegExp): Script | undefined {
  const to = end - scriptEnd.length;
  const at = text.lastIndexOf(tag, to);
  const from = at + tag.length;
  if (at < 0 || from > to || text.slice(to, end) !== scriptEnd || markup.test(text.slice(from, to))) return undefined;
  return { at, from, to };
}

/** Whether a tag, as serialised documents write tags, bears the attribute of the seal. */
const bearsSeal = (text: string): boolean =>
  new RegExp(`<[A-Za-z][^\\s<>"]*(?: [^\\s<>"=]+="[^"]*")* ${sealAttribute}="`).test(text);

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
