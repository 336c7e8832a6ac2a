/** An outcome that Kafka's protocol has a code for. */
import type { ErrorName } from './protocol/error-code.ts';

export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly code: ErrorName;

  constructor(code: ErrorName, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
