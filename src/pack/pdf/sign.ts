import { createHash, createPrivateKey, sign } from "node:crypto";
import { certificatesIn, isValidAt } from "../../ledger/timestamp/certificate-chain.ts";
import { ConfigError } from "../../util/errors.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { continuePdf } from "./increment.ts";
import { openPdf } from "./pdf-file.ts";
import { byteRangeWidth, type SignatureStatement, signatureField } from "./signature-field.ts";
import { encodeSignature, isChain, type SignatureParts, signedAttributes } from "./signed-message.ts";

/** What a PDF is signed with. */
export interface PdfSigner {
  /** The signer's certificate, then each one's issuer, PEM. */
  readonly chain: string;
  /** RSA or P-256, PEM. */
  readonly key: string;
  /** Gives an RFC 3161 token over a SHA-256 digest; undefined where none is to be had. */
  readonly timestamp?: ((digest: Uint8Array) => Promise<Uint8Array | undefined>) | undefined;
}

/**
 * Signs the whole file, once, as PAdES has it (ETSI EN 319 142-1, B-B, with a timestamp B-T): a section is appended,
 * nothing before it changes. Throws ConfigError for a key or certificate that will not do, Error for a PDF that will not.
 */
export async function signPdf(pdf: Uint8Array, signer: PdfSigner, statement: SignatureStatement): Promise<Uint8Array> {
  const file = openPdf(pdf);
  const signMessage = messageSigner(signer, statement.at);
  // Enough for any but an unusual token; where it is not, once more with room for what came.
  for (let room = 4096 + signer.chain.length + (signer.timestamp ? 12_288 : 0); ; ) {
    const field = signatureField(file, statement, room);
    const { bytes, places } = continuePdf(file, field.objects);
    const start = places.get(field.signature) ?? 0;
    const hole = start + field.contentsAt;
    const after = hole + 2 * room + 2;
    bytes.write(byteRange(hole, after, bytes.length), start + field.byteRangeAt, "latin1");
    const digest = createHash("sha256").update(bytes.subarray(0, hole)).update(bytes.subarray(after)).digest();
    const message = await signMessage(digest);
    if (message.length <= room) {
      bytes.write(Buffer.from(message).toString("hex"), hole + 1, "latin1");
      return bytes;
    }
    room = message.length + 1024;
  }
}

/** `[`, the two stretches around the hole, `]`, always as long. */
export const byteRange = (hole: number, after: number, length: number): string =>
  `[${`0 ${hole} ${after} ${length - after}`.padEnd(byteRangeWidth)}]`;

/** Signs a file's digest with the key and certificates, which are checked once. */
function messageSigner(
  { chain: pem, key: keyPem, timestamp }: PdfSigner,
  at: string,
): (digest: Uint8Array) => Promise<Uint8Array> {
  const chain = readChain(pem);
  const [certificate] = chain;
  const key = readKey(keyPem);
  if (!isValidAt(certificate, new Date(at))) {
    const { notBefore, notAfter } = certificateFacts(certificate.raw);
    throw new ConfigError(
      `the certificate that PDFs are signed with is valid from ${notBefore} until ${notAfter}, not at ${at}`,
      { hint: "Put one that is valid into signing.certificate.file, and its key into signing.certificate.key." },
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw new ConfigError("the certificate's key is not the key of the certificate that PDFs are signed with", {
      hint: "Set signing.certificate.key to the private key that signing.certificate.file was issued for.",
    });
  }
  return async (digest) => {
    const attributes = signedAttributes(digest, certificate);
    const signature = sign("sha256", attributes, key);
    const token = await timestamp?.(createHash("sha256").update(signature).digest());
    return encodeSignature({ chain, signedAttributes: attributes, signature, token });
  };
}

function readChain(pem: string): SignatureParts["chain"] {
  const chain = attempt("the certificate that PDFs are signed with cannot be read", () => certificatesIn(pem));
  if (!isChain(chain)) {
    throw new ConfigError("the certificates that PDFs are signed with are no chain", {
      hint: "Put the signer's certificate first into signing.certificate.file, then the one that issued it, and so on.",
    });
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = chain[0].publicKey;
  if (asymmetricKeyType === "rsa" || asymmetricKeyDetails?.namedCurve === "prime256v1") return chain;
  throw new ConfigError("the certificate that PDFs are signed with has a key that readers of PDF do not take", {
    hint: "Use a certificate with an RSA or a P-256 key.",
  });
}

const readKey = (pem: string) => attempt("the certificate's key cannot be read", () => createPrivateKey(pem));

function attempt<T>(problem: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(problem, { cause: error });
  }
}
