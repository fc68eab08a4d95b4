import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

// Magic numbers of Linux, statfs(2): https://man7.org/linux/man-pages/man2/statfs.2.html
const network: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x517b, "SMB"],
  [0x65735546, "FUSE"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x00c36400, "Ceph"],
  [0x01021997, "9p"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x786f4256, "vboxsf"],
]);

/** The name of the network file system that a path lies on, or will; undefined on a local disk. `fileSystemOf` gives the kernel's number of the one that a folder lies on, which is known on Linux only. */
export function networkFileSystem(path: string, fileSystemOf = kernelsNumber): string | undefined {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  // The kernel's number is signed on some architectures.
  return network.get(fileSystemOf(there) >>> 0);
}

function kernelsNumber(folder: string): number {
  return process.platform === "linux" ? Number(statfsSync(folder).type) : 0;
}
