import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalForm, canonicalJson, parseCanonicalJson, parseSourceJson } from "../../../src/util/canonical-json.ts";

describe("canonicalJson", () => {
  it("is RFC 8785 for whatever JSON carries", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme", maxDepth: 4 }), (value) => {
        if (JSON.stringify(value).includes("\\u001a")) return;
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  it("sorts keys as code units, also those that objects give in another order", () => {
    expect(canonicalJson({ b: 1, "10": 2, "9": 3, "": 4, A: 5, "\u20ac": 6, "\ud83d\ude00": 7, "\ufb33": 8 })).toBe(
      '{"":4,"10":2,"9":3,"A":5,"b":1,"\u20ac":6,"\ud83d\ude00":7,"\ufb33":8}',
    );
    expect(canonicalJson(JSON.parse('{"z":{"__proto__":{"b":1,"a":2}}}'))).toBe('{"z":{"__proto__":{"a":2,"b":1}}}');
  });

  it("gives the value that its text is read as", () => {
    for (const value of [
      { b: [1, -0, 1e21, { d: "\ud800", c: null }], a: "\u001a" },
      { at: new Date(0), gone: undefined },
      JSON.parse('{"10":1,"9":{"__proto__":[true]}}'),
      "text",
      0.1,
    ]) {
      const form = canonicalForm(value);
      expect(form.value).toEqual(parseCanonicalJson(form.text));
      expect(JSON.stringify(form.value)).toBe(JSON.stringify(parseCanonicalJson(form.text)));
      expect(form.text).toBe(canonicalJson(value));
    }
  });

  it("refuses what JSON cannot say", () => {
    for (const value of [Number.NaN, { a: Number.POSITIVE_INFINITY }, [1n], undefined])
      expect(() => canonicalJson(value)).toThrow();
  });
});

describe("parseSourceJson", () => {
  it("keeps the digits of an integer that a double cannot hold, wherever it stands", () => {
    const large = "12345678901234567890";
    for (const [text, value] of [
      [`{"id":${large}}`, { id: large }],
      [`{"id": -${large}}`, { id: `-${large}` }],
      [`[1,\n${large}]`, [1, large]],
      [large, large],
      ['{"id":1e30}', { id: "1e30" }],
      ['{"id":1.5e30}', { id: "1.5e30" }],
      ['{"id":9007199254740991,"text":", 12345678901234567890"}', { id: 9007199254740991, text: `, ${large}` }],
      ['{"oid":"12345678901234567890abcdef","half":0.25}', { oid: "12345678901234567890abcdef", half: 0.25 }],
    ] as const)
      expect(parseSourceJson(text)).toEqual(value);
  });
});
