/** SASL (RFC 4422) on one connection: PLAIN (RFC 4616) and SCRAM (RFC 5802, RFC 7677) as Kafka carries them. */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Random } from '../../core/random.ts';
import type { ScramCredential, ScramMechanism } from '../controller/metadata-image.ts';

const derive = promisify(pbkdf2);

export interface Users {
  /** The password of a user of the configuration. */
  password(user: string): string | undefined;
  /** What was set by AlterUserScramCredentials. */
  scram(user: string, mechanism: ScramMechanism): ScramCredential | undefined;
}

export type AuthenticationStep =
  | { readonly kind: 'goOn'; readonly answer: Uint8Array }
  | { readonly kind: 'failed'; readonly message: string };

const hashes = { 'SCRAM-SHA-256': { name: 'sha256', bytes: 32 }, 'SCRAM-SHA-512': { name: 'sha512', bytes: 64 } } as const;
export const scramIterations = 4096;
const failed = (message = 'user or password are wrong'): AuthenticationStep => ({ kind: 'failed', message });

interface ScramExchange {
  readonly user: string;
  readonly mechanism: ScramMechanism;
  readonly credential: ScramCredential;
  readonly nonce: string;
  readonly clientFirst: string;
  readonly serverFirst: string;
  /** There is no such user: it fails at the end, as with a wrong password. */
  readonly unknown: boolean;
}

export class Authentication {
  readonly mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
  readonly #users: Users;
  readonly #random: Random;
  #mechanism: (typeof this.mechanisms)[number] | undefined;
  #exchange: ScramExchange | undefined;
  #user: string | undefined;

  constructor(users: Users, random: Random) {
    this.#users = users;
    this.#random = random;
  }

  /** Undefined until it is proved. */
  get user(): string | undefined {
    return this.#user;
  }

  choose(mechanism: string): boolean {
    this.#mechanism = this.mechanisms.find((each) => each === mechanism);
    this.#exchange = undefined;
    return this.#mechanism !== undefined;
  }

  async step(bytes: Uint8Array): Promise<AuthenticationStep> {
    const text = Buffer.from(bytes).toString();
    if (this.#mechanism === undefined) return failed('no mechanism was agreed on: SaslHandshake comes first');
    if (this.#mechanism === 'PLAIN') return this.#plain(text);
    return this.#exchange === undefined ? this.#scramFirst(this.#mechanism, text) : this.#scramFinal(this.#exchange, text);
  }

  #plain(text: string): AuthenticationStep {
    const [as, user = '', password = '', ...more] = text.split('\0');
    if (as === undefined || more.length > 0 || user === '' || (as !== '' && as !== user)) return failed();
    const known = this.#users.password(user);
    const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
    if (!timingSafeEqual(digest(known ?? ''), digest(password)) || known === undefined) return failed();
    this.#user = user;
    return { kind: 'goOn', answer: new Uint8Array() };
  }

  async #scramFirst(mechanism: ScramMechanism, text: string): Promise<AuthenticationStep> {
    const match = /^n,(?:a=[^,]*)?,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+).*)$/.exec(text);
    if (match === null) return failed('the first message of SCRAM is malformed');
    const [, clientFirst = '', name = '', clientNonce = ''] = match;
    const user = name.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const known = await this.#credential(user, mechanism);
    const nonce = `${clientNonce}${Buffer.from(this.#random.bytes(18)).toString('base64url')}`;
    const credential = known ?? { salt: Buffer.from(this.#random.bytes(16)).toString('base64'), storedKey: '', serverKey: '', iterations: scramIterations };
    const serverFirst = `r=${nonce},s=${credential.salt},i=${credential.iterations}`;
    this.#exchange = { user, mechanism, credential, nonce, clientFirst, serverFirst, unknown: known === undefined };
    return { kind: 'goOn', answer: Buffer.from(serverFirst) };
  }

  async #credential(user: string, mechanism: ScramMechanism): Promise<ScramCredential | undefined> {
    const set = this.#users.scram(user, mechanism);
    if (set !== undefined) return set;
    const password = this.#users.password(user);
    return password === undefined ? undefined : scramCredential(mechanism, password, this.#random.bytes(16), scramIterations);
  }

  #scramFinal({ user, mechanism, credential, nonce, clientFirst, serverFirst, unknown }: ScramExchange, text: string): AuthenticationStep {
    this.#exchange = undefined;
    const match = /^(c=[A-Za-z0-9+/=]+,r=([^,]+).*),p=([A-Za-z0-9+/=]+)$/.exec(text);
    if (match === null || unknown) return failed();
    const [, withoutProof = '', itsNonce = '', proof = ''] = match;
    if (itsNonce !== nonce) return failed();
    const { name, bytes } = hashes[mechanism];
    const exchanged = `${clientFirst},${serverFirst},${withoutProof}`;
    const signature = createHmac(name, Buffer.from(credential.storedKey, 'base64')).update(exchanged).digest();
    const given = Buffer.from(proof, 'base64');
    if (given.length !== bytes) return failed();
    const clientKey = given.map((byte, i) => byte ^ (signature[i] ?? 0));
    if (!timingSafeEqual(createHash(name).update(clientKey).digest(), Buffer.from(credential.storedKey, 'base64'))) return failed();
    this.#user = user;
    const verifier = createHmac(name, Buffer.from(credential.serverKey, 'base64')).update(exchanged).digest('base64');
    return { kind: 'goOn', answer: Buffer.from(`v=${verifier}`) };
  }
}

/** What is kept instead of a password (RFC 5802, §3). */
export async function scramCredential(mechanism: ScramMechanism, password: string, salt: Uint8Array, iterations: number): Promise<ScramCredential> {
  const { name, bytes } = hashes[mechanism];
  return scramKeys(mechanism, await derive(password.normalize('NFKC'), salt, iterations, bytes, name), salt, iterations);
}

/** From the salted password, which is all that AlterUserScramCredentials brings. */
export function scramKeys(mechanism: ScramMechanism, salted: Uint8Array, salt: Uint8Array, iterations: number): ScramCredential {
  const { name } = hashes[mechanism];
  const clientKey = createHmac(name, salted).update('Client Key').digest();
  return {
    salt: Buffer.from(salt).toString('base64'), iterations,
    storedKey: createHash(name).update(clientKey).digest('base64'),
    serverKey: createHmac(name, salted).update('Server Key').digest('base64'),
  };
}
