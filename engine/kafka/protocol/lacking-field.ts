import { KafkaError } from '../kafka-error.ts';

/** A value that must not be dropped, in a version of the message that has no place for it. */
export function lacks(message: string, field: string, version: number): never {
  throw new KafkaError('UNSUPPORTED_VERSION', `version ${version} of ${message} has no field ${field}`);
}

/** Null, in a version of the message that has a place for a value only. */
export function lacksNull(message: string, field: string, version: number): never {
  throw new KafkaError('UNSUPPORTED_VERSION', `version ${version} of ${message} cannot have null for ${field}`);
}
