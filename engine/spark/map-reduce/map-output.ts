/** Output of a map task on its way to the reducers: buffered, sorted, spilled to disk when the buffer is full, and merged into one run for each partition. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GroupBuffer } from './group-buffer.ts';
import type { KeyOrder } from './key-order.ts';
import { mergedGroups, reduceFanIn, writeGroup, type MergedGroup } from './merge.ts';
import type { Partitioner } from './partitioner.ts';
import { RunWriter, type Segment } from './run-file.ts';

/** Makes fewer records of the groups of one partition, in order of their keys; `emit` takes them in that order, too. */
export type Combine = (groups: Iterable<MergedGroup>, emit: (key: Buffer, value: Buffer) => void) => void;

export interface MapOutputOptions {
  readonly bufferBytes: number;
  readonly partitions: number;
  readonly partition: Partitioner;
  readonly order: KeyOrder;
  readonly combine: Combine | undefined;
  /** For spilled runs. */
  readonly scratchDirectory: string;
}

/** The run of a partition; partitions without records have none. */
export interface PartitionRun {
  readonly partition: number;
  readonly path: string;
  readonly bytes: number;
}

export class MapOutput {
  readonly #options: MapOutputOptions;
  readonly #buffer: GroupBuffer;
  /** Of each spill, the segment of each partition. */
  readonly #spills: (readonly Segment[])[] = [];
  records = 0;
  bytes = 0;
  spilledRecords = 0;
  #recordsInBuffer = 0;

  constructor(options: MapOutputOptions) {
    this.#options = options;
    this.#buffer = new GroupBuffer({ ...options, bytes: options.bufferBytes });
    mkdirSync(options.scratchDirectory, { recursive: true });
  }

  /** Spills first when there is no room. */
  add(data: Buffer, keyFrom: number, keyTo: number, valueFrom: number, valueTo: number, repetitions = 1): void {
    this.records += repetitions;
    this.bytes += (keyTo - keyFrom + valueTo - valueFrom) * repetitions;
    if (!this.#buffer.add(data, keyFrom, keyTo, valueFrom, valueTo, repetitions)) {
      if (!this.#buffer.isEmpty) this.#spill();
      if (!this.#buffer.add(data, keyFrom, keyTo, valueFrom, valueTo, repetitions)) {
        throw new Error(`a record of ${keyTo - keyFrom + valueTo - valueFrom} bytes does not fit into the buffer of ${this.#options.bufferBytes} bytes for map output`);
      }
    }
    this.#recordsInBuffer += repetitions;
  }

  /** Writes the runs into `directory`. */
  finish(directory: string): readonly PartitionRun[] {
    if (!this.#buffer.isEmpty) this.#spill();
    mkdirSync(directory, { recursive: true });
    const runs: PartitionRun[] = [];
    for (let partition = 0; partition < this.#options.partitions; partition += 1) {
      const segments = this.#spills.flatMap((spill) => spill[partition] ?? []).filter((each) => each.to > each.from);
      if (segments.length === 0) continue;
      const path = join(directory, `run-${partition}`);
      runs.push({ partition, path, bytes: this.#mergePartition(segments, path) });
    }
    for (const path of new Set(this.#spills.flat().map((each) => each.path))) rmSync(path, { force: true });
    return runs;
  }

  #spill(): void {
    const { combine, scratchDirectory } = this.#options;
    this.spilledRecords += this.#recordsInBuffer;
    this.#recordsInBuffer = 0;
    const writer = new RunWriter(join(scratchDirectory, `spill-${this.#spills.length}`));
    let segments: readonly Segment[];
    try {
      segments = this.#buffer.write(writer);
    } finally {
      writer.close();
    }
    this.#buffer.clear();
    if (combine !== undefined) {
      segments = this.#combine(combine, segments, join(scratchDirectory, `combined-${this.#spills.length}`));
      rmSync(writer.path, { force: true });
    }
    this.#spills.push(segments);
  }

  #combine(combine: Combine, segments: readonly Segment[], path: string): readonly Segment[] {
    const writer = new RunWriter(path);
    const combined: Segment[] = [];
    try {
      for (const segment of segments) {
        const from = writer.position;
        if (segment.to > segment.from) combineInto(writer, combine, mergedGroups([segment], this.#options.order));
        combined.push({ path, from, to: writer.position });
      }
    } finally {
      writer.close();
    }
    return combined;
  }

  #mergePartition(segments: readonly Segment[], path: string): number {
    const { order, combine, scratchDirectory } = this.#options;
    const [only] = segments;
    if (segments.length === 1 && only?.from === 0 && this.#options.partitions === 1) {
      copyFileSync(only.path, path);
      return only.to;
    }
    const writer = new RunWriter(path);
    try {
      const groups = mergedGroups(reduceFanIn(segments, order, scratchDirectory), order);
      if (combine !== undefined && segments.length > 1) combineInto(writer, combine, groups);
      else for (const group of groups) writeGroup(writer, group);
    } finally {
      writer.close();
    }
    return writer.position;
  }
}

function combineInto(writer: RunWriter, combine: Combine, groups: Iterable<MergedGroup>): void {
  combine(groups, (key, value) => {
    writer.group(key, 0, key.length, 1);
    writer.entry(value, 0, value.length, 1);
  });
}
