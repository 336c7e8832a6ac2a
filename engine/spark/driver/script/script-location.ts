import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FileError, type FileSystem } from '../../../storage/file-system.ts';
import { parseStorePath } from '../../../storage/path.ts';
import { SparkError } from '../../plan/spark-error.ts';

const downloadBytesMax = 10 * 1024 * 1024;
const downloadTimeoutMs = 30_000;
const extensions = new Set(['.ts', '.mts', '.js', '.mjs']);

export interface ScriptPlaces {
  /** What relative paths are relative to. */
  readonly workingDirectory: string;
  /** Where downloads go. */
  readonly workDir: string;
  /** Maps mounts of embedded pods, and reads what is in HDFS. */
  readonly files: FileSystem;
}

/** URL of the script as a local module. Throws `SparkError` SCRIPT_NOT_FOUND or SCRIPT_DOWNLOAD_FAILED. */
export async function locateScript(location: string, places: ScriptPlaces, signal: AbortSignal): Promise<string> {
  if (/^https?:\/\//i.test(location)) return pathToFileURL(await download(location, places.workDir, signal)).href;
  if (parseStorePath(location) !== undefined) return pathToFileURL(await copyFromStore(location, places)).href;
  const file = places.files.toLocal(resolve(places.workingDirectory, location));
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw notFound(location, 'there is no such file');
  if (!found.isFile()) throw notFound(location, 'it is not a file');
  if (!extensions.has(extname(file))) throw notFound(location, `its name does not end in ${[...extensions].join(', ')}`);
  return pathToFileURL(file).href;
}

async function copyFromStore(location: string, { files, workDir }: ScriptPlaces): Promise<string> {
  const found = await files.stat(location).catch((error: unknown) => {
    if (!(error instanceof FileError)) throw error;
    throw new SparkError({ errorClass: 'SCRIPT_DOWNLOAD_FAILED', sqlState: '58030', message: `The script ${location} cannot be read: ${error.message}.`, cause: error });
  });
  if (found === undefined) throw notFound(location, 'there is no such file');
  if (found.kind !== 'file') throw notFound(location, 'it is not a file');
  if (found.bytes > downloadBytesMax) throw notFound(location, `it is larger than ${downloadBytesMax} bytes`);
  if (!extensions.has(extname(location))) throw notFound(location, `its name does not end in ${[...extensions].join(', ')}`);
  return await placed(workDir, basename(location), await files.read(location));
}

async function placed(workDir: string, name: string, bytes: Uint8Array): Promise<string> {
  const folder = join(workDir, 'script');
  await mkdir(folder, { recursive: true });
  const file = join(folder, extensions.has(extname(name)) ? name : `${name}.ts`);
  await writeFile(file, bytes);
  return file;
}

async function download(location: string, workDir: string, signal: AbortSignal): Promise<string> {
  const shown = withoutCredentials(location);
  const failed = (reason: string, cause?: unknown): SparkError => new SparkError({
    errorClass: 'SCRIPT_DOWNLOAD_FAILED', sqlState: '58030', message: `The script ${shown} cannot be downloaded: ${reason}.`, cause });
  try {
    const response = await fetch(location, { signal: AbortSignal.any([signal, AbortSignal.timeout(downloadTimeoutMs)]) });
    if (!response.ok) throw failed(`the server answered ${response.status} ${response.statusText}`.trimEnd());
    const bytes = await readLimited(response);
    if (bytes === undefined) throw failed(`it is larger than ${downloadBytesMax} bytes`);
    const name = basename(new URL(location).pathname) || 'script';
    return await placed(workDir, name, bytes);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SparkError) throw error;
    if (error instanceof Error && error.name === 'TimeoutError') throw failed(`it took longer than ${downloadTimeoutMs / 1000} s`, error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw failed(cause instanceof Error ? cause.message : String(cause), error);
  }
}

/** Undefined when it is larger than the limit. */
async function readLimited(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > downloadBytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** User, password and query may hold secrets. */
function withoutCredentials(location: string): string {
  if (!URL.canParse(location)) return 'at a malformed URL';
  const { protocol, host, pathname } = new URL(location);
  return `${protocol}//${host}${pathname}`;
}

function notFound(location: string, reason: string): SparkError {
  return new SparkError({ errorClass: 'SCRIPT_NOT_FOUND', sqlState: '58030', message: `The script ${location} cannot be run: ${reason}.` });
}
