/** Hands proposals of who is in sync to the controller: one call at a time, everything that waits goes with the next. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { ControllerCalls } from '../controller/controller-protocol.ts';
import { partitionKey } from './replica-protocol.ts';
import type { InSyncProposal } from './partition.ts';

export interface InSyncProposalsOptions {
  readonly self: number;
  readonly selfEpoch: () => number;
  readonly controller: Pick<ControllerCalls, 'alterPartitions'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const backoffMs = 200;

export class InSyncProposals {
  readonly #options: InSyncProposalsOptions;
  readonly #waiting = new Map<string, InSyncProposal>();
  #sending = false;

  constructor(options: InSyncProposalsOptions) {
    this.#options = options;
  }

  /** The newest proposal of a partition counts. */
  add(proposal: InSyncProposal): void {
    this.#waiting.set(partitionKey(proposal.partition.topicId, proposal.partition.partition), proposal);
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    const { self, selfEpoch, controller, clock, logger, signal } = this.#options;
    this.#sending = true;
    while (this.#waiting.size > 0 && !signal.aborted) {
      // Whatever comes in the same turn goes along.
      await Promise.resolve();
      const proposals = [...this.#waiting.values()];
      this.#waiting.clear();
      try {
        const answer = await controller.alterPartitions({
          broker: self, brokerEpoch: selfEpoch(),
          partitions: proposals.map(({ partition, leaderEpoch, partitionEpoch, newInSync }) => ({ topic: partition.topicId, partition: partition.partition, leaderEpoch, partitionEpoch, newInSync })),
        });
        for (const proposal of proposals) {
          const own = answer.partitions.find((each) => each.topic === proposal.partition.topicId && each.partition === proposal.partition.partition);
          const code = answer.code === 'NONE' ? own?.code : answer.code;
          if (code === 'NONE') continue;
          logger.debug({ partition: proposal.partition.title, code }, 'the controller did not take who is in sync');
          proposal.partition.proposalRefused(proposal);
        }
      } catch (error) {
        if (signal.aborted) break;
        logger.info({ err: error }, 'the controller cannot be told who is in sync; trying again');
        for (const proposal of proposals) proposal.partition.proposalRefused(proposal);
        await clock.sleep(backoffMs, signal).catch(() => {});
      }
    }
    this.#sending = false;
  }
}
