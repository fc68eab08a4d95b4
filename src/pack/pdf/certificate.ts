import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import * as asn1js from "asn1js";
import { AttributeTypeAndValue, BasicConstraints, Certificate, Extension, ExtKeyUsage } from "pkijs";
import { sha256 } from "../../util/hash.ts";

export { certificateFacts } from "./certificate-facts.ts";

/**
 * A certificate that only its owner vouches for, with its key, both PEM, for signing packs as PDF: RSA of 3072 bits,
 * which every reader of PDF takes; valid from `from` (ISO 8601) for so many years.
 */
export async function selfSignedCertificate(options: {
  readonly organisation: string;
  readonly from: string;
  readonly years: number;
}): Promise<{ readonly certificate: string; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    true,
    ["sign", "verify"],
  );
  const from = new Date(options.from);
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + options.years);

  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ valueHex: serialNumber() });
  const name = commonName(options.organisation);
  certificate.subject.typesAndValues.push(name);
  certificate.issuer.typesAndValues.push(name);
  certificate.notBefore.value = from;
  certificate.notAfter.value = to;
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  certificate.extensions = extensions(
    sha256(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView).subarray(0, 20),
  );
  await certificate.sign(keys.privateKey, "SHA-256");
  return {
    certificate: pem("CERTIFICATE", certificate.toSchema().toBER()),
    key: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** The longest common name: RFC 5280, appendix A, ub-common-name. */
const longestName = 64;

function commonName(organisation: string): AttributeTypeAndValue {
  const suffix = " evidence packs (self-signed)";
  const room = longestName - suffix.length;
  const characters = [...organisation];
  const shown =
    characters.length > room
      ? `${characters
          .slice(0, room - 1)
          .join("")
          .trimEnd()}…`
      : organisation;
  return new AttributeTypeAndValue({
    type: "2.5.4.3",
    value: new asn1js.Utf8String({ value: `${shown}${suffix}` }),
  });
}

/** Positive and of full length, as DER wants it. */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}

function extensions(keyIdentifier: Uint8Array): Extension[] {
  const basicConstraints = new BasicConstraints({ cA: false });
  // digitalSignature and nonRepudiation, the first two bits: no more are used, hence six unused ones.
  const keyUsage = new asn1js.BitString({ valueHex: new Uint8Array([0xc0]).buffer, unusedBits: 6 });
  // What readers look for: emailProtection (NSS, which pdfsig uses) and documentSigning (RFC 9336).
  const purposes = new ExtKeyUsage({ keyPurposes: ["1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36"] });
  const subjectKey = new asn1js.OctetString({ valueHex: new Uint8Array(keyIdentifier).buffer });
  return [
    new Extension({ extnID: "2.5.29.19", critical: true, extnValue: basicConstraints.toSchema().toBER() }),
    new Extension({ extnID: "2.5.29.15", critical: true, extnValue: keyUsage.toBER() }),
    new Extension({ extnID: "2.5.29.37", critical: false, extnValue: purposes.toSchema().toBER() }),
    new Extension({ extnID: "2.5.29.14", critical: false, extnValue: subjectKey.toBER() }),
  ];
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
