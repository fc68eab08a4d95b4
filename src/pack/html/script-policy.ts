import { sha256 } from "../verify/sha256.ts";

/** What the policy of a rendered document begins with: nothing is allowed but what follows. */
export const policyStart = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; `;

/** The directive that lets exactly this script run. */
export const scriptPolicy = (script: string): string =>
  `script-src 'sha256-${Buffer.from(sha256(Buffer.from(script, "utf8"))).toString("base64")}'`;

/** The document with a policy that lets this script run, by its hash, and nothing else. Throws where its policy does not forbid everything first. */
export function allowingScript(html: string, script: string): string {
  if (html.split(policyStart).length !== 2) throw new Error("the pack has no policy that forbids everything first");
  return html.replace(policyStart, () => `${policyStart}${scriptPolicy(script)}; `);
}
