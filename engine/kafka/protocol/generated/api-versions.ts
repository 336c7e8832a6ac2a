// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface ApiVersionsRequest {
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
  readonly clusterId: string | null;
  readonly nodeId: number;
}
export interface ApiVersionsRequestInput {
  readonly clientSoftwareName?: string | undefined;
  readonly clientSoftwareVersion?: string | undefined;
  readonly clusterId?: string | null | undefined;
  readonly nodeId?: number | undefined;
}

export function readApiVersionsRequest(reader: Reader, version: number): ApiVersionsRequest {
  const flexible = version >= 3;
  let clientSoftwareName: string = '';
  if (version >= 3) {
    clientSoftwareName = reader.string(flexible);
  }
  let clientSoftwareVersion: string = '';
  if (version >= 3) {
    clientSoftwareVersion = reader.string(flexible);
  }
  let clusterId: string | null = null;
  if (version >= 5) {
    clusterId = reader.nullableString(flexible);
  }
  let nodeId: number = -1;
  if (version >= 5) {
    nodeId = reader.int32();
  }
  if (flexible) reader.skipTagged();
  return { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId };
}

export function writeApiVersionsRequest(writer: Writer, message: ApiVersionsRequestInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 3) {
    writer.string(message.clientSoftwareName ?? '', flexible);
  }
  if (version >= 3) {
    writer.string(message.clientSoftwareVersion ?? '', flexible);
  }
  if (version >= 5) {
    writer.nullableString(message.clusterId === undefined ? null : message.clusterId, flexible);
  }
  if (version >= 5) {
    writer.int32(message.nodeId ?? -1);
  }
  if (flexible) writer.varint(0);
}

export interface ApiVersionsResponse {
  readonly errorCode: number;
  readonly apiKeys: readonly ResponseApiVersion[];
  readonly throttleTimeMs: number;
  readonly supportedFeatures: readonly ResponseSupportedFeatureKey[];
  readonly finalizedFeaturesEpoch: number;
  readonly finalizedFeatures: readonly ResponseFinalizedFeatureKey[];
  readonly zkMigrationReady: boolean;
}
export interface ApiVersionsResponseInput {
  readonly errorCode?: number | undefined;
  readonly apiKeys?: readonly ResponseApiVersionInput[] | undefined;
  readonly throttleTimeMs?: number | undefined;
  readonly supportedFeatures?: readonly ResponseSupportedFeatureKeyInput[] | undefined;
  readonly finalizedFeaturesEpoch?: number | undefined;
  readonly finalizedFeatures?: readonly ResponseFinalizedFeatureKeyInput[] | undefined;
  readonly zkMigrationReady?: boolean | undefined;
}

export function readApiVersionsResponse(reader: Reader, version: number): ApiVersionsResponse {
  const flexible = version >= 3;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let apiKeys: readonly ResponseApiVersion[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listApiKeys: ResponseApiVersion[] = [];
    for (; count > 0; count -= 1) listApiKeys.push(readResponseApiVersion(reader, version));
    apiKeys = listApiKeys;
  }
  let throttleTimeMs: number = 0;
  if (version >= 1) {
    throttleTimeMs = reader.int32();
  }
  let supportedFeatures: readonly ResponseSupportedFeatureKey[] = [];
  let finalizedFeaturesEpoch: number = -1;
  let finalizedFeatures: readonly ResponseFinalizedFeatureKey[] = [];
  let zkMigrationReady: boolean = false;
  if (flexible) reader.tagged((tag) => {
    switch (tag) {
      case 0:
        if (!(version >= 3)) return false;
        {
          let count = reader.notNull(reader.arrayLength(flexible));
          const listSupportedFeatures: ResponseSupportedFeatureKey[] = [];
          for (; count > 0; count -= 1) listSupportedFeatures.push(readResponseSupportedFeatureKey(reader, version));
          supportedFeatures = listSupportedFeatures;
        }
        return true;
      case 1:
        if (!(version >= 3)) return false;
        finalizedFeaturesEpoch = reader.int64();
        return true;
      case 2:
        if (!(version >= 3)) return false;
        {
          let count = reader.notNull(reader.arrayLength(flexible));
          const listFinalizedFeatures: ResponseFinalizedFeatureKey[] = [];
          for (; count > 0; count -= 1) listFinalizedFeatures.push(readResponseFinalizedFeatureKey(reader, version));
          finalizedFeatures = listFinalizedFeatures;
        }
        return true;
      case 3:
        if (!(version >= 3)) return false;
        zkMigrationReady = reader.bool();
        return true;
      default: return false;
    }
  });
  return { errorCode, apiKeys, throttleTimeMs, supportedFeatures, finalizedFeaturesEpoch, finalizedFeatures, zkMigrationReady };
}

