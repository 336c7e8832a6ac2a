/** DescribeConfigs, IncrementalAlterConfigs, AlterConfigs, ListConfigResources. */
import { brokerConfigOf } from '../../config/broker-config.ts';
import { configNames, configSource, type Configuration, type ConfigValue } from '../../config/configuration.ts';
import { configTypeNumber, type ConfigDefinition } from '../../config/definition.ts';
import { groupConfigOf } from '../../config/group-config.ts';
import { topicConfigOf } from '../../config/topic-config.ts';
import type { ConfigOperation, ControllerCalls } from '../../controller/controller-protocol.ts';
import type { MetadataFeed } from '../../controller/metadata-feed.ts';
import type { ConfigResource } from '../../controller/metadata-image.ts';
import { KafkaError } from '../../kafka-error.ts';
import { errorCode } from '../../protocol/error-code.ts';
import type { RequestDescribeConfigsResource, ResponseDescribeConfigsResourceResultInput, ResponseDescribeConfigsResultInput } from '../../protocol/generated/describe-configs.ts';
import type { Handler, RequestContext } from '../request-context.ts';
import { untilKnown } from './topics.ts';

export interface ConfigParts {
  readonly self: number;
  readonly feed: MetadataFeed;
  readonly controller: Pick<ControllerCalls, 'alterConfigs'>;
  readonly configuration: Configuration;
}

const resourceType = { topic: 2, broker: 4, group: 32 } as const;
const waitMs = 10_000;

export function describeConfigsHandler(parts: ConfigParts): Handler<'DescribeConfigs'> {
  return (request) => ({
    results: request.resources.map((resource) => {
      try {
        return { errorCode: 0, errorMessage: null, resourceType: resource.resourceType, resourceName: resource.resourceName, configs: describe(parts, resource, request) };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { errorCode: errorCode[error.code], errorMessage: error.message, resourceType: resource.resourceType, resourceName: resource.resourceName } satisfies ResponseDescribeConfigsResultInput;
      }
    }),
  });
}

interface Wanted {
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}

function describe({ feed, configuration, self }: ConfigParts, { resourceType: type, resourceName, configurationKeys }: RequestDescribeConfigsResource, wanted: Wanted): readonly ResponseDescribeConfigsResourceResultInput[] {
  const { image } = feed;
  const asked = (names: readonly string[]): readonly string[] => (configurationKeys === null ? names : names.filter((name) => configurationKeys.includes(name)));
  if (type === resourceType.topic) {
    if (!image.topics.has(resourceName)) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `there is no topic '${resourceName}'`);
    return asked(configNames.topic).map((name) => described(topicConfigOf.get(name), configuration.topicValue(image, resourceName, name), false, wanted));
  }
  if (type === resourceType.group) {
    return asked(configNames.group).map((name) => described(groupConfigOf.get(name), configuration.groupValue(image, resourceName, name), false, wanted));
  }
  if (type !== resourceType.broker) throw new KafkaError('INVALID_REQUEST', `configurations of kind ${type} are not there: topics (2), brokers (4) and groups (32) have some`);
  if (resourceName !== '' && resourceName !== String(self)) throw new KafkaError('INVALID_REQUEST', `broker ${self} was asked for the configuration of broker ${resourceName}: ask that one`);
  const names = resourceName === '' ? configNames.broker.filter((name) => image.configs.get('broker:')?.has(name) === true) : configNames.broker;
  return asked(names).map((name) => described(brokerConfigOf.get(name), configuration.brokerValue(image, name), brokerConfigOf.get(name)?.dynamic !== true, wanted));
}

