import type { PageDocument } from "./page-dom.ts";
import { makeWorkable } from "./tables.ts";

// The script of a draft's pack.html, bundled alone: nothing in it is signed, so there is nothing to verify.

declare const document: PageDocument;

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => makeWorkable(document));
else makeWorkable(document);
