/**
 * Where the API server is and who we are to it, out of a kubeconfig or the pod's service account.
 * The Kubernetes library reads both formats, runs credential plug-ins and reads the token files that
 * the kubelet rotates; the requests are made by `http-transport.ts`.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { RequestOptions } from 'node:https';
import { createHash } from 'node:crypto';
import { KubeConfig } from '@kubernetes/client-node';

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Keeps connections alive and bounds their number. */
  readonly agent: HttpAgent;
}

export interface Connection {
  readonly server: URL;
  /** The namespace that the configuration speaks of, if any. */
  readonly namespace: string | undefined;
  /** Credentials that are good now. */
  credentials(): Promise<Credentials>;
  /** The server refused them: read everything again. */
  refresh(): void;
  close(): void;
}

export type ConnectionSource =
  /** The pod's service account; throws when the process is in no pod. */
  | { readonly kind: 'in-cluster' }
  /** `path` absent: KUBECONFIG, else ~/.kube/config, else in-cluster. */
  | { readonly kind: 'kubeconfig'; readonly path?: string; readonly context?: string };

/** Credentials are looked at again after this long; rotated tokens stay good for much longer. */
const credentialsMs = 10_000;
/** Requests and watches at once; more wait for a free connection. */
const connectionsMax = 64;

/** Reads the configuration. Throws when it is missing or cannot be read. */
export function openConnection(source: ConnectionSource): Connection {
  return new ConfiguredConnection(() => load(source));
}

function load(source: ConnectionSource): KubeConfig {
  const config = new KubeConfig();
  switch (source.kind) {
    case 'in-cluster':
      if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '') throw new Error('Not in a cluster: KUBERNETES_SERVICE_HOST is not set.');
      config.loadFromCluster();
      break;
    case 'kubeconfig':
      if (source.path === undefined) config.loadFromDefault();
      else config.loadFromFile(source.path);
      if (source.context !== undefined) config.setCurrentContext(source.context);
      break;
    default:
      source satisfies never;
  }
  if (config.getCurrentCluster() === null) {
    throw new Error(`The kubeconfig has no context '${config.getCurrentContext() ?? ''}' with a cluster: choose one with 'kubectl config use-context'.`);
  }
  return config;
}

class ConfiguredConnection implements Connection {
  readonly server: URL;
  readonly namespace: string | undefined;
  readonly #load: () => KubeConfig;
  #config: KubeConfig;
  #current: { readonly until: number; readonly credentials: Promise<Credentials> } | undefined;
  #agent: { readonly material: string; readonly agent: HttpAgent } | undefined;

  constructor(load: () => KubeConfig) {
    this.#load = load;
    this.#config = load();
    this.server = new URL(this.#config.getCurrentCluster()?.server ?? '');
    this.namespace = this.#config.getContextObject(this.#config.getCurrentContext())?.namespace;
  }

  credentials(): Promise<Credentials> {
    const now = performance.now();
    if (this.#current === undefined || this.#current.until < now) {
      const credentials = this.#read();
      // A failure is told to those who wait for it now; the next call tries again.
      credentials.catch(() => (this.#current = undefined));
      this.#current = { until: now + credentialsMs, credentials };
    }
    return this.#current.credentials;
  }

  refresh(): void {
    this.#config = this.#load();
    this.#current = undefined;
  }

  close(): void {
    this.#agent?.agent.destroy();
  }

  async #read(): Promise<Credentials> {
    const options: RequestOptions = { headers: {} };
    await this.#config.applyToHTTPSOptions(options);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value).trim();
    if (typeof options.auth === 'string') headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    return { headers, agent: this.#agentFor(options) };
  }

  /** One pool for as long as certificates and keys stay the same; requests under way keep the old one. */
  #agentFor(options: RequestOptions): HttpAgent {
    if (this.#config.getCurrentCluster()?.proxyUrl !== undefined) return options.agent as HttpAgent;
    const tls = {
      ...pick('ca', options.ca), ...pick('cert', options.cert), ...pick('key', options.key),
      ...pick('rejectUnauthorized', options.rejectUnauthorized), ...pick('servername', options.servername),
    };
    const material = createHash('sha256').update(JSON.stringify(tls)).digest('hex');
    if (this.#agent?.material !== material) {
      const settings = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: connectionsMax, maxFreeSockets: 16, scheduling: 'lifo' as const };
      const agent = this.server.protocol === 'http:' ? new HttpAgent(settings) : new HttpsAgent({ ...settings, ...tls });
      this.#agent = { material, agent };
    }
    return this.#agent.agent;
  }
}

function pick<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : { [name]: value } as Partial<Record<K, V>>;
}
