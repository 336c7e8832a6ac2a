/** What stands before each message. Source: the protocol guide of Apache Kafka. */
import { KafkaError } from '../kafka-error.ts';
import { apis, type ApiTypes } from './generated/apis.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

export type ApiName = keyof ApiTypes;

export interface RequestHeader {
  readonly apiKey: number;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

interface Api {
  readonly key: number;
  readonly name: ApiName;
  readonly from: number;
  readonly to: number;
  readonly flexibleFrom: number;
}

const byKey = new Map<number, Api>(Object.values(apis).map((api) => [api.key, api]));

export const apiOf = (key: number): Api | undefined => byKey.get(key);

/** The header as far as it has one form in all versions: then `readRequestRest` or a refusal. */
export function readRequestHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16();
  const version = reader.int16();
  const correlationId = reader.int32();
  const clientId = reader.nullableString(false);
  const api = byKey.get(apiKey);
  if (api !== undefined && version >= api.flexibleFrom && version <= api.to) reader.skipTagged();
  return { apiKey, version, correlationId, clientId };
}

export function writeRequestHeader(writer: Writer, name: ApiName, { version, correlationId, clientId }: Omit<RequestHeader, 'apiKey'>): void {
  const api: Api = apis[name];
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  writer.nullableString(clientId, false);
  if (version >= api.flexibleFrom) writer.varint(0);
}

/** Answers to ApiVersions never have tagged fields in their header: who asks does not know yet what the broker speaks. */
const hasTags = (api: Api, version: number): boolean => version >= api.flexibleFrom && api.name !== 'ApiVersions';

/** One whole answer: length, header, message. */
export function writeAnswer<Name extends ApiName>(name: Name, version: number, correlationId: number, message: ApiTypes[Name]['responseInput']): readonly Uint8Array[] {
  const writer = new Writer();
  writer.int32(correlationId);
  if (hasTags(apis[name], version)) writer.varint(0);
  (apis[name].writeResponse as (writer: Writer, message: ApiTypes[Name]['responseInput'], version: number) => void)(writer, message, version);
  return framed(writer);
}

/** One whole request: length, header, message. */
export function writeRequest<Name extends ApiName>(name: Name, header: Omit<RequestHeader, 'apiKey'>, message: ApiTypes[Name]['requestInput']): readonly Uint8Array[] {
  const writer = new Writer();
  writeRequestHeader(writer, name, header);
  (apis[name].writeRequest as (writer: Writer, message: ApiTypes[Name]['requestInput'], version: number) => void)(writer, message, header.version);
  return framed(writer);
}

/** What follows the correlation id. */
export function readAnswer<Name extends ApiName>(name: Name, version: number, reader: Reader): ApiTypes[Name]['response'] {
  if (hasTags(apis[name], version)) reader.skipTagged();
  return apis[name].readResponse(reader, version) as ApiTypes[Name]['response'];
}

/** What follows the header. */
export function readRequest<Name extends ApiName>(name: Name, version: number, reader: Reader): ApiTypes[Name]['request'] {
  const { from, to } = apis[name];
  if (version < from || version > to) throw new KafkaError('UNSUPPORTED_VERSION', `version ${version} of ${name} is not spoken: ${from} to ${to} are`);
  return apis[name].readRequest(reader, version) as ApiTypes[Name]['request'];
}

function framed(writer: Writer): readonly Uint8Array[] {
  const length = Buffer.allocUnsafe(4);
  length.writeInt32BE(writer.length);
  return [length, ...writer.pieces()];
}
