/**
 * Writes generated/: Spark Connect's messages as TypeScript, out of spark-connect.binpb, the protocol's
 * descriptors (FileDescriptorSet, Spark 4.2). The compiler plug-in is fed directly, so protoc is not needed.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const here = import.meta.dirname;
const plugin = join(here, '../../../node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es');
const parameter = 'target=ts,import_extension=ts,erasable_syntax=true';

/** Generated files by path below generated/. Fails when the plug-in does. */
export async function connectMessages(): Promise<ReadonlyMap<string, string>> {
  const descriptors = fromBinary(FileDescriptorSetSchema, await readFile(join(here, 'spark-connect.binpb')));
  const request = create(CodeGeneratorRequestSchema, {
    parameter,
    protoFile: descriptors.file,
    // Google's well-known types come with the runtime.
    fileToGenerate: descriptors.file.map((file) => file.name).filter((name) => !name.startsWith('google/protobuf/')),
    compilerVersion: { major: 7, minor: 0, patch: 0 },
  });
  const ran = spawnSync(process.execPath, [plugin], { input: toBinary(CodeGeneratorRequestSchema, request), maxBuffer: 64 << 20 });
  if (ran.status !== 0) throw new Error(`protoc-gen-es failed: ${String(ran.stderr)}`, { cause: ran.error });
  const response = fromBinary(CodeGeneratorResponseSchema, ran.stdout);
  if (response.error !== '') throw new Error(`protoc-gen-es: ${response.error}`);
  return new Map(response.file.map((file) => [file.name, file.content]));
}

/** Rewrites generated/ as a whole. */
export async function generateConnectMessages(): Promise<void> {
  const files = await connectMessages();
  const target = join(here, 'generated');
  await rm(target, { recursive: true, force: true });
  for (const [name, content] of files) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), content);
  }
}

if (import.meta.main) await generateConnectMessages();
