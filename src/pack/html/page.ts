import { checkPage, type PageCrypto, type Verdict } from "./check-page.ts";
import { checkingLine, type Line, lineOf } from "./line.ts";
import type { PageDocument, PageElement, PageNode } from "./page-dom.ts";
import { sealAttribute, sealedLine, sealedScript } from "./sealed-elements.ts";
import { makeWorkable } from "./tables.ts";

// The script of an issued pack.html: bundled alone, it runs in the reader's browser. A draft's is draft.ts.

declare const document: PageDocument;
declare const location: { readonly hash: string; replace(url: string): void };
declare const DOMParser: new () => { parseFromString(html: string, type: "text/html"): PageDocument };

interface Seal {
  readonly proof: string;
  readonly envelope: string;
}

// What follows the script in the file is part of the document too, so nothing is read before its end.
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => void start());
else void start();

async function start(): Promise<void> {
  const seal = takeSeal();
  const content = writtenOut();
  showOnly(content);
  const show = placeLine();
  show(checkingLine);
  show(lineOf(await verdictOf(seal, content)));
  // Last: it adds to the document, of which the verification must see every mark as it was signed.
  makeWorkable(document);
  // The place that the reader followed a link to is now another element. In a long pack it takes seconds to lay out.
  if (location.hash.length > 1) setTimeout(() => location.replace(location.hash));
}

async function verdictOf(seal: Seal | undefined, content: string): Promise<Verdict> {
  if (!seal)
    return { outcome: "broken", problems: ["the parts that verify it are not as issued, each once and in its place"] };
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle)
    return { outcome: "unchecked", reason: "this browser offers no cryptography to a document opened this way" };
  try {
    return await checkPage({ ...seal, content, rows: listedRecords() }, webCrypto(subtle));
  } catch (error) {
    return { outcome: "unchecked", reason: `this browser could not: ${String(error)}` };
  }
}

/** Takes the four sealed elements out of the document; undefined unless there are exactly these, in their places and as they were made. */
function takeSeal(): Seal | undefined {
  const all = Array.from(document.querySelectorAll(`[${sealAttribute}]`));
  const nodes = Array.from(document.body.childNodes);
  const [line, proof, envelope, verifier] = [nodes[0], ...nodes.slice(-3)];
  const inPlace = all.length === 4 && [line, proof, envelope, verifier].every((node, i) => node === all[i]);
  const asMade =
    all[0]?.outerHTML === sealedLine &&
    [sealedScript.proof, sealedScript.envelope, sealedScript.verifier].every((tag, i) =>
      all[i + 1]?.outerHTML.startsWith(tag, 1),
    );
  for (const element of all) element.remove();
  if (!inPlace || !asMade) return undefined;
  return { proof: proof?.textContent ?? "", envelope: envelope?.textContent ?? "" };
}

/** The document as this browser writes it, with all that stands beside its root. */
function writtenOut(): string {
  return Array.from(document.childNodes, (node) => {
    if (node === document.querySelector(":root")) return (node as PageElement).outerHTML;
    if (node.nodeType !== doctype) return `${node.nodeName}${node.textContent}`;
    const { publicId, systemId } = node as PageNode & { publicId: string; systemId: string };
    return `<!DOCTYPE ${[node.nodeName, publicId, systemId].filter(Boolean).join(" ")}>`;
  }).join("");
}
const doctype = 10;

/**
 * Shows what was written out and nothing else. A shadow tree declared in the file would be shown in the place of what
 * is verified, and no serialisation holds it, nor can a script find it: so the text is read anew, which attaches none.
 */
function showOnly(content: string): void {
  document.body.replaceWith(document.adoptNode(new DOMParser().parseFromString(content, "text/html").body));
}

/** The appendix of records as it is shown. */
function listedRecords(): { id: string; leaf: string }[] {
  return Array.from(document.querySelectorAll("#records .refs tbody tr"), (row) => ({
    id: row.querySelector("th")?.textContent ?? "",
    leaf: row.querySelector("td:last-child")?.textContent ?? "",
  }));
}

function webCrypto(subtle: typeof globalThis.crypto.subtle): PageCrypto {
  const algorithm = { name: "Ed25519" };
  return {
    digest: async (input) => new Uint8Array(await subtle.digest("SHA-256", input as Uint8Array<ArrayBuffer>)),
    async verify(key, signature, message) {
      try {
        const imported = await subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, algorithm, false, ["verify"]);
        return await subtle.verify(
          algorithm,
          imported,
          signature as Uint8Array<ArrayBuffer>,
          message as Uint8Array<ArrayBuffer>,
        );
      } catch (error) {
        if (error instanceof Error && error.name === "NotSupportedError") return undefined;
        return false;
      }
    },
  };
}

/** Puts a line of verification at the top and gives what fills it. */
function placeLine(): (line: Line) => void {
  const element = document.createElement("p");
  element.setAttribute(sealAttribute, "line");
  element.setAttribute("role", "status");
  document.body.prepend(element);
  return ({ state, lead, rest }) => {
    element.className = `seal ${state}`;
    element.replaceChildren();
    const mark = marks[state];
    if (mark) element.append(drawn(mark));
    element.append(textElement("b", lead), ...rest.map(run));
  };
}

const run = (part: Line["rest"][number]): PageNode | string => {
  if (typeof part === "string") return part;
  return "code" in part ? textElement("code", part.code) : textElement("bdi", part.name);
};

function textElement(name: string, text: string): PageElement {
  const element = document.createElement(name);
  element.append(text);
  return element;
}

/** A tick, a cross, a question without an answer: drawn, as not every font has them. */
const marks: Readonly<Record<Line["state"], string | undefined>> = {
  checking: undefined,
  holds: "M3 8.5 6.5 12 13 4.5",
  broken: "M4 4 12 12M12 4 4 12",
  unchecked: "M3 8H13",
};

function drawn(path: string): PageElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
