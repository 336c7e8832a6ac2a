/** What fragments rely on in the kernel. */
import type { ConfReader } from '../plan/context.ts';
import { planSettings } from '../plan/conf.ts';

/**
 * Settings of a connection before it runs a fragment, by the kernel's names:
 * - TimeZone: casts and date functions of timestamps work in the session's zone.
 * - disabled_optimizers: the planner has fixed the join order, and the kernel sees too little to choose a better one;
 *   conditions run as written, so that `b <> 0 AND a / b > 1` never divides by zero.
 * - default_null_order: fragments always say where NULLs go; this guards what they do not order themselves.
 * - max_expression_depth: what the parser lets through (plans 1000 deep), with what rendering adds.
 * - ieee_floating_point_ops, integer_division, old_implicit_casting: what operators mean, whatever the defaults become.
 */
export function kernelSettings(conf: ConfReader): Readonly<Record<string, string>> {
  return {
    TimeZone: planSettings(conf).timeZone,
    disabled_optimizers: 'join_order,reorder_filter',
    default_null_order: 'nulls_last',
    ieee_floating_point_ops: 'true',
    integer_division: 'false',
    old_implicit_casting: 'false',
    max_expression_depth: '10000',
  };
}
