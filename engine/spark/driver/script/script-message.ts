/** What a script's process and the driver tell each other. The script's side runs user code, so the driver checks what comes. */
import { z } from 'zod';

/** Driver → script process, once. */
export interface ScriptStart {
  readonly kind: 'start';
  /** URL of the module. */
  readonly module: string;
  readonly arguments: readonly string[];
  /** URL of what `import … from 'headrace'` means. */
  readonly client: string;
  /** Name under which a DataFrame that is returned is made known to the driver. */
  readonly resultView: string;
}

const text = z.string().max(1 << 16);

/** Script process → driver, once. */
export const scriptReportSchema = z.discriminatedUnion('kind', [
  /** `hasResult`: the default export returned a DataFrame, which is now the temporary view `resultView`. */
  z.object({ kind: z.literal('done'), hasResult: z.boolean() }),
  z.object({
    kind: z.literal('failed'),
    /** Spark's error class when the error came from the engine. */
    errorClass: text.optional(), sqlState: text.optional(), message: text,
    /** `main.ts:12:5`: where in the user's module. */
    place: text.optional(),
  }),
]);
export type ScriptReport = z.infer<typeof scriptReportSchema>;
