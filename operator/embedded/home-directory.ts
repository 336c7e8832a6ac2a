/** Where the embedded mode keeps logs and volumes. */
import { createHash } from 'node:crypto';
import { access, constants, mkdir, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';

export interface HomeDirectory {
  /** Absolute, without links. */
  readonly path: string;
  /** Lets another run use it. */
  close(): Promise<void>;
}

/** `given`, else `.headrace` in the working directory, else (where that cannot be written) `headrace` in XDG's data directory. */
export async function defaultHome(given: string | undefined, workingDirectory: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  if (given !== undefined) return given;
  const writable = await access(workingDirectory, constants.W_OK).then(() => true, () => false);
  return writable ? join(workingDirectory, '.headrace') : join(env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? '/tmp', '.local', 'share'), 'headrace');
}

/** Creates the directory and keeps other runs out of it: two would write each other's pods. Throws when it is in use. */
export async function openHome(path: string): Promise<HomeDirectory> {
  await mkdir(path, { recursive: true });
  const real = await realpath(path);
  const lock = await lockOf(real);
  await writeFile(join(real, '.gitignore'), '*\n');
  return { path: real, close: () => new Promise((resolve) => lock.close(() => resolve())) };
}

/** A socket of Linux's abstract namespace: the kernel gives it up whatever happens to this process. */
function lockOf(path: string): Promise<Server> {
  const name = `\0headrace-home-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE'
      ? new Error(`another run uses ${path}: wait for it to end, or choose another home directory`)
      : error));
    server.listen(name, () => {
      server.unref();
      resolve(server);
    });
  });
}
