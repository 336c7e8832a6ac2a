// Generated from ../tables by `make generate`.
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

export interface SaslHandshakeRequest {
  readonly mechanism: string;
}
export interface SaslHandshakeRequestInput {
  readonly mechanism?: string | undefined;
}

export function readSaslHandshakeRequest(reader: Reader, version: number): SaslHandshakeRequest {
  const flexible = false;
  let mechanism: string = '';
  mechanism = reader.string(flexible);
  return { mechanism };
}

export function writeSaslHandshakeRequest(writer: Writer, message: SaslHandshakeRequestInput, version: number): void {
  const flexible = false;
  writer.string(message.mechanism ?? '', flexible);
}

export interface SaslHandshakeResponse {
  readonly errorCode: number;
  readonly mechanisms: readonly string[];
}
export interface SaslHandshakeResponseInput {
  readonly errorCode?: number | undefined;
  readonly mechanisms?: readonly string[] | undefined;
}

export function readSaslHandshakeResponse(reader: Reader, version: number): SaslHandshakeResponse {
  const flexible = false;
  let errorCode: number = 0;
  errorCode = reader.int16();
  let mechanisms: readonly string[] = [];
  {
    let count = reader.notNull(reader.arrayLength(flexible));
    const listMechanisms: string[] = [];
    for (; count > 0; count -= 1) listMechanisms.push(reader.string(flexible));
    mechanisms = listMechanisms;
  }
  return { errorCode, mechanisms };
}

export function writeSaslHandshakeResponse(writer: Writer, message: SaslHandshakeResponseInput, version: number): void {
  const flexible = false;
  writer.int16(message.errorCode ?? 0);
  {
    const list = message.mechanisms ?? [];
    writer.arrayLength(list.length, flexible);
    for (const each of list) writer.string(each, flexible);
  }
}
