/** A pod asks for what local processes cannot give. Final: the pod fails with this message. */
export class PodUnsupportedError extends Error {
  override readonly name = 'PodUnsupportedError';
  readonly code = 'POD_UNSUPPORTED';
}

/** Something that the pod refers to is not there yet; looked for again until it is. */
export class PodDependencyError extends Error {
  override readonly name = 'PodDependencyError';
  readonly code = 'POD_DEPENDENCY';
}
