/** RFC 4648 section 4, padded; runs in browsers too. */
export function toBase64(bytes: Uint8Array): string {
  const chunk = 0x8000;
  let binary = "";
  for (let at = 0; at < bytes.length; at += chunk) binary += String.fromCharCode(...bytes.subarray(at, at + chunk));
  return btoa(binary);
}

/** The bytes that {@link toBase64} wrote as exactly this text; undefined for anything else, so no two texts mean the same. */
export function fromBase64(text: string): Uint8Array | undefined {
  const binary = decoded(text);
  // atob takes missing padding, white space and stray bits too; none of them is written back.
  if (binary === undefined || btoa(binary) !== text) return undefined;
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}

function decoded(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}
