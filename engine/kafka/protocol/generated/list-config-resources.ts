// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ListConfigResourcesRequest {
  readonly resourceTypes: readonly number[];
}
export interface ListConfigResourcesRequestInput {
  readonly resourceTypes?: readonly number[] | undefined;
}

export function readListConfigResourcesRequest(reader: Reader, version: number): ListConfigResourcesRequest {
  const flexible = true;
  let resourceTypes: readonly number[] = [];
  if (version >= 1) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listResourceTypes: number[] = [];
      for (; count > 0; count -= 1) listResourceTypes.push(reader.int8());
      resourceTypes = listResourceTypes;
    }
  }
  reader.skipTagged();
  return { resourceTypes };
}

export function writeListConfigResourcesRequest(writer: Writer, message: ListConfigResourcesRequestInput, version: number): void {
  const flexible = true;
  if (version >= 1) {
    {
      const list = message.resourceTypes ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writer.int8(each);
    }
  } else if (message.resourceTypes !== undefined && message.resourceTypes.length > 0) lacks('ListConfigResourcesRequest', 'resourceTypes', version);
  writer.varint(0);
}

export interface ListConfigResourcesResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly configResources: readonly ResponseConfigResource[];
}
export interface ListConfigResourcesResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly configResources?: readonly ResponseConfigResourceInput[] | undefined;
}

export function readListConfigResourcesResponse(reader: Reader, version: number): ListConfigResourcesResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let configResources: readonly ResponseConfigResource[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listConfigResources: ResponseConfigResource[] = [];
    for (; count > 0; count -= 1) listConfigResources.push(readResponseConfigResource(reader, version));
    configResources = listConfigResources;
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, configResources };
}

export function writeListConfigResourcesResponse(writer: Writer, message: ListConfigResourcesResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  {
    const list = message.configResources ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseConfigResource(writer, each, version);
  }
  writer.varint(0);
}

export interface ResponseConfigResource {
  readonly resourceName: string;
  readonly resourceType: number;
}
export interface ResponseConfigResourceInput {
  readonly resourceName?: string | undefined;
  readonly resourceType?: number | undefined;
}

export function readResponseConfigResource(reader: Reader, version: number): ResponseConfigResource {
  const flexible = true;
  let resourceName: string = '';
  resourceName = reader.string(flexible);
  let resourceType: number = 16;
  if (version >= 1) {
    resourceType = reader.int8();
  }
  reader.skipTagged();
  return { resourceName, resourceType };
}

export function writeResponseConfigResource(writer: Writer, message: ResponseConfigResourceInput, version: number): void {
  const flexible = true;
  writer.string(message.resourceName ?? '', flexible);
  if (version >= 1) {
    writer.int8(message.resourceType ?? 16);
  }
  writer.varint(0);
}
