/** What bears it is no part of the content: exactly four elements, each once and in its place. */
export const sealAttribute = "data-seal";

/**
 * The line of verification as it lies in the file, first in the body. It is part of the format, character by character:
 * whoever verifies knows by it that nobody wrote a result into it.
 */
export const sealedLine =
  '<p data-seal="line" class="seal" role="status">Not checked here: this browser ran no script of this document. To check it, run node verify.mjs pack.html; VERIFY.txt says how.</p>';

/**
 * What the scripts at the end of the body begin with, in their order, after the `<`: the verifier holds these texts
 * itself, and a script may not hold the beginning of another.
 */
export const sealedScript = {
  proof: 'script data-seal="proof" type="application/json">',
  envelope: 'script data-seal="envelope" type="application/json">',
  verifier: 'script data-seal="verifier">',
} as const;
