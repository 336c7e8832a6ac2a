/**
 * Reports of blocks, or of versions of blocks, that the journal has not told of yet: a datanode tells all namenodes at once, and a standby applies the
 * journal a little later. They are kept, up to a limit, until the block or the version is known.
 */
import type { ReplicaReport } from '../../datanode-protocol.ts';

export interface PostponedReport {
  readonly datanode: number;
  readonly replica: ReplicaReport;
}

export class PostponedReports {
  readonly #reports = new Map<number, PostponedReport[]>();
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** False when there is no room: the datanode must be asked to report all again later. */
  add(report: PostponedReport): boolean {
    const { id } = report.replica;
    const kept = (this.#reports.get(id) ?? []).filter((each) => each.datanode !== report.datanode);
    this.#size -= (this.#reports.get(id)?.length ?? 0) - kept.length;
    if (this.#size >= this.#limit) {
      this.#store(id, kept);
      return false;
    }
    this.#store(id, [...kept, report]);
    this.#size += 1;
    return true;
  }

  take(id: number): readonly PostponedReport[] {
    const reports = this.#reports.get(id);
    if (reports === undefined) return [];
    this.#reports.delete(id);
    this.#size -= reports.length;
    return reports;
  }

  dropOf(datanode: number, id: number): void {
    const reports = this.#reports.get(id);
    if (reports === undefined) return;
    const rest = reports.filter((each) => each.datanode !== datanode);
    this.#size -= reports.length - rest.length;
    this.#store(id, rest);
  }

  dropDatanode(datanode: number): void {
    this.#reports.forEach((_, id) => this.dropOf(datanode, id));
  }

  takeAll(): readonly PostponedReport[] {
    const all = [...this.#reports.values()].flat();
    this.#reports.clear();
    this.#size = 0;
    return all;
  }

  #store(id: number, reports: PostponedReport[]): void {
    if (reports.length === 0) this.#reports.delete(id);
    else this.#reports.set(id, reports);
  }
}
