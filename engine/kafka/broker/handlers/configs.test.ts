import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Configuration } from '../../config/configuration.ts';
import { groupConfigs } from '../../config/group-config.ts';
import { topicConfigs } from '../../config/topic-config.ts';
import type { ConfigResource, MetadataImage } from '../../controller/metadata-image.ts';
import { errorCode } from '../../protocol/error-code.ts';
import type { DescribeConfigsResponseInput } from '../../protocol/generated/describe-configs.ts';
import type { RequestContext } from '../request-context.ts';
import { describeConfigsHandler, listConfigResourcesHandler, type ConfigParts } from './configs.ts';

const configs: ReadonlyMap<ConfigResource, ReadonlyMap<string, string>> = new Map([['group:g', new Map([['share.isolation.level', 'read_committed']])]]);
const image = { topics: new Map([['t', {}]]), brokers: new Map([[1, {}]]), configs } as unknown as MetadataImage;
const parts = { self: 1, feed: { image }, configuration: new Configuration(1, {}) } as unknown as ConfigParts;
const context = {} as RequestContext;

async function described(resourceType: number, resourceName: string, configurationKeys: readonly string[] | null): Promise<NonNullable<DescribeConfigsResponseInput['results']>[number]> {
  const handler = describeConfigsHandler(parts);
  const answer = await handler({ resources: [{ resourceType, resourceName, configurationKeys }], includeSynonyms: true, includeDocumentation: true }, context) as DescribeConfigsResponseInput;
  const [result] = answer.results ?? [];
  assert.ok(result !== undefined);
  return result;
}

test('every configuration of a topic and of a group is listed, each with what it means', async () => {
  for (const [type, name, definitions] of [[2, 't', topicConfigs], [32, 'g', groupConfigs]] as const) {
    const { configs: rows = [] } = await described(type, name, null);
    assert.deepEqual(rows.map((row) => row.name).toSorted(), definitions.map((row) => row.name).toSorted());
    assert.ok(rows.every(({ documentation }) => (documentation ?? '').length > 10));
  }
});

test('what was set for a group says that it was set there', async () => {
  const { configs: [row] = [] } = await described(32, 'g', ['share.isolation.level']);
  assert.deepEqual([row?.value, row?.configSource], ['read_committed', 8]);
});

test('a kind of resource that has no configurations is refused by its number', async () => {
  const { errorCode: code, errorMessage } = await described(16, 'x', null);
  assert.equal(code, errorCode.INVALID_REQUEST);
  assert.match(errorMessage ?? '', /kind 16/);
});

test('groups are among the resources once something is set for them', async () => {
  assert.deepEqual(await listConfigResourcesHandler(parts)({ resourceTypes: [32] }, context), { configResources: [{ resourceName: 'g', resourceType: 32 }] });
});
