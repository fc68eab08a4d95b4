// What the scripts of a pack use of a browser's own objects. The DOM's library is left out of the compiler's, so that
// nothing else mistakes this program for a page.

/** A node as a browser has it. */
export interface PageNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
}

/** An element as a browser has it. */
export interface PageElement extends PageNode {
  readonly id: string;
  readonly outerHTML: string;
  readonly firstChild: PageNode | null;
  readonly childNodes: ArrayLike<PageNode>;
  readonly classList: { contains(name: string): boolean };
  readonly scrollWidth: number;
  readonly clientWidth: number;
  className: string;
  hidden: boolean;
  value?: string;
  checked?: boolean;
  selectedIndex?: number;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  before(node: PageNode): void;
  prepend(node: PageNode): void;
  append(...nodes: readonly (PageNode | string)[]): void;
  replaceChildren(...nodes: readonly (PageNode | string)[]): void;
  replaceWith(node: PageNode): void;
  remove(): void;
  matches(selector: string): boolean;
  closest(selector: string): PageElement | null;
  contains(node: PageNode): boolean;
  querySelectorAll(selector: string): ArrayLike<PageElement>;
  querySelector(selector: string): PageElement | null;
  scrollIntoView(): void;
  focus(): void;
  addEventListener(event: PageEvent, listener: (event: { readonly target: PageElement }) => void): void;
}
type PageEvent = "click" | "input" | "change" | "DOMContentLoaded";

/** A document as a browser has it. */
export interface PageDocument extends PageElement {
  readonly readyState: string;
  readonly body: PageElement;
  createElement(name: string): PageElement;
  createElementNS(namespace: string, name: string): PageElement;
  adoptNode(node: PageElement): PageElement;
  getElementById(id: string): PageElement | null;
}
