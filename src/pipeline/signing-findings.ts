import { createPrivateKey, X509Certificate } from "node:crypto";
import { accessSync, constants } from "node:fs";
import type { Config, Signing } from "../config/config.ts";
import { fingerprint } from "../ledger/signing-key.ts";
import { certificateFacts } from "../pack/pdf/certificate.ts";
import type { Clock } from "../util/clock.ts";
import { FlowproofError } from "../util/errors.ts";
import { signerOf } from "./signer.ts";
import type { DoctorFinding } from "./types.ts";

/** How long before its end a certificate is spoken of. */
const warnDays = 30;

// In a folder of its own, as `init` overwrites nothing; with npx, so that nobody adds the configuration in use.
const makeKeys = "`mkdir keys && npx flowproof init -c keys/flowproof.config.yaml`";

/** What signing needs: the key, the certificate for the PDF, the authority that says when; each with what to do. */
export function signingFindings(
  config: Pick<Config, "signing">,
  { clock }: { readonly clock: Clock },
): readonly DoctorFinding[] {
  const subject = "signing";
  const { signing } = config;
  if (!signing) {
    const message = "not configured: checkpoints are not signed, and packs stay drafts";
    const todo = `Make keys with ${makeKeys}, and name them under \`signing\`.`;
    return [{ subject, ok: "warn", message, todo }];
  }
  return [
    found(subject, "Write the key there, or correct `signing`.", () => keyFinding(config)),
    found(`${subject}: certificate`, "Correct `certificate` under `signing`.", () =>
      certificateFinding(signing, clock()),
    ),
    found(`${subject}: timestamp`, "Write the authority's root certificates there.", () => timestampFinding(signing)),
  ];
}

type Found = Omit<DoctorFinding, "subject">;

function found(subject: string, todo: string, look: () => Found): DoctorFinding {
  try {
    return { subject, ...look() };
  } catch (error) {
    const hint = error instanceof FlowproofError ? error.hint : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { subject, ok: "fail", message, todo: hint ?? todo };
  }
}

function keyFinding(config: Pick<Config, "signing">): Found {
  const key = signerOf(config);
  // Reading it would have refused a file that others can read.
  const message = `${key?.name}: the key with the SHA-256 fingerprint ${key && fingerprint(key.publicKey)}, readable by its owner only`;
  return { ok: "ok", message };
}

function certificateFinding({ certificate }: Signing, now: Date): Found {
  if (!certificate) {
    const todo = `Set \`certificate\`; ${makeKeys} makes a self-signed one.`;
    return { ok: "warn", message: "none is configured: the PDF of an issued pack cannot be signed", todo };
  }
  const chain = certificate.readChain();
  const { subject, issuer, selfSigned, notAfter } = certificateFacts(chain);
  if (!new X509Certificate(chain).checkPrivateKey(createPrivateKey(certificate.readKey()))) {
    return { ok: "fail", message: `the key is not that of the certificate of ${subject}`, todo: "Name its own key." };
  }
  const by = selfSigned ? "self-signed, so readers call its owner unknown" : `issued by ${issuer}`;
  const message = `${subject}, ${by}, valid until ${notAfter}`;
  const days = (Date.parse(notAfter) - now.getTime()) / 86_400_000;
  if (days < 0) return { ok: "fail", message: `${subject}, ${by}, expired at ${notAfter}`, todo: "Renew it." };
  return days < warnDays ? { ok: "warn", message, todo: "Renew it in time." } : { ok: "ok", message };
}

function timestampFinding({ timestamp }: Signing): Found {
  if (!timestamp) {
    const todo = "Set `timestamp`, or accept that packs say so.";
    return { ok: "warn", message: "no authority is configured: only this machine's clock says when", todo };
  }
  accessSync(timestamp.trust, constants.R_OK);
  return { ok: "ok", message: `${timestamp.url}, trusted by ${timestamp.trust}` };
}
