import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { timestampRequest, tokenOf } from "../../../../src/ledger/timestamp.ts";
import { withAttachments } from "../../../../src/pack/pdf/attachments.ts";
import { certificateFacts, selfSignedCertificate } from "../../../../src/pack/pdf/certificate.ts";
import { attachmentsOf } from "../../../../src/pack/pdf/read-attachments.ts";
import { signPdf } from "../../../../src/pack/pdf/sign.ts";
import { verifyPdfSignature } from "../../../../src/pack/pdf/verify-signature.ts";
import { pdfCertificate } from "../../../fixtures/pdf-certificate.ts";
import { printedPdf } from "../../../fixtures/printed-pdf.ts";
import {
  hasOpenssl,
  rootAuthority,
  type TimestampAuthority,
  timestampAuthority,
} from "../../../fixtures/timestamp-authority.ts";

const at = "2026-11-03T08:00:00Z";
const statement = { name: "Riverbank", reason: "Issued as evidence pack 2026-10", at };
const has = (tool: string, flag = "--version"): boolean => spawnSync(tool, [flag]).error === undefined;
const attachment = {
  name: "assessment.json",
  description: "What was found",
  mimeType: "application/json",
  content: Buffer.from("{}"),
};
const finished = withAttachments(printedPdf(), [attachment], at);

let folder: string;
let own: { certificate: string; key: string };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "flowproof-sign-"));
  own = await pdfCertificate();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keep = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const run = (tool: string, ...args: string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
};

/** What `openssl cms` needs: the signature and the bytes around it. */
function parts(pdf: Uint8Array): { cms: Buffer; content: Buffer } {
  const file = Buffer.from(pdf);
  const range = /\/ByteRange \[0 (\d+) (\d+) (\d+) *\]/.exec(file.toString("latin1"));
  const [hole, after, rest] = [Number(range?.[1]), Number(range?.[2]), Number(range?.[3])];
  const cms = Buffer.from(file.subarray(hole + 1, after - 1).toString("latin1"), "hex");
  return { cms, content: Buffer.concat([file.subarray(0, hole), file.subarray(after, after + rest)]) };
}

describe("a signed PDF", () => {
  test("is the finished file with a section appended, its attachments, tags and outline as before", async () => {
    const signed = await signPdf(finished, { chain: own.certificate, key: own.key }, statement);
    expect(Buffer.from(signed.subarray(0, finished.length)).equals(Buffer.from(finished))).toBe(true);
    expect([...attachmentsOf(signed).keys()]).toEqual(["assessment.json"]);
    const [before, after] = await Promise.all([finished, signed].map((pdf) => getDocumentProxy(new Uint8Array(pdf))));
    if (!before || !after) throw new Error("no document");
    expect(await after.getOutline()).toEqual(await before.getOutline());
    const [one, same] = [await before.getPage(1), await after.getPage(1)];
    expect(await same.getStructTree()).toEqual(await one.getStructTree());
    expect((await same.getAnnotations()).length).toBe((await one.getAnnotations()).length + 1);
    expect((await after.getMetadata()).info).toMatchObject({ Language: "en", IsSignaturesPresent: true });
  });

  test("with an RSA key is signed to the same bytes again: nothing in it is of chance", async () => {
    const sign = () => signPdf(finished, { chain: own.certificate, key: own.key }, statement);
    expect(Buffer.compare(await sign(), await sign())).toBe(0);
  });

  test("grows its room when the token is larger than thought", async () => {
    const token = Buffer.concat([Buffer.from([0x30, 0x82, 0x61, 0xa8]), Buffer.alloc(25_000)]);
    let asked = 0;
    const timestamp = async (): Promise<Uint8Array> => {
      asked += 1;
      return token;
    };
    const signed = await signPdf(finished, { chain: own.certificate, key: own.key, timestamp }, statement);
    expect(asked).toBe(2);
    expect(parts(signed).cms.includes(token)).toBe(true);
  });

  test("a key of another certificate, certificates in disorder or out of date, and a key that no reader takes are refused", async () => {
    const other = await pdfCertificate("Lakeside");
    const sign = (chain: string, key: string) => signPdf(finished, { chain, key }, statement);
    await expect(sign(own.certificate, other.key)).rejects.toThrow("is not the key of the certificate");
    await expect(sign(other.certificate + own.certificate, other.key)).rejects.toThrow("are no chain");
    await expect(sign("", own.key)).rejects.toThrow("are no chain");
    await expect(sign(own.certificate, "not a key")).rejects.toThrow("key cannot be read");
    const late = signPdf(
      finished,
      { chain: own.certificate, key: own.key },
      { ...statement, at: "2036-01-01T00:00:01Z" },
    );
    await expect(late).rejects.toThrow(
      "is valid from 2026-01-01T00:00:00Z until 2036-01-01T00:00:00Z, not at 2036-01-01T00:00:01Z",
    );
    const edwards = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    await expect(sign(own.certificate, edwards)).rejects.toThrow("is not the key of the certificate");
  });

  test("is not signed twice", async () => {
    const signed = await signPdf(finished, { chain: own.certificate, key: own.key }, statement);
    await expect(signPdf(signed, { chain: own.certificate, key: own.key }, statement)).rejects.toThrow(
      "a signature already",
    );
  });
});

