/** Work that runs without moving rows between tasks: what becomes the fragments of one stage. */
import type { Attribute } from '../plan/resolved.ts';
import type { Schema } from '../plan/types.ts';
import type { Fragment, FragmentInput, Stage, StageId, StageOutput } from './stage.ts';
import type { Select } from './select.ts';
import { finished, selectFrom } from './select.ts';

/** One fragment under construction. */
export interface Piece {
  readonly inputs: readonly FragmentInput[];
  readonly tasks: number;
  readonly select: Select;
}

export interface Pipeline {
  readonly pieces: readonly Piece[];
  readonly attributes: readonly Attribute[];
  /** For people, in the order in which they happen. */
  readonly steps: readonly string[];
}

export const tasksOf = (pipeline: Pipeline): number => pipeline.pieces.reduce((sum, piece) => sum + piece.tasks, 0);

/** The same pipeline with an operator added to each of its fragments. */
export function withStep(pipeline: Pipeline, step: string | undefined, attributes: readonly Attribute[], change: (select: Select) => Select): Pipeline {
  return {
    pieces: pipeline.pieces.map((piece) => ({ ...piece, select: change(piece.select) })),
    attributes,
    steps: step === undefined ? pipeline.steps : [...pipeline.steps, step],
  };
}

/** A relation without columns still has rows: blocks carry one column that nobody reads. */
export const placeholder: Attribute = { kind: 'attribute', id: 0, name: 'none', type: { kind: 'boolean' }, nullable: false };

export const schemaOfAttributes = (attributes: readonly Attribute[]): Schema =>
  attributes.map((attribute) => ({ name: attribute.name, type: attribute.type, nullable: attribute.nullable }));

/** The stages of a plan, in dependency order. */
export class StageList {
  readonly #stages: Stage[] = [];

  get stages(): readonly Stage[] {
    return this.#stages;
  }

  /** Ends a pipeline as a stage whose columns are `attributes` as `c0 …`. A stage that is already there is not made twice. */
  add(pipeline: Pipeline, attributes: readonly Attribute[], output: StageOutput, schema: Schema = schemaOfAttributes(attributes)): StageId {
    const fragments = pipeline.pieces.map((piece): Fragment => ({ inputs: piece.inputs, sql: finished(piece.select, attributes), tasks: piece.tasks }));
    const same = output.kind === 'shuffle' || output.kind === 'broadcast' ? this.#stages.find((stage) => sameWork(stage, fragments, output)) : undefined;
    if (same !== undefined) return same.id;
    const id = this.#stages.length;
    this.#stages.push({ id, description: pipeline.steps.join(' → '), fragments, output, schema });
    return id;
  }
}

/** Equal statements over equal inputs with equal output. Rows held by the plan are compared by identity. */
function sameWork(stage: Stage, fragments: readonly Fragment[], output: StageOutput): boolean {
  const text = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? null : part));
  const held = (list: readonly Fragment[]): readonly Uint8Array[] => list.flatMap((fragment) => (fragment.kind === 'map' || fragment.kind === 'reduce' ? [] : fragment.inputs).flatMap((input) => (input.kind === 'local' ? [input.data] : [])));
  const [mine, theirs] = [held(stage.fragments), held(fragments)];
  return mine.length === theirs.length && mine.every((data, i) => data === theirs[i]) && text([stage.fragments, stage.output]) === text([fragments, output]);
}

/** What a stage's blocks look like to the fragment that reads them as `name`. */
export function blockSelect(name: string, attributes: readonly Attribute[]): Select {
  return selectFrom(name, attributes.map((attribute, i) => ({ attribute, sql: `c${i}` })));
}
