/**
 * Work that asks for SHA-256 of whole inputs, a batch at a time, and is given the hashes in the order of the inputs. So
 * the same steps run on node:crypto, which answers at once, and on a browser's WebCrypto, which answers later.
 */
export type Hashing<T> = Generator<readonly Uint8Array[], T, readonly Uint8Array[]>;

/** Takes the steps with a SHA-256 that answers at once, and gives what they come to. */
export function hashSync<T>(sha256: (input: Uint8Array) => Uint8Array, steps: Hashing<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next(step.value.map((input) => sha256(input)));
  return step.value;
}

/** Takes the steps with a SHA-256 that answers later; the inputs of one batch are asked for together. */
export async function hashAsync<T>(digest: (input: Uint8Array) => Promise<Uint8Array>, steps: Hashing<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) step = steps.next(await Promise.all(step.value.map((input) => digest(input))));
  return step.value;
}
