/** Who asks, and how. */
import type { ApiName } from '../protocol/message-header.ts';
import type { ApiTypes } from '../protocol/generated/apis.ts';

export interface RequestContext {
  readonly version: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** `INTERNAL` or `EXTERNAL`: answers name brokers as this listener's clients reach them. */
  readonly listener: string;
  /** Undefined where the listener asks nobody who he is. */
  readonly user: string | undefined;
  /** Aborts when the connection has ended, or the broker stops. */
  readonly signal: AbortSignal;
}

/** Undefined: nothing is answered (a producer that wants no acknowledgement). Throws or rejects with `KafkaError` where the whole request is refused. */
export type Handler<Name extends ApiName> = (request: ApiTypes[Name]['request'], context: RequestContext) =>
  Promise<ApiTypes[Name]['responseInput'] | undefined> | ApiTypes[Name]['responseInput'] | undefined;

export type Handlers = { readonly [Name in ApiName]?: Handler<Name> };
