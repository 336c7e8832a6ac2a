// Generated from ../tables by `make generate`.
import { type Uuid, zeroUuid } from '../../model.ts';
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface AddRaftVoterRequest {
  readonly clusterId: string | null;
  readonly timeoutMs: number;
  readonly voterId: number;
  readonly voterDirectoryId: Uuid;
  readonly listeners: readonly RequestListener[];
  readonly ackWhenCommitted: boolean;
}
export interface AddRaftVoterRequestInput {
  readonly clusterId?: string | null | undefined;
  readonly timeoutMs?: number | undefined;
  readonly voterId?: number | undefined;
  readonly voterDirectoryId?: Uuid | undefined;
  readonly listeners?: readonly RequestListenerInput[] | undefined;
  readonly ackWhenCommitted?: boolean | undefined;
}

export function readAddRaftVoterRequest(reader: Reader, version: number): AddRaftVoterRequest {
  const flexible = true;
  let clusterId: string | null = '';
  clusterId = reader.nullableString(flexible);
  let timeoutMs: number = 0;
  timeoutMs = reader.int32();
  let voterId: number = 0;
  voterId = reader.int32();
  let voterDirectoryId: Uuid = zeroUuid;
  voterDirectoryId = reader.uuid();
  let listeners: readonly RequestListener[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listListeners: RequestListener[] = [];
    for (; count > 0; count -= 1) listListeners.push(readRequestListener(reader, version));
    listeners = listListeners;
  }
  let ackWhenCommitted: boolean = true;
  if (version >= 1) {
    ackWhenCommitted = reader.bool();
  }
  reader.skipTagged();
  return { clusterId, timeoutMs, voterId, voterDirectoryId, listeners, ackWhenCommitted };
}

export function writeAddRaftVoterRequest(writer: Writer, message: AddRaftVoterRequestInput, version: number): void {
  const flexible = true;
  writer.nullableString(message.clusterId === undefined ? '' : message.clusterId, flexible);
  writer.int32(message.timeoutMs ?? 0);
  writer.int32(message.voterId ?? 0);
  writer.uuid(message.voterDirectoryId ?? zeroUuid);
  {
    const list = message.listeners ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestListener(writer, each, version);
  }
  if (version >= 1) {
    writer.bool(message.ackWhenCommitted ?? true);
  } else if (message.ackWhenCommitted !== undefined && message.ackWhenCommitted !== true) lacks('AddRaftVoterRequest', 'ackWhenCommitted', version);
  writer.varint(0);
}

export interface RequestListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}
export interface RequestListenerInput {
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

export function readRequestListener(reader: Reader, version: number): RequestListener {
  const flexible = true;
  let name: string = '';
  name = reader.string(flexible);
  let host: string = '';
  host = reader.string(flexible);
  let port: number = 0;
  port = reader.uint16();
  reader.skipTagged();
  return { name, host, port };
}

export function writeRequestListener(writer: Writer, message: RequestListenerInput, version: number): void {
  const flexible = true;
  writer.string(message.name ?? '', flexible);
  writer.string(message.host ?? '', flexible);
  writer.uint16(message.port ?? 0);
  writer.varint(0);
}

export interface AddRaftVoterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface AddRaftVoterResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readAddRaftVoterResponse(reader: Reader, version: number): AddRaftVoterResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage };
}

export function writeAddRaftVoterResponse(writer: Writer, message: AddRaftVoterResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.varint(0);
}
