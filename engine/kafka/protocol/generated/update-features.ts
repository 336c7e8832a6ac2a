// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import { lacks } from '../lacking-field.ts';
import type { Writer } from '../writer.ts';

export interface UpdateFeaturesRequest {
  readonly timeoutMs: number;
  readonly featureUpdates: readonly RequestFeatureUpdateKey[];
  readonly validateOnly: boolean;
}
export interface UpdateFeaturesRequestInput {
  readonly timeoutMs?: number | undefined;
  readonly featureUpdates?: readonly RequestFeatureUpdateKeyInput[] | undefined;
  readonly validateOnly?: boolean | undefined;
}

export function readUpdateFeaturesRequest(reader: Reader, version: number): UpdateFeaturesRequest {
  const flexible = true;
  let timeoutMs: number = 60000;
  timeoutMs = reader.int32();
  let featureUpdates: readonly RequestFeatureUpdateKey[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listFeatureUpdates: RequestFeatureUpdateKey[] = [];
    for (; count > 0; count -= 1) listFeatureUpdates.push(readRequestFeatureUpdateKey(reader, version));
    featureUpdates = listFeatureUpdates;
  }
  let validateOnly: boolean = false;
  if (version >= 1) {
    validateOnly = reader.bool();
  }
  reader.skipTagged();
  return { timeoutMs, featureUpdates, validateOnly };
}

export function writeUpdateFeaturesRequest(writer: Writer, message: UpdateFeaturesRequestInput, version: number): void {
  const flexible = true;
  writer.int32(message.timeoutMs ?? 60000);
  {
    const list = message.featureUpdates ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writeRequestFeatureUpdateKey(writer, each, version);
  }
  if (version >= 1) {
    writer.bool(message.validateOnly ?? false);
  } else if (message.validateOnly !== undefined && message.validateOnly !== false) lacks('UpdateFeaturesRequest', 'validateOnly', version);
  writer.varint(0);
}

export interface RequestFeatureUpdateKey {
  readonly feature: string;
  readonly maxVersionLevel: number;
  readonly allowDowngrade: boolean;
  readonly upgradeType: number;
}
export interface RequestFeatureUpdateKeyInput {
  readonly feature?: string | undefined;
  readonly maxVersionLevel?: number | undefined;
  readonly allowDowngrade?: boolean | undefined;
  readonly upgradeType?: number | undefined;
}

export function readRequestFeatureUpdateKey(reader: Reader, version: number): RequestFeatureUpdateKey {
  const flexible = true;
  let feature: string = '';
  feature = reader.string(flexible);
  let maxVersionLevel: number = 0;
  maxVersionLevel = reader.int16();
  let allowDowngrade: boolean = false;
  if (version <= 0) {
    allowDowngrade = reader.bool();
  }
  let upgradeType: number = 1;
  if (version >= 1) {
    upgradeType = reader.int8();
  }
  reader.skipTagged();
  return { feature, maxVersionLevel, allowDowngrade, upgradeType };
}

export function writeRequestFeatureUpdateKey(writer: Writer, message: RequestFeatureUpdateKeyInput, version: number): void {
  const flexible = true;
  writer.string(message.feature ?? '', flexible);
  writer.int16(message.maxVersionLevel ?? 0);
  if (version <= 0) {
    writer.bool(message.allowDowngrade ?? false);
  } else if (message.allowDowngrade !== undefined && message.allowDowngrade !== false) lacks('UpdateFeaturesRequest', 'allowDowngrade', version);
  if (version >= 1) {
    writer.int8(message.upgradeType ?? 1);
  } else if (message.upgradeType !== undefined && message.upgradeType !== 1) lacks('UpdateFeaturesRequest', 'upgradeType', version);
  writer.varint(0);
}

export interface UpdateFeaturesResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly results: readonly ResponseUpdatableFeatureResult[];
}
export interface UpdateFeaturesResponseInput {
  readonly throttleTimeMs?: number | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
  readonly results?: readonly ResponseUpdatableFeatureResultInput[] | undefined;
}

export function readUpdateFeaturesResponse(reader: Reader, version: number): UpdateFeaturesResponse {
  const flexible = true;
  let throttleTimeMs: number = 0;
  throttleTimeMs = reader.int32();
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  let results: readonly ResponseUpdatableFeatureResult[] = [];
  if (version <= 1) {
    {
      let count = reader.notNull(reader.arrayLength(flexible));
      const listResults: ResponseUpdatableFeatureResult[] = [];
      for (; count > 0; count -= 1) listResults.push(readResponseUpdatableFeatureResult(reader, version));
      results = listResults;
    }
  }
  reader.skipTagged();
  return { throttleTimeMs, errorCode, errorMessage, results };
}

export function writeUpdateFeaturesResponse(writer: Writer, message: UpdateFeaturesResponseInput, version: number): void {
  const flexible = true;
  writer.int32(message.throttleTimeMs ?? 0);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  if (version <= 1) {
    {
      const list = message.results ?? [];
      writer.arrayLength(list.length, flexible);
      for (const each of list) writeResponseUpdatableFeatureResult(writer, each, version);
    }
  }
  writer.varint(0);
}

export interface ResponseUpdatableFeatureResult {
  readonly feature: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface ResponseUpdatableFeatureResultInput {
  readonly feature?: string | undefined;
  readonly errorCode?: number | undefined;
  readonly errorMessage?: string | null | undefined;
}

export function readResponseUpdatableFeatureResult(reader: Reader, version: number): ResponseUpdatableFeatureResult {
  const flexible = true;
  let feature: string = '';
  feature = reader.string(flexible);
  let errorCode: number = 0;
  errorCode = reader.int16();
  let errorMessage: string | null = '';
  errorMessage = reader.nullableString(flexible);
  reader.skipTagged();
  return { feature, errorCode, errorMessage };
}

export function writeResponseUpdatableFeatureResult(writer: Writer, message: ResponseUpdatableFeatureResultInput, version: number): void {
  const flexible = true;
  writer.string(message.feature ?? '', flexible);
  writer.int16(message.errorCode ?? 0);
  writer.nullableString(message.errorMessage === undefined ? '' : message.errorMessage, flexible);
  writer.varint(0);
}