function described(definition: ConfigDefinition | undefined, found: ConfigValue | undefined, readOnly: boolean, { includeSynonyms, includeDocumentation }: Wanted): ResponseDescribeConfigsResourceResultInput {
  const { name = '', type = 'string', sensitive, documentation = '' } = definition ?? {};
  return {
    name, value: sensitive === true ? null : found?.value ?? null, readOnly, configSource: configSource[found?.source ?? 'default'], isSensitive: sensitive === true,
    configType: configTypeNumber[type], documentation: includeDocumentation ? documentation : null,
    synonyms: includeSynonyms ? found?.synonyms.map(({ name: synonym, value, source }) => ({ name: synonym, value, source: configSource[source] })) ?? [] : [],
  };
}

const operations: readonly ConfigOperation[] = ['set', 'delete', 'append', 'subtract'];

interface Change {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null; readonly configOperation?: number }[];
}

export function incrementalAlterConfigsHandler(parts: ConfigParts): Handler<'IncrementalAlterConfigs'> {
  return (request, context) => alter(parts, request.resources, { validateOnly: request.validateOnly, replaceAll: false }, context);
}

/** The old form: what is not named goes back to its default. */
export function alterConfigsHandler(parts: ConfigParts): Handler<'AlterConfigs'> {
  return (request, context) => alter(parts, request.resources, { validateOnly: request.validateOnly, replaceAll: true }, context);
}

interface Altered {
  readonly responses: readonly { readonly errorCode: number; readonly errorMessage: string | null; readonly resourceType: number; readonly resourceName: string }[];
}

async function alter({ feed, controller }: ConfigParts, changes: readonly Change[], options: { readonly validateOnly: boolean; readonly replaceAll: boolean }, context: RequestContext): Promise<Altered> {
  const known = changes.map((change) => ({ change, resource: resourceOf(change) }));
  const { resources, index } = await controller.alterConfigs(known.flatMap(({ change, resource }) => (resource === undefined ? [] : [{
    resource, operations: change.configs.map(({ name, value, configOperation = 0 }) => ({ name, operation: operations[configOperation] ?? 'set', value })),
  }])), options);
  if (!options.validateOnly) await untilKnown(feed, index, waitMs, context);
  return {
    responses: known.map(({ change: { resourceType: type, resourceName }, resource }) => {
      const outcome = resources.find((each) => each.resource === resource);
      const error = outcome === undefined ? { errorCode: errorCode.INVALID_REQUEST, errorMessage: `configurations of kind ${type} cannot be changed here` } : { errorCode: errorCode[outcome.code], errorMessage: outcome.message ?? null };
      return { ...error, resourceType: type, resourceName };
    }),
  };
}

function resourceOf({ resourceType: type, resourceName }: Change): ConfigResource | undefined {
  if (type === resourceType.topic) return `topic:${resourceName}`;
  if (type === resourceType.group) return resourceName === '' ? undefined : `group:${resourceName}`;
  if (type !== resourceType.broker) return undefined;
  if (resourceName === '') return 'broker:';
  return /^\d+$/.test(resourceName) ? `broker:${Number(resourceName)}` : undefined;
}

export function listConfigResourcesHandler({ feed }: ConfigParts): Handler<'ListConfigResources'> {
  return (request) => {
    const { image } = feed;
    const wants = (type: number): boolean => request.resourceTypes.length === 0 || request.resourceTypes.includes(type);
    return {
      configResources: [
        ...(wants(resourceType.topic) ? [...image.topics.keys()].map((resourceName) => ({ resourceName, resourceType: resourceType.topic })) : []),
        ...(wants(resourceType.broker) ? [...image.brokers.keys()].map((id) => ({ resourceName: String(id), resourceType: resourceType.broker })) : []),
        ...(wants(resourceType.group) ? groupsOf(image.configs.keys()).map((resourceName) => ({ resourceName, resourceType: resourceType.group })) : []),
      ],
    };
  };
}

/** Groups for which something was set. */
function groupsOf(resources: Iterable<ConfigResource>): readonly string[] {
  return [...resources].filter((resource) => resource.startsWith('group:')).map((resource) => resource.slice('group:'.length));
}
