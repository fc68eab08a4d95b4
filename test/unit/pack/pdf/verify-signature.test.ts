import { spawnSync } from "node:child_process";
import { createHash, sign, type X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { certificatesIn } from "../../../../src/ledger/timestamp/certificate-chain.ts";
import { timestampRequest, tokenOf } from "../../../../src/ledger/timestamp.ts";
import { withAttachments } from "../../../../src/pack/pdf/attachments.ts";
import { certificateFacts, selfSignedCertificate } from "../../../../src/pack/pdf/certificate.ts";
import { continuePdf } from "../../../../src/pack/pdf/increment.ts";
import { catalogOf, openPdf } from "../../../../src/pack/pdf/pdf-file.ts";
import { byteRange, signPdf } from "../../../../src/pack/pdf/sign.ts";
import { encodeSignature, signedAttributes } from "../../../../src/pack/pdf/signed-message.ts";
import { dictionaryText } from "../../../../src/pack/pdf/syntax.ts";
import { pdfSigner, verifyPdfSignature } from "../../../../src/pack/pdf/verify-signature.ts";
import { pdfCertificate } from "../../../fixtures/pdf-certificate.ts";
import { printedPdf } from "../../../fixtures/printed-pdf.ts";
import { hasOpenssl, timestampAuthority } from "../../../fixtures/timestamp-authority.ts";

const at = "2026-11-03T08:00:00Z";
const statement = { name: "Riverbank", reason: "Issued", at };
const attachment = (name: string, content: string) => ({
  name,
  description: name,
  mimeType: "text/csv",
  content: Buffer.from(content),
});
const finished = withAttachments(printedPdf(), [attachment("changes.csv", "1,pass\n".repeat(9000))], at);

type Pair = { certificate: string; key: string };
let own: Pair;
let stranger: Pair;
let signed: Buffer;
beforeAll(async () => {
  [own, stranger] = await Promise.all([pdfCertificate(), pdfCertificate("Riverbank")]);
  signed = await signedBy(own);
});

const signedBy = async ({ certificate, key }: Pair, pdf: Uint8Array = finished): Promise<Buffer> =>
  Buffer.from(await signPdf(pdf, { chain: certificate, key }, statement));

/** The one thing that is said of a PDF whose signature does not hold. */
async function reason(pdf: Uint8Array): Promise<string> {
  const checks = await verifyPdfSignature(pdf);
  expect(checks.map(({ outcome }) => outcome)).toEqual(["broken"]);
  expect(pdfSigner(pdf)).toBeUndefined();
  return checks[0]?.text ?? "";
}

/** Where the signature's hole begins and ends, brackets included. */
function holeOf(pdf: Buffer): { hole: number; after: number } {
  const hole = pdf.lastIndexOf("/Contents <30") + "/Contents ".length;
  return { hole, after: pdf.indexOf(">", hole) + 1 };
}

const changedAt = (pdf: Buffer, offset: number, bit: number): Buffer => {
  const changed = Buffer.from(pdf);
  changed[offset] = (changed[offset] ?? 0) ^ bit;
  return changed;
};

/** The catalog as the last section has it, changed, in a section of its own. */
function withCatalog(
  pdf: Buffer,
  change: (entries: Map<string, string>) => void,
  more: readonly string[] = [],
): Buffer {
  const file = openPdf(pdf);
  const entries = new Map(file.object(catalogOf(file)).entries);
  change(entries);
  const first = Number(file.trailer.get("Size"));
  const objects = more.map((body, i) => ({ number: first + i, body: [body] }));
  return continuePdf(file, [...objects, { number: catalogOf(file), body: [dictionaryText(entries)] }]).bytes;
}

describe("a PDF's own signature", () => {
  test("holds; its self-signed certificate is left to be confirmed, its time is its signer's word", async () => {
    const { fingerprint } = certificateFacts(own.certificate);
    expect(await verifyPdfSignature(signed)).toEqual([
      {
        subject: "pack.pdf signature",
        outcome: "holds",
        text: "it covers the whole file and was made with the key of CN=Riverbank evidence packs (self-signed)",
      },
      {
        subject: "pack.pdf certificate",
        outcome: "unchecked",
        text: `CN=Riverbank evidence packs (self-signed) is self-signed: nobody else vouches for it; confirm with its owner that the certificate's SHA-256 fingerprint is ${fingerprint} (valid until 2036-01-01T00:00:00Z)`,
      },
      {
        subject: "pack.pdf timestamp",
        outcome: "unchecked",
        text: `there is none: that it was signed at ${at} is the signer's own word`,
      },
    ]);
  });

  test("one made with a certificate that was not valid then is broken", async () => {
    const old = await selfSignedCertificate({ organisation: "Riverbank", from: "2020-01-01T00:00:00Z", years: 1 });
    const pdf = resigned({ chain: certificatesIn(old.certificate)[0], key: old.key });
    const checks = await verifyPdfSignature(pdf);
    expect(checks.map(({ outcome }) => outcome)).toEqual(["holds", "unchecked", "broken"]);
    expect(checks[2]?.text).toBe(`its certificate was not valid at ${at}, when it says it was signed`);
  });

  test("57 a byte changed anywhere breaks it", { timeout: 120_000 }, async () => {
    const step = Math.floor(signed.length / 120);
    for (let offset = 0; offset < signed.length; offset += step) await reason(changedAt(signed, offset, 1));
    for (const offset of [0, signed.length - 1]) await reason(changedAt(signed, offset, 0x20));
  });

  test("57 a byte changed anywhere in the signature's section breaks it", { timeout: 120_000 }, async () => {
    const { hole } = holeOf(signed);
    const message =
      2 * (4 + Buffer.from(signed.subarray(hole + 5, hole + 9).toString("latin1"), "hex").readUInt16BE(0));
    const offsets = [
      ...Array.from({ length: 60 }, (_, i) => finished.length + 3 * i),
      ...Array.from({ length: Math.ceil(message / 29) }, (_, i) => hole + 29 * i),
      hole + message + 1,
      hole + message + 2,
      ...Array.from({ length: 40 }, (_, i) => signed.length - 1 - 17 * i),
    ];
    for (const offset of offsets) await reason(changedAt(signed, offset, [1, 0x20, 0x80][offset % 3] ?? 1));
  });

  test("57 bytes cut off the end or put there break it", async () => {
    await reason(signed.subarray(0, -1));
    await reason(signed.subarray(0, finished.length + 5000));
    expect(await reason(Buffer.concat([signed, Buffer.from("\n")]))).toBe(
      "it does not hold: 1 bytes were added after it was signed",
    );
  });

  test("57 an update after signing breaks it, and is said: another attachment, another catalog, the form taken away", async () => {
    const attached = withAttachments(signed, [attachment("extra.csv", "1")], at);
    expect(await reason(attached)).toBe(
      `it does not hold: ${attached.length - signed.length} bytes were added after it was signed`,
    );
    expect(await reason(withCatalog(signed, (entries) => entries.set("Lang", "(de)")))).toContain("were added after");
    expect(await reason(withCatalog(signed, (entries) => entries.delete("AcroForm")))).toBe(
      "it does not hold: a signature was taken out of the PDF's form",
    );
  });

  test("57 a second signature after the first breaks it", async () => {
    const hidden = withCatalog(signed, (entries) => {
      for (const key of ["AcroForm", "Perms"]) entries.delete(key);
    });
    const again = await signedBy(stranger, hidden);
    expect(await reason(again)).toBe("it does not hold: a signature was taken out of the PDF's form");
    const [first] =
      /\d+(?= 0 R)/.exec(
        openPdf(signed)
          .object(catalogOf(openPdf(signed)))
          .entries.get("AcroForm") ?? "",
      ) ?? [];
    const both = withCatalog(again, (entries) =>
      entries.set("AcroForm", (entries.get("AcroForm") ?? "").replace("[", `[${first} 0 R `)),
    );
    expect(await reason(both)).toBe("it does not hold: the PDF has 2 signatures; a pack has one");
  });

  test("57 signed again by another key, it shows another certificate under the same name", async () => {
    const forged = await signedBy(stranger);
    expect(pdfSigner(signed)?.fingerprint).toBe(certificateFacts(own.certificate).fingerprint);
    expect(pdfSigner(forged)).toEqual(certificateFacts(stranger.certificate));
    expect((await verifyPdfSignature(forged))[1]?.text).toContain(certificateFacts(stranger.certificate).fingerprint);
    expect((await verifyPdfSignature(forged))[1]?.text).not.toContain(certificateFacts(own.certificate).fingerprint);
  });

  test("57 another's certificate over one's own signature is refused", async () => {
    const [certificate] = certificatesIn(stranger.certificate);
    if (!certificate) throw new Error("no certificate");
    expect(await reason(resigned({ chain: certificate, key: own.key }))).toContain(
      "the signature does not belong to its certificate's key",
    );
  });

  test("57 nothing hides in the signature's place", async () => {
    const { hole, after } = holeOf(signed);
    const hidden = Buffer.from(signed);
    hidden.write("68696464656e", after - 13, "latin1");
    expect(await reason(hidden)).toContain("holds more than the signature");
    const spaced = Buffer.from(signed);
    spaced.write("    ", after - 6, "latin1");
    expect(await reason(spaced)).toContain("holds something else");
    const upper = Buffer.from(signed);
    upper.write(upper.subarray(hole, after).toString("latin1").toUpperCase(), hole, "latin1");
    expect(await reason(upper)).toContain("holds something else");
  });

  test("57 a signature that leaves out more than itself is refused, even if its own signer made it so", async () => {
    expect(await reason(resigned({ leftOut: 30 }))).toContain("leaves out more of the file than itself");
    expect(await reason(resigned({ unsignedEnd: 12 }))).toContain("12 bytes were added after it was signed");
    expect(await verifyPdfSignature(resigned({}))).toMatchObject([{ outcome: "holds" }, {}, {}]);
  });

  test("a PDF without a signature, and no PDF at all, are said", async () => {
    expect(await reason(finished)).toBe("it does not hold: the PDF has no signature");
    expect(await reason(Buffer.from("<html>"))).toBe("it does not hold: the file is not a whole PDF");
    expect(await reason(new Uint8Array())).toBe("it does not hold: the file is not a whole PDF");
  });

  test.skipIf(spawnSync("pdfsig", ["-v"]).error !== undefined)(
    "57 pdfsig sees that a PDF continued after signing is not wholly signed",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "flowproof-forged-"));
      try {
        const path = join(folder, "forged.pdf");
        writeFileSync(path, withAttachments(signed, [attachment("extra.csv", "1")], at));
        expect(spawnSync("pdfsig", [path], { encoding: "utf8" }).stdout).toContain("Not total document signed");
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  /** The signed PDF, its signature made anew by hand as a dishonest signer could. */
  function resigned({
    leftOut = 0,
    unsignedEnd = 0,
    key = own.key,
    ...other
  }: {
    leftOut?: number;
    unsignedEnd?: number;
    key?: string;
    chain?: X509Certificate | undefined;
  }): Buffer {
    const pdf = Buffer.from(signed);
    const { hole, after } = holeOf(pdf);
    const end = pdf.length - unsignedEnd;
    const rangeAt = pdf.lastIndexOf("/ByteRange ") + "/ByteRange ".length;
    pdf.write(byteRange(hole, after + leftOut, end), rangeAt, "latin1");
    const certificate = other.chain ?? certificatesIn(own.certificate)[0];
    if (!certificate) throw new Error("no certificate");
    const hash = createHash("sha256")
      .update(pdf.subarray(0, hole))
      .update(pdf.subarray(after + leftOut, end));
    const attributes = signedAttributes(hash.digest(), certificate);
    const parts = {
      chain: [certificate] as const,
      signedAttributes: attributes,
      signature: sign("sha256", attributes, key),
    };
    const hex = Buffer.from(encodeSignature(parts)).toString("hex");
    pdf.write(`<${hex.padEnd(after - hole - 2, "0")}>`, hole, "latin1");
    return pdf;
  }
});

test.skipIf(!hasOpenssl)(
  "57 a byte changed in a timestamped signature breaks it (needs openssl)",
  { timeout: 120_000 },
  async () => {
    await using authority = await timestampAuthority();
    const timestamp = async (digest: Uint8Array): Promise<Uint8Array> => {
      const nonce = new Uint8Array([1]);
      return tokenOf(authority.reply(timestampRequest(digest, nonce)), { digest, nonce });
    };
    const pdf = Buffer.from(await signPdf(finished, { chain: own.certificate, key: own.key, timestamp }, statement));
    const { hole } = holeOf(pdf);
    const length = 4 + Buffer.from(pdf.subarray(hole + 5, hole + 9).toString("latin1"), "hex").readUInt16BE(0);
    for (let offset = 0; offset < length; offset += 11) {
      const digit = hole + 1 + 2 * offset;
      const changed = Buffer.from(pdf);
      changed.write(
        ((Number.parseInt(changed.toString("latin1", digit, digit + 1), 16) + 1) % 16).toString(16),
        digit,
        "latin1",
      );
      expect(
        (await verifyPdfSignature(changed)).map(({ outcome }) => outcome),
        `byte ${offset}`,
      ).toContain("broken");
    }
  },
);
