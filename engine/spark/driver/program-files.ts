import { fileURLToPath } from 'node:url';

/**
 * Files that a script's process needs: the runner as a path, and the client as the URL that `import … from 'headrace'` means.
 * `main` is the URL of driver/main.ts in a checkout; in the image it is a chunk of dist/, where both are bundles of their own.
 */
export function programFiles(main: string): { readonly runner: string; readonly client: string } {
  if (main.endsWith('.ts')) return { runner: fileURLToPath(new URL('./script/runner.ts', main)), client: new URL('../client/index.ts', main).href };
  const dist = new URL(main.includes('/chunks/') ? '..' : '.', main);
  return { runner: fileURLToPath(new URL('script/runner.js', dist)), client: new URL('client/index.js', dist).href };
}
