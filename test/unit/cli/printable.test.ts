import { describe, expect, it } from "vitest";
import { printable, printableJson } from "../../../src/cli/printable.ts";

describe("what is printed", () => {
  it.each([
    ["a classic token", "Bad credentials for ghp_0123456789abcdefABCDEF0123456789abcd"],
    ["an app's token", "ghs_0123456789abcdefABCDEF0123456789abcd"],
    ["a fine-grained token", "github_pat_11ABCDEFG0123456789_abcdefghijklmnopqrstuvwxyz0123456789"],
    ["a header", "authorization: Bearer abcdef0123456789abcdef"],
    ["an address", "https://ada:hunter2hunter2@ghe.example/api/v3"],
    ["a key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----"],
    ["half a key", "-----BEGIN PRIVATE KEY-----\nMIIEabc"],
  ])("carries no %s", (_name, text) => {
    const shown = printable(text);
    expect(shown).toContain("[redacted]");
    expect(shown).not.toMatch(/0123456789abcdef|hunter2|MIIE/);
  });

  it("carries no configured secret, whatever its shape, also inside JSON", () => {
    expect(printable("the key was plain-secret-1.", ["plain-secret-1"])).toBe("the key was [redacted].");
    const pem = "-----BEGIN PRIVATE KEY-----\nMIIEabc\n-----END PRIVATE KEY-----";
    expect(JSON.parse(printableJson({ text: `x ${pem}`, list: ["plain-secret-1"] }, ["plain-secret-1"]))).toEqual({
      text: "x [redacted]",
      list: ["[redacted]"],
    });
  });

  it("cannot steer the terminal or turn text around, and keeps lines and other scripts", () => {
    expect(printable("\u001b[2Jtitle\u202egnp.exe\r\u0007")).toBe("\\u001b[2Jtitle\\u202egnp.exe\\u000d\\u0007");
    expect(printable("Zahlung über 10 €\n支払い\tok")).toBe("Zahlung über 10 €\n支払い\tok");
  });
});