export function writeApiVersionsResponse(writer: Writer, message: ApiVersionsResponseInput, version: number): void {
  const flexible = version >= 3;
  writer.int16(message.errorCode ?? 0);
  {
    const list = message.apiKeys ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeResponseApiVersion(writer, each, version);
  }
  if (version >= 1) {
    writer.int32(message.throttleTimeMs ?? 0);
  }
  const hassupportedFeatures = message.supportedFeatures !== undefined && message.supportedFeatures.length > 0;
  const hasfinalizedFeaturesEpoch = message.finalizedFeaturesEpoch !== undefined && message.finalizedFeaturesEpoch !== -1;
  const hasfinalizedFeatures = message.finalizedFeatures !== undefined && message.finalizedFeatures.length > 0;
  const haszkMigrationReady = message.zkMigrationReady !== undefined && message.zkMigrationReady !== false;
  if (flexible) {
    writer.varint((hassupportedFeatures ? 1 : 0) + (hasfinalizedFeaturesEpoch ? 1 : 0) + (hasfinalizedFeatures ? 1 : 0) + (haszkMigrationReady ? 1 : 0));
    if (hassupportedFeatures) writer.tagged(0, (inner) => {
      {
        const list = message.supportedFeatures ?? [];
        inner.arrayLength(list.length, flexible);
        for (const each of list) writeResponseSupportedFeatureKey(inner, each, version);
      }
    });
    if (hasfinalizedFeaturesEpoch) writer.tagged(1, (inner) => {
      inner.int64(message.finalizedFeaturesEpoch ?? -1);
    });
    if (hasfinalizedFeatures) writer.tagged(2, (inner) => {
      {
        const list = message.finalizedFeatures ?? [];
        inner.arrayLength(list.length, flexible);
        for (const each of list) writeResponseFinalizedFeatureKey(inner, each, version);
      }
    });
    if (haszkMigrationReady) writer.tagged(3, (inner) => {
      inner.bool(message.zkMigrationReady ?? false);
    });
  }
}

export interface ResponseApiVersion {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}
export interface ResponseApiVersionInput {
  readonly apiKey?: number | undefined;
  readonly minVersion?: number | undefined;
  readonly maxVersion?: number | undefined;
}

export function readResponseApiVersion(reader: Reader, version: number): ResponseApiVersion {
  const flexible = version >= 3;
  let apiKey: number = 0;
  apiKey = reader.int16();
  let minVersion: number = 0;
  minVersion = reader.int16();
  let maxVersion: number = 0;
  maxVersion = reader.int16();
  if (flexible) reader.skipTagged();
  return { apiKey, minVersion, maxVersion };
}

export function writeResponseApiVersion(writer: Writer, message: ResponseApiVersionInput, version: number): void {
  const flexible = version >= 3;
  writer.int16(message.apiKey ?? 0);
  writer.int16(message.minVersion ?? 0);
  writer.int16(message.maxVersion ?? 0);
  if (flexible) writer.varint(0);
}

export interface ResponseSupportedFeatureKey {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}
export interface ResponseSupportedFeatureKeyInput {
  readonly name?: string | undefined;
  readonly minVersion?: number | undefined;
  readonly maxVersion?: number | undefined;
}

export function readResponseSupportedFeatureKey(reader: Reader, version: number): ResponseSupportedFeatureKey {
  const flexible = version >= 3;
  let name: string = '';
  if (version >= 3) {
    name = reader.string(flexible);
  }
  let minVersion: number = 0;
  if (version >= 3) {
    minVersion = reader.int16();
  }
  let maxVersion: number = 0;
  if (version >= 3) {
    maxVersion = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { name, minVersion, maxVersion };
}

export function writeResponseSupportedFeatureKey(writer: Writer, message: ResponseSupportedFeatureKeyInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 3) {
    writer.string(message.name ?? '', flexible);
  } else if (message.name !== undefined && message.name !== '') lacks('ApiVersionsResponse', 'name', version);
  if (version >= 3) {
    writer.int16(message.minVersion ?? 0);
  } else if (message.minVersion !== undefined && message.minVersion !== 0) lacks('ApiVersionsResponse', 'minVersion', version);
  if (version >= 3) {
    writer.int16(message.maxVersion ?? 0);
  } else if (message.maxVersion !== undefined && message.maxVersion !== 0) lacks('ApiVersionsResponse', 'maxVersion', version);
  if (flexible) writer.varint(0);
}

export interface ResponseFinalizedFeatureKey {
  readonly name: string;
  readonly maxVersionLevel: number;
  readonly minVersionLevel: number;
}
export interface ResponseFinalizedFeatureKeyInput {
  readonly name?: string | undefined;
  readonly maxVersionLevel?: number | undefined;
  readonly minVersionLevel?: number | undefined;
}

export function readResponseFinalizedFeatureKey(reader: Reader, version: number): ResponseFinalizedFeatureKey {
  const flexible = version >= 3;
  let name: string = '';
  if (version >= 3) {
    name = reader.string(flexible);
  }
  let maxVersionLevel: number = 0;
  if (version >= 3) {
    maxVersionLevel = reader.int16();
  }
  let minVersionLevel: number = 0;
  if (version >= 3) {
    minVersionLevel = reader.int16();
  }
  if (flexible) reader.skipTagged();
  return { name, maxVersionLevel, minVersionLevel };
}

export function writeResponseFinalizedFeatureKey(writer: Writer, message: ResponseFinalizedFeatureKeyInput, version: number): void {
  const flexible = version >= 3;
  if (version >= 3) {
    writer.string(message.name ?? '', flexible);
  } else if (message.name !== undefined && message.name !== '') lacks('ApiVersionsResponse', 'name', version);
  if (version >= 3) {
    writer.int16(message.maxVersionLevel ?? 0);
  } else if (message.maxVersionLevel !== undefined && message.maxVersionLevel !== 0) lacks('ApiVersionsResponse', 'maxVersionLevel', version);
  if (version >= 3) {
    writer.int16(message.minVersionLevel ?? 0);
  } else if (message.minVersionLevel !== undefined && message.minVersionLevel !== 0) lacks('ApiVersionsResponse', 'minVersionLevel', version);
  if (flexible) writer.varint(0);
}
