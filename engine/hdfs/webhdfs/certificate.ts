/** The certificate of HTTPS, from a directory as Kubernetes mounts a Secret of type kubernetes.io/tls. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** PEM. Rejects when a file cannot be read; a renewed certificate is taken at the next start. */
export async function readCertificate(directory: string): Promise<{ readonly cert: string; readonly key: string }> {
  const [cert, key] = await Promise.all([readFile(join(directory, 'tls.crt'), 'utf8'), readFile(join(directory, 'tls.key'), 'utf8')]);
  return { cert, key };
}
