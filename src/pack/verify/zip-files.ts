import { type FileHandle, open } from "node:fs/promises";
import { createInflateRaw } from "node:zlib";
import type { PackFiles } from "./pack-files.ts";
import {
  badZip,
  endLength,
  findEnd,
  localLength,
  locatorLength,
  longEndLength,
  readDirectory,
  readEnd,
  readLocator,
  readLongEnd,
  type ZipEnd,
  type ZipEntry,
} from "./zip-directory.ts";

const pieceLength = 64 * 1024;

/** The files of a ZIP on the disk, read piece by piece. Throws for one that is cut, hides names, or is made to be unpacked without end. */
export async function zipFiles(path: string): Promise<PackFiles> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const end = await endOf(file, size);
    const entries = new Map(
      readDirectory(await bytesAt(file, end.at, end.length), end).map((entry) => [entry.name, entry]),
    );
    return {
      names: [...entries.keys()].sort(),
      open(name) {
        const entry = entries.get(name);
        if (!entry) throw badZip(`there is no ${name}`);
        return unpacked(file, entry);
      },
      problems: [],
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function endOf(file: FileHandle, size: number): Promise<ZipEnd> {
  const tailAt = Math.max(0, size - endLength - 0xffff);
  const tail = await bytesAt(file, tailAt, size - tailAt);
  const endInTail = findEnd(tail);
  const endAt = tailAt + endInTail;
  const end = readEnd(tail.subarray(endInTail, endInTail + endLength));
  if (end) return reaching(end, endAt);
  const locatorAt = endAt - locatorLength;
  const longAt = readLocator(await bytesAt(file, locatorAt, locatorLength));
  if (longAt + longEndLength !== locatorAt) throw badZip("its zip64 end record is not where it must be");
  return reaching(readLongEnd(await bytesAt(file, longAt, longEndLength)), longAt);
}

/** Nothing may lie between the list of files and what ends it. */
function reaching(end: ZipEnd, endAt: number): ZipEnd {
  if (end.at + end.length !== endAt) throw badZip("its list of files is not where it must be");
  return end;
}

async function* unpacked(file: FileHandle, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const header = await bytesAt(file, entry.at, localLength);
  const nameLength = header.readUInt16LE(26);
  const name = await bytesAt(file, entry.at + localLength, nameLength);
  if (header.readUInt32LE(0) !== 0x04034b50 || name.toString("utf8") !== entry.name) {
    throw badZip("its two headers in the ZIP differ");
  }
  const from = entry.at + localLength + nameLength + header.readUInt16LE(28);
  const stored = pieces(file, from, entry.stored);
  let length = 0;
  for await (const chunk of entry.deflated ? inflated(stored) : stored) {
    length += chunk.length;
    if (length > entry.size) throw badZip("it is longer than the ZIP says");
    yield chunk;
  }
  if (length !== entry.size) throw badZip("it is shorter than the ZIP says");
}

async function* inflated(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: pieceLength });
  const feeding = feed(inflate, stored);
  feeding.catch((error: Error) => inflate.destroy(error));
  for await (const chunk of inflate) yield chunk as Uint8Array;
  await feeding;
}

async function feed(inflate: NodeJS.WritableStream, stored: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of stored) {
    if (!inflate.write(piece)) await new Promise((resolve) => inflate.once("drain", resolve));
  }
  inflate.end();
}

async function* pieces(file: FileHandle, from: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += pieceLength) {
    yield await bytesAt(file, from + at, Math.min(pieceLength, length - at));
  }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  if (at < 0) throw badZip("it is cut");
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw badZip("it is cut");
    done += bytesRead;
  }
  return bytes;
}
