/**
 * Runs inside a pod, by `kubectl exec`: writes files through WebHDFS until the time is over, or reads them back. It imports nothing of the project: its text
 * is passed to the image's Node on standard input.
 */
import { createHash, randomBytes } from 'node:crypto';

interface Orders {
  /** `http://store:9870`. */
  readonly origin: string;
  readonly kind: 'write' | 'read' | 'fill' | 'delete';
  readonly directory: string;
  /** Write: for so long, so many at a time. */
  readonly seconds: number;
  readonly writers: number;
  readonly bytes: number;
  /** Read: what each file must be. */
  readonly expected: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const requestTimeoutMs = 15_000;
const giveUpAfterMs = 60_000;

async function call(method: string, url: string, body?: Buffer): Promise<Answer> {
  const response = await fetch(url, { method, redirect: 'manual', signal: AbortSignal.timeout(requestTimeoutMs), ...(body === undefined ? {} : { body: new Uint8Array(body), headers: { 'content-type': 'application/octet-stream' } }) });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

function addressOf({ origin }: Orders, path: string, operation: string): string {
  return `${origin}/webhdfs/v1${path}?op=${operation}&user.name=hdfs&noredirect=true`;
}

/** The data goes where the namenode says: two requests, as Hadoop's own clients make them. */
async function transfer(orders: Orders, path: string, operation: string, method: string, body?: Buffer): Promise<Answer> {
  const place = await call(method, addressOf(orders, path, operation));
  if (place.status !== 200) return place;
  const { Location: location } = JSON.parse(place.body.toString()) as { readonly Location: string };
  return call(method, location, body);
}

/** Until it is done or the patience is over: machines die in these stories. */
async function insistently(what: string, attempt: () => Promise<Answer>, good: number): Promise<Answer> {
  const deadline = Date.now() + giveUpAfterMs;
  for (;;) {
    let problem: string;
    try {
      const answer = await attempt();
      if (answer.status === good) return answer;
      problem = `HTTP status ${answer.status}: ${answer.body.toString().slice(0, 300)}`;
    } catch (error) {
      problem = String((error as Error).cause ?? error);
    }
    if (Date.now() > deadline) throw new Error(`${what}: ${problem}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Digests of all files whose writing was acknowledged, and the longest time in which nothing was. */
async function write(orders: Orders): Promise<unknown> {
  const written: Record<string, string> = {};
  const until = Date.now() + orders.seconds * 1000;
  let last = Date.now();
  let longestGapMs = 0;
  await Promise.all(Array.from({ length: orders.writers }, async (_, writer) => {
    for (let number = 0; Date.now() < until; number += 1) {
      const path = `${orders.directory}/${writer}-${number}`;
      const bytes = randomBytes(orders.bytes);
      await insistently(`write ${path}`, () => transfer(orders, path, 'CREATE&overwrite=true', 'PUT', bytes), 201);
      written[path] = digest(bytes);
      longestGapMs = Math.max(longestGapMs, Date.now() - last);
      last = Date.now();
    }
  }));
  return { written, longestGapMs };
}

/** Paths that do not read back as they were written. */
async function read(orders: Orders): Promise<unknown> {
  const wrong: string[] = [];
  const paths = Object.entries(orders.expected);
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next = paths.pop(); next !== undefined; next = paths.pop()) {
      const [path, expected] = next;
      const { body } = await insistently(`read ${path}`, () => transfer(orders, path, 'OPEN', 'GET'), 200);
      if (digest(body) !== expected) wrong.push(`${path}: ${body.length} bytes`);
    }
  }));
  return { wrong };
}

/** Writes until one is refused: what was acknowledged, and the refusal. */
async function fill(orders: Orders): Promise<unknown> {
  const written: Record<string, string> = {};
  for (let number = 0; number < 1000; number += 1) {
    const path = `${orders.directory}/${number}`;
    const bytes = randomBytes(orders.bytes);
    const answer = await transfer(orders, path, 'CREATE', 'PUT', bytes);
    if (answer.status !== 201) return { written, refusal: `${answer.status} ${answer.body.toString().slice(0, 500)}` };
    written[path] = digest(bytes);
  }
  return { written, refusal: '' };
}

async function remove(orders: Orders): Promise<unknown> {
  const answer = await insistently('delete', () => call('DELETE', `${addressOf(orders, orders.directory, 'DELETE')}&recursive=true`), 200);
  return JSON.parse(answer.body.toString());
}

const orders = JSON.parse(process.env['ORDERS'] ?? '') as Orders;
const work = { write, read, fill, delete: remove }[orders.kind];
console.log(JSON.stringify(await work(orders)));
