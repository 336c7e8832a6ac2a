// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface DescribeClusterRequest {
  readonly includeClusterAuthorizedOperations: boolean;
  readonly endpointType: number;
  readonly includeFencedBrokers: boolean;
}
export interface DescribeClusterRequestInput {
  readonly includeClusterAuthorizedOperations?: boolean | undefined;
  readonly endpointType?: number | undefined;
  readonly includeFencedBrokers?: boolean | undefined;
}

export function readDescribeClusterRequest(reader: Reader, version: number): DescribeClusterRequest {
  let includeClusterAuthorizedOperations: boolean = false;
  includeClusterAuthorizedOperations = reader.bool();
  let endpointType: number = 1;
  if (version >= 1) {
    endpointType = reader.int8();
  }
  let includeFencedBrokers: boolean = false;
  if (version >= 2) {
    includeFencedBrokers = reader.bool();
  }
  reader.skipTagged();
  return { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers };
}

export function writeDescribeClusterRequest(writer: Writer, message: DescribeClusterRequestInput, version: number): void {
  writer.bool(message.includeClusterAuthorizedOperations ?? false);
  if (version >= 1) {
    writer.int8(message.endpointType ?? 1);
  } else if (message.endpointType !== undefined && message.endpointType !== 1) lacks('DescribeClusterRequest', 'endpointType', version);
  if (version >= 2) {
    writer.bool(message.includeFencedBrokers ?? false);
  } else if (message.includeFencedBrokers !== undefined && message.includeFencedBrokers !== false) lacks('DescribeClusterRequest', 'includeFencedBrokers', version);
  writer.varint(0);
}

export interface DescribeClusterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly endpointType: number;
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly ResponseDescribeClusterBroker[];
  readonly clusterAuthorizedOperations: number;
}
export interface DescribeClusterResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly endpointType?: number | undefined;
  readonly clusterId?: string | undefined;
  readonly controllerId?: number | undefined;
  readonly brokers?: readonly ResponseDescribeClusterBrokerInput[] | undefined;
  readonly clusterAuthorizedOperations?: number | undefined;
}

export function readDescribeClusterResponse(reader: Reader, version: number): DescribeClusterResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = null;
  errorMessage = reader.nullableString(flexible);
  let endpointType: number = 1;
  if (version >= 1) {
    endpointType = reader.int8();
  }
  let clusterId: string = '';
  clusterId = reader.string(flexible);
  let controllerId: number = -1;
  controllerId = reader.int32();
  let brokers: readonly ResponseDescribeClusterBroker[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listBrokers: ResponseDescribeClusterBroker[] = [];
    for (; count > 0; count -= 1) listBrokers.push(readResponseDescribeClusterBroker(reader, version));
    brokers = listBrokers;
  }
  let clusterAuthorizedOperations: number = -2147483648;
  clusterAuthorizedOperations = reader.int32();
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, endpointType, clusterId, controllerId, brokers, clusterAuthorizedOperations };
}

export function writeDescribeClusterResponse(writer: Writer, message: DescribeClusterResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? null : message.errorMessage, flexible);
  if (version >= 1) {
    writer.int8(message.endpointType ?? 1);
  } else if (message.endpointType !== undefined && message.endpointType !== 1) lacks('DescribeClusterResponse', 'endpointType', version);
  writer.string(message.clusterId ?? '', flexible);
  writer.int32(message.controllerId ?? -1);
  {
    const list = message.brokers ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseDescribeClusterBroker(writer, each, version);
  }
  writer.int32(message.clusterAuthorizedOperations ?? -2147483648);
  writer.varint(0);
}

export interface ResponseDescribeClusterBroker {
  readonly brokerId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  readonly isFenced: boolean;
}
export interface ResponseDescribeClusterBrokerInput {
  readonly brokerId?: number | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly rack?: string | null | undefined;
  readonly isFenced?: boolean | undefined;
}

export function readResponseDescribeClusterBroker(reader: Reader, version: number): ResponseDescribeClusterBroker {
  const flexible = true;
  let brokerId: number = 0;
  brokerId = reader.int32();
  let host: string = '';
  host = reader.string(flexible);
  let port: number = 0;
  port = reader.int32();
  let rack: string | null = null;
  rack = reader.nullableString(flexible);
  let isFenced: boolean = false;
  if (version >= 2) {
    isFenced = reader.bool();
  }
  reader.skipTagged();
  return { brokerId, host, port, rack, isFenced };
}

export function writeResponseDescribeClusterBroker(writer: Writer, message: ResponseDescribeClusterBrokerInput, version: number): void {
  const flexible = true;
  writer.int32(message.brokerId ?? 0);
  writer.string(message.host ?? '', flexible);
  writer.int32(message.port ?? 0);
  writer.nullableString(message.rack === undefined ? null : message.rack, flexible);
  if (version >= 2) {
    writer.bool(message.isFenced ?? false);
  } else if (message.isFenced !== undefined && message.isFenced !== false) lacks('DescribeClusterResponse', 'isFenced', version);
  writer.varint(0);
}
