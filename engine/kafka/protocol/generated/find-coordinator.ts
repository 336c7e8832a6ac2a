// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface FindCoordinatorRequest {
  readonly key: string;
  readonly keyType: number;
  readonly coordinatorKeys: readonly string[];
}
export interface FindCoordinatorRequestInput {
  readonly key?: string | undefined;
  readonly keyType?: number | undefined;
  readonly coordinatorKeys?: readonly string[] | undefined;
}

export function readFindCoordinatorRequest(reader: Reader, version: number): FindCoordinatorRequest {
  const flexible = version >= 3;
  let key: string = '';
  if (version <= 3) {
    key = reader.string(flexible);
  }
  let keyType: number = 0;
  if (version >= 1) {
    keyType = reader.int8();
  }
  let coordinatorKeys: readonly string[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listCoordinatorKeys: string[] = [];
      for (; count > 0; count -= 1) listCoordinatorKeys.push(reader.string(flexible));
      coordinatorKeys = listCoordinatorKeys;
    }
  }
  if (flexible) reader.skipTagged();
  return { key, keyType, coordinatorKeys };
}

export function writeFindCoordinatorRequest(writer: Writer, message: FindCoordinatorRequestInput, version: number): void {
  const flexible = version >= 3;
  if (version <= 3) {
    writer.string(message.key ?? '', flexible);
  } else if (message.key !== undefined && message.key !== '') lacks('FindCoordinatorRequest', 'key', version);
  if (version >= 1) {
    writer.int8(message.keyType ?? 0);
  } else if (message.keyType !== undefined && message.keyType !== 0) lacks('FindCoordinatorRequest', 'keyType', version);
  if (version >= 4) {
    {
      const list = message.coordinatorKeys ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.string(each, flexible);
    }
  } else if (message.coordinatorKeys !== undefined && message.coordinatorKeys.length > 0) lacks('FindCoordinatorRequest', 'coordinatorKeys', version);
  if (flexible) writer.varint(0);
}

export interface FindCoordinatorResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly coordinators: readonly ResponseCoordinator[];
}
export interface FindCoordinatorResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly nodeId?: number | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly coordinators?: readonly ResponseCoordinatorInput[] | undefined;
}

export function readFindCoordinatorResponse(reader: Reader, version: number): FindCoordinatorResponse {
  const flexible = version >= 3;
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let errorCode: number = 0;
  if (version <= 3) {
    errorCode = reader.int16();
  }
  let errorMessage: string | null = '';
  if (version >= 1 && version <= 3) {
    errorMessage = reader.nullableString(flexible);
  }
  let nodeId: number = 0;
  if (version <= 3) {
    nodeId = reader.int32();
  }
  let host: string = '';
  if (version <= 3) {
    host = reader.string(flexible);
  }
  let port: number = 0;
  if (version <= 3) {
    port = reader.int32();
  }
  let coordinators: readonly ResponseCoordinator[] = [];
  if (version >= 4) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listCoordinators: ResponseCoordinator[] = [];
      for (; count > 0; count -= 1) listCoordinators.push(readResponseCoordinator(reader, version));
      coordinators = listCoordinators;
    }
  }
  if (flexible) reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, nodeId, host, port, coordinators };
}

export function writeFindCoordinatorResponse(writer: Writer, message: FindCoordinatorResponseInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  if (version <= 3) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('FindCoordinatorResponse', 'errorCode', version);
  if (version >= 1 && version <= 3) {
    writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  }
  if (version <= 3) {
    writer.int32(message.nodeId ?? 0);
  } else if (message.nodeId !== undefined && message.nodeId !== 0) lacks('FindCoordinatorResponse', 'nodeId', version);
  if (version <= 3) {
    writer.string(message.host ?? '', flexible);
  } else if (message.host !== undefined && message.host !== '') lacks('FindCoordinatorResponse', 'host', version);
  if (version <= 3) {
    writer.int32(message.port ?? 0);
  } else if (message.port !== undefined && message.port !== 0) lacks('FindCoordinatorResponse', 'port', version);
  if (version >= 4) {
    {
      const list = message.coordinators ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseCoordinator(writer, each, version);
    }
  } else if (message.coordinators !== undefined && message.coordinators.length > 0) lacks('FindCoordinatorResponse', 'coordinators', version);
  if (flexible) writer.varint(0);
}

export interface ResponseCoordinator {
  readonly key: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseCoordinatorInput {
  readonly key?: string | undefined;
  readonly nodeId?: number | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseCoordinator(reader: Reader, version: number): ResponseCoordinator {
  const flexible = version >= 3;
  let key: string = '';
  if (version >= 4) {
    key = reader.string(flexible);
  }
  let nodeId: number = 0;
  if (version >= 4) {
    nodeId = reader.int32();
  }
  let host: string = '';
  if (version >= 4) {
    host = reader.string(flexible);
  }
  let port: number = 0;
  if (version >= 4) {
    port = reader.int32();
  }
  let errorCode: number = 0;
  if (version >= 4) {
    errorCode = reader.int16();
  }
  let errorMessage: string | null = '';
  if (version >= 4) {
    errorMessage = reader.nullableString(flexible);
  }
  if (flexible) reader.skipTagged();
  return { key, nodeId, host, port, errorCode, errorMessage };
}

export function writeResponseCoordinator(writer: Writer, message: ResponseCoordinatorInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 4) {
    writer.string(message.key ?? '', flexible);
  } else if (message.key !== undefined && message.key !== '') lacks('FindCoordinatorResponse', 'key', version);
  if (version >= 4) {
    writer.int32(message.nodeId ?? 0);
  } else if (message.nodeId !== undefined && message.nodeId !== 0) lacks('FindCoordinatorResponse', 'nodeId', version);
  if (version >= 4) {
    writer.string(message.host ?? '', flexible);
  } else if (message.host !== undefined && message.host !== '') lacks('FindCoordinatorResponse', 'host', version);
  if (version >= 4) {
    writer.int32(message.port ?? 0);
  } else if (message.port !== undefined && message.port !== 0) lacks('FindCoordinatorResponse', 'port', version);
  if (version >= 4) {
    writer.int16(message.errorCode ?? 0);
  } else if (message.errorCode !== undefined && message.errorCode !== 0) lacks('FindCoordinatorResponse', 'errorCode', version);
  if (version >= 4) {
    writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  }
  if (flexible) writer.varint(0);
}
