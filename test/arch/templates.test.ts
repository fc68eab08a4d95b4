import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../src/util/root.ts";

// THREATS.md 61: raw output and unquoted attributes are forbidden in templates, and links lead where a view allows.

const folder = join(packageRoot(), "templates");
const filesIn = (ending: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
const textOf = (path: string): string => readFileSync(path, "utf8");
const named = (path: string): string => relative(folder, path);

const expression = /\{\{[^{}]*\}\}/g;

/** What a link's whole value may be when it is no place in the document: fields that a view fills through `linkable` or `part-links`, or with our own texts. */
const links = [
  "url",
  "retrospective.url",
  // Positions of regulators and standards bodies: our own texts.
  "address",
  // Another part of the same pack, beside this one.
  "href",
  "pack.href",
  "part.whole.href",
  "logic.elsewhere.href",
];

/** What a rule finds wrong in a template, in the words of the template. */
function faults(text: string): readonly string[] {
  const found: string[] = [];
  for (const [raw] of text.matchAll(/\{\{\{|\{\{~?&/g)) found.push(`raw output ${raw}`);
  // A tag or the name of an attribute is never a value of a view.
  for (const [tag] of text.matchAll(/<\/?\{\{|\s[a-zA-Z-]*\{\{[^#/{}][^{}]*\}\}[a-zA-Z-]*=/g))
    found.push(`a name from a value: ${tag}`);
  const markup = text.replace(/<style>[\s\S]*?<\/style>/g, (style) => {
    for (const [value] of style.matchAll(expression))
      if (!/^\{\{running\.\w+\}\}$/.test(value)) found.push(`${value} in a style sheet`);
    return "";
  });
  for (const [, tag = "", attributes = ""] of markup.matchAll(/<([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (/^(script|iframe|frame|object|embed|base|link|img|audio|video|form|template|noscript)$/i.test(tag))
      found.push(`<${tag}>`);
    for (const [, name = "", value = ""] of attributes.matchAll(/([^\s="'{}]+)="([^"]*)"/g)) {
      if (/^on/i.test(name) || name === "style" || name === "srcset" || name === "srcdoc")
        found.push(`${name}="${value}"`);
      if (/^(href|src|action|formaction|xlink:href|data|poster|ping)$/i.test(name) && !allowedLink(value))
        found.push(`${name}="${value}"`);
    }
    const left = attributes.replace(/[^\s="'{}]+="[^"]*"/g, "").replace(expression, "");
    if (/[="'`]/.test(left)) found.push(`an unquoted attribute in <${tag}${attributes}>`);
  }
  return found;
}

function allowedLink(value: string): boolean {
  return /^#[\w-]+$/.test(value) || /^#\{\{[\w.@/]+\}\}$/.test(value) || links.some((name) => value === `{{${name}}}`);
}

describe("61 a template", () => {
  it.each(filesIn(".hbs").map((path) => [named(path), path]))(
    "%s puts no text out raw, quotes every attribute, and links only where it may",
    (_name, path) => {
      expect(faults(textOf(path))).toEqual([]);
    },
  );

  it.each([
    ["{{{title}}}", "raw output"],
    ["{{&title}}", "raw output"],
    ["<p class={{tone}}>x</p>", "unquoted"],
    ["<p class='{{tone}}'>x</p>", "unquoted"],
    ["<p class=x>", "unquoted"],
    ["<{{tag}}>", "a name from a value"],
    ['<p {{name}}="x">', "a name from a value"],
    ['<p onclick="x">', "onclick"],
    ['<p style="{{x}}">', "style"],
    ['<a href="{{title}}">', 'href="{{title}}"'],
    ['<a href="https://{{host}}/">', "href="],
    ['<a href="javascript:{{x}}">', "href="],
    ['<img src="x">', "<img>"],
    ["<style>p { color: {{tone}} }</style>", "in a style sheet"],
  ])("is faulted for %s", (text, fault) => {
    expect(faults(text).join("; ")).toContain(fault);
  });

  it("is compiled with escaping, and nothing marks a text as safe", () => {
    const sources = readdirSync(join(packageRoot(), "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const using = sources.filter((name) =>
      /SafeString|noEscape|insertAdjacentHTML|\.innerHTML|document\.write/.test(
        textOf(join(packageRoot(), "src", name)),
      ),
    );
    expect(using).toEqual([]);
  });
});

describe("what a screen reader needs, in a template:", () => {
  it.each(filesIn(".hbs").map((path) => [named(path), path]))(
    "%s names every figure and drawing, and says what each head is the head of",
    (_name, path) => {
      const markup = textOf(path).replace(expression, "…");
      const unnamed = [...markup.matchAll(/<(figure|svg|th)\b[^>]*>/g)].filter(
        ([tag, name]) =>
          !(name === "th" ? / scope="(col|row|colgroup|rowgroup)"/ : / aria-label="[^"]+"| aria-hidden="true"/).test(
            tag,
          ),
      );
      expect(unnamed.map(([tag]) => tag)).toEqual([]);
    },
  );
});

describe("a style sheet", () => {
  it.each(filesIn(".css").map((path) => [named(path), path]))(
    "%s loads nothing, and has its colours by name, so that there is a dark one of each",
    (_name, path) => {
      const text = textOf(path);
      expect(text.match(/@import|url\(|expression\(|image-set/gi)).toBeNull();
      if (named(path) !== join("assets", "colours.css"))
        expect(text.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/gi)).toBeNull();
    },
  );

  it("has for every colour a dark one", () => {
    const [light = "", dark = ""] = textOf(join(folder, "assets", "colours.css")).split("prefers-color-scheme: dark");
    const colours = (text: string): readonly string[] =>
      [...text.matchAll(/(--[\w-]+): #/g)].map(([, name]) => name ?? "");
    expect(colours(dark)).toEqual(colours(light));
    const used = new Set(
      filesIn(".css").flatMap((path) => [...textOf(path).matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name ?? "")),
    );
    const known = new Set(
      filesIn(".css").flatMap((path) => [...textOf(path).matchAll(/(--[\w-]+):/g)].map(([, name]) => name ?? "")),
    );
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
  });
});
