import { certificateFacts } from "../pack/pdf/certificate-facts.ts";
import { signPdf } from "../pack/pdf/sign.ts";
import type { IssueView } from "../report/index.ts";
import { requestTimestamp } from "./timestamp.ts";
import type { PipelineContext } from "./types.ts";

/** Whom the configured certificate names; null where none is configured. Throws ConfigError where it cannot be read. */
export function certificateOf({ config }: PipelineContext): IssueView["certificate"] {
  const chain = config.signing?.certificate?.readChain();
  return chain === undefined ? null : certificateFacts(chain);
}

/** What signs a PDF with the configured certificate, for spreading; empty where there is none. */
export function pdfSigning(
  ctx: PipelineContext,
  { by, role, at }: IssueView,
): { readonly signPdf?: (pdf: Uint8Array) => Promise<Uint8Array> } {
  const { certificate, timestamp } = ctx.config.signing ?? {};
  if (!certificate) return {};
  const signer = {
    chain: certificate.readChain(),
    key: certificate.readKey(),
    ...(timestamp && {
      timestamp: async (digest: Uint8Array) => {
        const given = await requestTimestamp(ctx, digest);
        return "token" in given ? given.token : undefined;
      },
    }),
  };
  const name = `${by}, ${role}`;
  return { signPdf: (pdf) => signPdf(pdf, signer, { name, reason: "Issued as management's evidence", at }) };
}
