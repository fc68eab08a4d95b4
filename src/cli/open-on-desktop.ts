import { spawn } from "node:child_process";

/** Opens a file with the desktop's own program, where there is a desktop; says whether it tried. Never waits, never fails. */
export function openOnDesktop(file: string, env: NodeJS.ProcessEnv): boolean {
  const opener = openerFor(process.platform, env);
  if (!opener) return false;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, file], { detached: true, stdio: "ignore" });
  child.on("error", () => undefined);
  child.unref();
  return true;
}

function openerFor(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly [string, ...string[]] | undefined {
  if (env.CI || env.SSH_CONNECTION) return undefined;
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["explorer.exe"];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}
