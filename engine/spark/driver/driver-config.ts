import { readFile } from 'node:fs/promises';
import { applicationFileSchema, environment, path as defaultPath, type ApplicationFile } from '../../contract.ts';

/** What the driver was started with; the environment names are those of engine/contract.ts. */
export interface DriverConfig {
  readonly application: ApplicationFile;
  readonly secret: Uint8Array;
  readonly listenHost: string;
  readonly cores: number;
  readonly workDir: string;
  readonly mounts: Readonly<Record<string, string>>;
  /** Embedded pods: end when standard input does, because the parent is gone. */
  readonly watchStdin: boolean;
}

/** The operator or the manifest got something wrong that no retry mends. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const secretBytesMin = 16;
const applicationBytesMax = 4 << 20;

/** Reads and checks everything. Throws `ConfigurationError` naming the variable or file. */
export async function readDriverConfig(env: NodeJS.ProcessEnv): Promise<DriverConfig> {
  const application = await readApplicationFile(env[environment.applicationFile] ?? defaultPath.applicationFile);
  const secretFile = env[environment.secretFile] ?? defaultPath.secretFile;
  const secret = (await readText(secretFile, 'the secret')).trim();
  if (secret.length < secretBytesMin) throw new ConfigurationError(`the secret in ${secretFile} is shorter than ${secretBytesMin} characters`);
  return {
    application, secret: new TextEncoder().encode(secret),
    listenHost: env[environment.listenHost] ?? '0.0.0.0',
    cores: wholeNumber(environment.cores, env[environment.cores] ?? '1'),
    workDir: env[environment.workDir] ?? defaultPath.workDir,
    mounts: readMounts(env[environment.mounts]),
    watchStdin: env[environment.parentWatch] === 'stdin',
  };
}

/** Before the configuration is known to be good: where the last word goes. */
export function terminationFileOf(env: NodeJS.ProcessEnv): string {
  return env[environment.terminationFile] ?? defaultPath.terminationFile;
}

async function readApplicationFile(file: string): Promise<ApplicationFile> {
  const text = await readText(file, 'the application');
  if (text.length > applicationBytesMax) throw new ConfigurationError(`${file} is larger than ${applicationBytesMax} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const parsed = applicationFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`).join('; ');
  throw new ConfigurationError(`${file} is not an application: ${problems}`);
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`cannot read ${what} from ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1024) throw new ConfigurationError(`${name} is '${text}', not a whole number from 1 to 1024`);
  return value;
}

function readMounts(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined || text === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${environment.mounts} is not JSON`, { cause });
  }
  if (typeof json !== 'object' || json === null || !Object.values(json).every((value) => typeof value === 'string')) {
    throw new ConfigurationError(`${environment.mounts} is not an object from path to path`);
  }
  return json as Readonly<Record<string, string>>;
}