describe.skipIf(!hasOpenssl)("a signed PDF as other tools see it (needs openssl)", () => {
  let authority: TimestampAuthority;
  let plain: Uint8Array;
  let stamped: Uint8Array;
  beforeAll(async () => {
    authority = await timestampAuthority();
    const timestamp = async (digest: Uint8Array): Promise<Uint8Array> => {
      const nonce = new Uint8Array([7, 7, 7]);
      return tokenOf(authority.reply(timestampRequest(digest, nonce)), { digest, nonce });
    };
    plain = await signPdf(finished, { chain: own.certificate, key: own.key }, statement);
    stamped = await signPdf(finished, { chain: own.certificate, key: own.key, timestamp }, statement);
  });
  afterAll(() => authority.close());

  test("openssl takes it as CAdES, with its signing certificate, without and with a timestamp", () => {
    for (const pdf of [plain, stamped]) {
      const { cms, content } = parts(pdf);
      const args = [
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-in",
        keep("cms", cms),
        "-content",
        keep("content", content),
      ];
      const trust = ["-CAfile", keep("own.crt", own.certificate), "-purpose", "any", "-out", "/dev/null"];
      expect(run("openssl", ...args, ...trust)).toEqual({
        status: 0,
        text: expect.stringContaining("CAdES Verification successful"),
      });
      keep("content", Buffer.concat([content, Buffer.from(" ")]));
      expect(run("openssl", ...args, ...trust).status).not.toBe(0);
    }
  });

  test("its signed attributes hold no time of their own, as PAdES wants", () => {
    const printed = run(
      "openssl",
      "cms",
      "-cmsout",
      "-print",
      "-inform",
      "DER",
      "-in",
      keep("cms", parts(stamped).cms),
    ).text;
    const [signed = "", unsigned = ""] = printed.slice(printed.indexOf("signedAttrs")).split("unsignedAttrs");
    for (const attribute of ["contentType", "messageDigest", "signingCertificateV2"])
      expect(signed).toContain(attribute);
    expect(signed).not.toContain("signingTime");
    expect(unsigned).toContain("timeStampToken");
  });

  test.skipIf(!has("pdfsig", "-v"))("pdfsig calls it valid and the whole document signed", () => {
    for (const pdf of [plain, stamped]) {
      const { text } = run("pdfsig", keep("signed.pdf", pdf));
      expect(text).toContain("Signature Type: ETSI.CAdES.detached");
      expect(text).toContain("Signature is Valid");
      expect(text).toMatch(/ - Total document signed/);
      expect(text).not.toContain("Signature #2");
    }
  });

  test.skipIf(!has("qpdf"))("qpdf finds nothing wrong", () => {
    expect(spawnSync("qpdf", ["--check", keep("signed.pdf", stamped)], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
  });

  test("its timestamp is told: by an authority that was not checked, or one under a given root", async () => {
    const check = (pdf: Uint8Array, trust?: string[]) => verifyPdfSignature(pdf, trust).then((checks) => checks[2]);
    expect(await check(plain)).toMatchObject({ outcome: "unchecked", text: expect.stringContaining("there is none") });
    expect(await check(stamped)).toMatchObject({
      outcome: "unchecked",
      text: expect.stringContaining("was not checked here"),
    });
    expect(await check(stamped, [authority.root])).toMatchObject({
      outcome: "holds",
      text: expect.stringMatching(/^CN=Example Time Authority states that the signature existed at 20/),
    });
    expect(await check(stamped, [own.certificate])).toMatchObject({
      outcome: "broken",
      text: expect.stringContaining("trusted root"),
    });
  });

  test("one with a certificate that an authority issued names that authority", async () => {
    using root = rootAuthority("Example Document Root");
    const issued = root.issue("Riverbank Packs", { usage: "emailProtection" });
    const signed = await signPdf(
      finished,
      { chain: `${issued.certificate}${root.certificate}`, key: issued.key },
      statement,
    );
    const checks = await verifyPdfSignature(signed);
    expect(checks.map(({ outcome }) => outcome)).toEqual(["holds", "unchecked", "unchecked"]);
    expect(checks[1]?.text).toContain(
      "CN=Riverbank Packs was issued by CN=Example Document Root, which was not checked here",
    );
    const { cms, content } = parts(signed);
    const args = [
      "cms",
      "-verify",
      "-cades",
      "-binary",
      "-inform",
      "DER",
      "-in",
      keep("cms", cms),
      "-content",
      keep("content", content),
    ];
    expect(run("openssl", ...args, "-CAfile", root.file, "-purpose", "any", "-out", "/dev/null").status).toBe(0);
  });
});

describe("a certificate of one's own", () => {
  test("is for signing only, named as self-signed, and valid from its day for so many years", async () => {
    expect(certificateFacts(own.certificate)).toEqual({
      subject: "CN=Riverbank evidence packs (self-signed)",
      issuer: "CN=Riverbank evidence packs (self-signed)",
      selfSigned: true,
      notBefore: "2026-01-01T00:00:00Z",
      notAfter: "2036-01-01T00:00:00Z",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.skipIf(!hasOpenssl)(
    "openssl reads it: no authority, its key for signatures, its fingerprint the one that is told",
    () => {
      const { text } = run(
        "openssl",
        "x509",
        "-in",
        keep("own.crt", own.certificate),
        "-noout",
        "-text",
        "-fingerprint",
        "-sha256",
      );
      for (const part of [
        "CA:FALSE",
        "Digital Signature, Non Repudiation",
        "Public-Key: (3072 bit)",
        "sha256WithRSAEncryption",
      ])
        expect(text).toContain(part);
      const printed = /Fingerprint=([0-9A-F:]+)/i.exec(text)?.[1]?.replaceAll(":", "").toLowerCase();
      expect(certificateFacts(own.certificate).fingerprint).toBe(printed);
    },
  );

  test("a long name is cut to what a certificate carries", async () => {
    const { certificate } = await selfSignedCertificate({ organisation: "Riverbank ".repeat(20), from: at, years: 1 });
    const name = certificateFacts(certificate).subject.slice("CN=".length);
    expect(name).toMatch(/^Riverbank .*… evidence packs \(self-signed\)$/);
    expect([...name].length).toBeLessThanOrEqual(64);
  });
});
