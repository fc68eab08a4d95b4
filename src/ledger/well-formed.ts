/** Whether the value can be the size of a tree that something is proven of. */
export const isSize = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/** Whether every one has the length of a SHA-256. */
export const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === 32);
