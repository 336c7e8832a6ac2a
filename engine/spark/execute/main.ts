/** `headrace executor`: runs until the driver ends it; resolves to the process's exit code. Environment: engine/contract.ts. */
export declare function runExecutor(env: NodeJS.ProcessEnv): Promise<number>;
