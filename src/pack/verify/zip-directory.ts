import { attachmentFolder } from "../formats.ts";

/** One file of a ZIP, as the central directory says. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  /** Bytes as they lie in the file, and as they are. */
  readonly stored: number;
  readonly size: number;
  /** Where the local header begins. */
  readonly at: number;
}

/** Where the central directory lies. */
export interface ZipEnd {
  readonly at: number;
  readonly length: number;
  readonly entries: number;
}

/** PKWARE's APPNOTE, 4.3: lengths of the fixed parts of its records. */
export const endLength = 22;
export const longEndLength = 56;
export const locatorLength = 20;
export const localLength = 30;
const entryLength = 46;

const most = { entries: 10_000, directory: 16 * 1024 * 1024, total: 64 * 1024 ** 3 };
// What deflate can make of one byte at most.
const ratio = 1032;

/** A ZIP that is not as we write one; the message is for a person. */
export const badZip = (what: string): Error => new Error(what);

/** Finds the end record in the last bytes of a file: its comment must reach exactly to the end. */
export function findEnd(tail: Buffer): number {
  for (let at = tail.length - endLength; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === 0x06054b50 && at + endLength + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  throw badZip("it has no end record: it is not a ZIP, or was cut");
}

/** The end record; undefined where sizes are in the long one (zip64). */
export function readEnd(end: Buffer): ZipEnd | undefined {
  const [disk, start, here, entries] = [4, 6, 8, 10].map((at) => end.readUInt16LE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const [length, at] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  if (entries === 0xffff || length === 0xffffffff || at === 0xffffffff) return undefined;
  return checkedEnd(disk === 0 && start === 0 && here === entries, { at, length, entries });
}

/** Where the long end record begins, from its locator. */
export function readLocator(locator: Buffer): number {
  if (locator.readUInt32LE(0) !== 0x07064b50 || locator.readUInt32LE(4) !== 0 || locator.readUInt32LE(16) !== 1) {
    throw badZip("its zip64 locator is not readable");
  }
  return long(locator, 8);
}

/** The long end record (zip64). */
export function readLongEnd(end: Buffer): ZipEnd {
  if (end.readUInt32LE(0) !== 0x06064b50 || long(end, 4) !== longEndLength - 12) {
    throw badZip("its zip64 end record is not readable");
  }
  const entries = long(end, 32);
  const whole = end.readUInt32LE(16) === 0 && end.readUInt32LE(20) === 0 && long(end, 24) === entries;
  return checkedEnd(whole, { entries, length: long(end, 40), at: long(end, 48) });
}

function checkedEnd(whole: boolean, end: ZipEnd): ZipEnd {
  if (!whole) throw badZip("it is one part of several");
  if (end.entries > most.entries || end.length > most.directory) throw badZip("it lists more files than a bundle has");
  return end;
}

/** The entries of a central directory; throws for names or sizes that no bundle of ours has. */
export function readDirectory(directory: Buffer, end: ZipEnd): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < end.entries; i += 1) {
    if (at + entryLength > directory.length || directory.readUInt32LE(at) !== 0x02014b50)
      throw badZip("its list of files is cut");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      directory.readUInt16LE(at + offset),
    ) as [number, number, number];
    const next = at + entryLength + nameLength + extraLength + commentLength;
    if (next > directory.length) throw badZip("its list of files is cut");
    entries.push(readEntry(directory.subarray(at, next), nameLength, extraLength));
    at = next;
  }
  if (at !== directory.length) throw badZip("its list of files is followed by something else");
  checkTogether(entries, end.at);
  return entries;
}

function readEntry(entry: Buffer, nameLength: number, extraLength: number): ZipEntry {
  const name = entryName(entry.subarray(entryLength, entryLength + nameLength));
  const [flags, method] = [entry.readUInt16LE(8), entry.readUInt16LE(10)];
  if (flags & 0x2041) throw badZip(`${name} in it is encrypted`);
  if (method !== 0 && method !== 8) throw badZip(`${name} in it is compressed in a way that is not known here`);
  // Made on Unix: the upper half holds the file's mode.
  const kind = entry.readUInt8(5) === 3 ? (entry.readUInt16LE(40) & 0o170000) >>> 0 : 0;
  if (kind !== 0 && kind !== 0o100000) throw badZip(`${name} in it is a link or a device`);
  const extra = entry.subarray(entryLength + nameLength, entryLength + nameLength + extraLength);
  const longs = longFields(extra);
  const field = (offset: number): number => {
    const value = entry.readUInt32LE(offset);
    return value === 0xffffffff ? longs(name) : value;
  };
  // In this order stand the long ones, each only where the short one is full (APPNOTE 4.5.3).
  const size = field(24);
  const stored = field(20);
  const at = field(42);
  if (method === 0 && size !== stored) throw badZip(`${name} in it has two lengths`);
  if (size > stored * ratio + ratio) throw badZip(`${name} in it claims to be longer than its bytes can hold`);
  return { name, deflated: method === 8, stored, size, at };
}

function longFields(extra: Buffer): (name: string) => number {
  let values: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 0x0001) values = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let next = 0;
  return (name) => {
    if (next + 8 > values.length) throw badZip(`${name} in it has no length`);
    next += 8;
    return long(values, next - 8);
  };
}

/** A plain name, in the one folder or in none: nothing in it leads anywhere. */
function entryName(bytes: Buffer): string {
  const name = bytes.toString("utf8");
  const plain = name.startsWith(attachmentFolder) ? name.slice(attachmentFolder.length) : name;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(plain)) throw badZip(`${name} in it is no name of a bundle's file`);
  return name;
}

function checkTogether(entries: readonly ZipEntry[], directoryAt: number): void {
  const names = new Set<string>();
  let total = 0;
  for (const { name, size } of entries) {
    // Two names that some systems take for one would hide a file.
    const folded = name.toLowerCase();
    if (names.has(folded)) throw badZip(`${name} is in it twice`);
    names.add(folded);
    total += size;
  }
  if (total > most.total) throw badZip("it claims to hold more than a bundle does");
  let reached = 0;
  for (const { name, at, stored } of [...entries].sort((a, b) => a.at - b.at)) {
    if (at < reached) throw badZip(`${name} in it lies over another file`);
    checkNoRoom(reached, at);
    reached = at + localLength + Buffer.byteLength(name) + stored;
  }
  if (reached > directoryAt) throw badZip("a file in it lies over its list of files");
  checkNoRoom(reached, directoryAt);
}

/** A descriptor may follow a file (APPNOTE 4.3.9); where a header has room, a tool that reads from the start finds a file that the list does not name. */
function checkNoRoom(from: number, to: number): void {
  if (to - from >= localLength) throw badZip("something lies in it that its list of files does not name");
}

function long(buffer: Buffer, at: number): number {
  const value = buffer.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw badZip("it states an impossible length");
  return Number(value);
}
