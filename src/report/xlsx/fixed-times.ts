const endOfDirectory = "PK\u0005\u0006";
/** 1 January 1980, 00:00: the earliest a ZIP can state. */
const earliest = 0x0021_0000;

/** The ZIP with every file's time set to the same: the moment of writing shows nowhere. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3 and 4.4 */
export function withFixedTimes(zip: Uint8Array): Uint8Array {
  const bytes = Buffer.from(zip);
  const end = bytes.lastIndexOf(endOfDirectory, undefined, "latin1");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    bytes.writeUInt32LE(earliest, at + 12);
    bytes.writeUInt32LE(earliest, bytes.readUInt32LE(at + 42) + 10);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return bytes;
}
