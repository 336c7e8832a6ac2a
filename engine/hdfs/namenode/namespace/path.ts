/** Paths of the name space, under HDFS's rules. */
import { HdfsError } from '../../hdfs-error.ts';
import { nameBytesMax, pathBytesMax, pathDepthMax } from '../../model.ts';

/** The names between the slashes; empty for the root. Throws `HdfsError` InvalidPathException or PathComponentTooLongException. */
export function componentsOf(path: string): readonly string[] {
  // Half a surrogate pair would not survive being written to an image.
  if (!path.startsWith('/') || !path.isWellFormed()) throw new HdfsError('InvalidPathException', `Invalid path name Invalid file name: ${path}`);
  if (Buffer.byteLength(path) > pathBytesMax) throw new HdfsError('InvalidPathException', `Pathname too long. Limit ${pathBytesMax} characters.`);
  const components = path.split('/').filter((name) => name !== '');
  if (components.length > pathDepthMax) throw new HdfsError('InvalidPathException', `Pathname too deep. Limit ${pathDepthMax} levels.`);
  for (const name of components) {
    // A colon would make a URL of a relative path; NUL ends names elsewhere.
    if (name === '.' || name === '..' || name.includes(':') || name.includes('\0')) throw new HdfsError('InvalidPathException', `Invalid path name Invalid file name: ${path}`);
    const bytes = name.length * 3 <= nameBytesMax ? 0 : Buffer.byteLength(name);
    if (bytes > nameBytesMax) {
      throw new HdfsError('PathComponentTooLongException', `The maximum path component name limit of ${name} in directory ${path.slice(0, path.indexOf(name))} is exceeded: limit=${nameBytesMax} length=${bytes}`);
    }
  }
  return components;
}

export function pathText(components: readonly string[]): string {
  return `/${components.join('/')}`;
}

/** HDFS keeps this name below the root for itself. */
export const reservedName = '.reserved';
