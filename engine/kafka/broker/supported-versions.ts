/** What the broker says that it speaks, and what it answers when it is asked in a version of ApiVersions that it does not know. */
import { apis } from '../protocol/generated/apis.ts';
import { errorCode } from '../protocol/error-code.ts';
import type { ApiName } from '../protocol/message-header.ts';
import type { ApiVersionsResponseInput } from '../protocol/generated/api-versions.ts';
import type { Handlers } from './request-context.ts';

/** librdkafka sends nothing compressed to a broker that does not name these, though nobody uses them any more (KAFKA-18659). */
const namedFrom: Partial<Record<ApiName, number>> = { Produce: 0 };

export function apiVersions(handlers: Handlers, error: 'NONE' | 'UNSUPPORTED_VERSION' = 'NONE'): ApiVersionsResponseInput {
  const apiKeys = Object.values(apis)
    .filter(({ name }) => handlers[name] !== undefined || name === 'ApiVersions' || name === 'SaslHandshake' || name === 'SaslAuthenticate')
    .map(({ key, name, from, to }) => ({ apiKey: key, minVersion: namedFrom[name as ApiName] ?? from, maxVersion: to }));
  return { errorCode: errorCode[error], apiKeys, finalizedFeaturesEpoch: -1 };
}
