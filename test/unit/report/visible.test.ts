import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, linkable, presentable, visible } from "../../../src/report/visible.ts";

describe("text from a source", () => {
  it.each([
    ["a bidirectional override", "pay\u202ecilbup", "pay‹U+202E›cilbup"],
    ["zero-width characters", "ad\u200bmin\ufeff", "ad‹U+200B›min‹U+FEFF›"],
    ["NUL and other controls", "a\u0000b\u0085c\nd", "a‹U+0000›b‹U+0085›c‹U+000A›d"],
    ["a lone surrogate", "x\ud83dy", "x‹U+D83D›y"],
    ["tag characters", "ok\u{e0041}", "ok‹U+E0041›"],
    ["a letter that passes for a Latin one", "p\u0430yments, \u0420aypal", "p‹U+0430›yments, ‹U+0420›aypal"],
    ["marks stacked over other lines", `e${"\u0301".repeat(5)}`, `e${"\u0301".repeat(4)}‹U+0301›`],
  ])("shows %s", (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it.each(["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"])("shows no token %s…", (prefix) => {
    const token = `${prefix}0123456789abcdefABCD`;
    expect(visible(`oops ${token}!`)).toBe("oops [redacted token]!");
    expect(cut(`${"a".repeat(190)} ${token} ${"b".repeat(200)}`, 200)).not.toContain(prefix);
    expect(linkable(`https://ci.riverbank.example/?key=${token}`)).toBeNull();
    expect(visible(`${prefix}short`)).toBe(`${prefix}short`);
  });

  it("keeps what people write", () => {
    const text = "Ångström – naïve “façade” 漢字 שלום 🚀 é платежи πληρωμή 5 μs Δt кВтч-API";
    expect(visible(text)).toBe(text);
  });

  it("is shown the same when shown twice", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => visible(visible(text)) === visible(text)));
  });

  it("of two million characters is cut, with its length and digest, and never inside a character", () => {
    const shown = cut(`${"a".repeat(199)}🚀${"b".repeat(2_000_000)}`, 200);
    expect(shown).toMatch(/^a{199}… \(2,000,201 characters, SHA-256 [0-9a-f]{12}\)$/);
  });
});

describe("a link", () => {
  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "http://host.example/",
    "//host.example",
    "https://user:word@host.example/",
    "not a link",
  ])("to %s is plain text", (url) => expect(linkable(url)).toBeNull());

  it("may lead to https and to this machine", () => {
    expect(linkable("https://git.riverbank.example/a?b=c")).toBe("https://git.riverbank.example/a?b=c");
    expect(linkable("http://127.0.0.1:8080/x")).toBe("http://127.0.0.1:8080/x");
    expect(linkable("http://[::1]:8080/x")).toBe("http://[::1]:8080/x");
    expect(linkable("http://127.0.0.1.evil.example/")).toBeNull();
  });
});

it("makes every text of a value presentable, at any depth", () => {
  const shown = presentable({ a: [{ title: "x\u202e", url: "javascript:1" }], "k\u200b": "v\u0000" });
  expect(shown).toEqual({ a: [{ title: "x‹U+202E›", url: null }], "k‹U+200B›": "v‹U+0000›" });
});
