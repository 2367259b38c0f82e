import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a sender signs: the header's text is `prefix` and 64 hexadecimal digits. */
export interface Signed {
  readonly body: Buffer;
  readonly signature: string;
  readonly prefix: string;
}

/** HMAC-SHA-256 over the bytes as they came, by one of the secrets (two while they are changed); every one is tried, in constant time. */
export const isSigned = ({ body, signature, prefix }: Signed, secrets: readonly string[]): boolean => {
  const digits = signature.startsWith(prefix) ? signature.slice(prefix.length) : '';
  if (!/^[0-9a-f]{64}$/.test(digits)) return false;
  const given = Buffer.from(digits, 'hex');
  const matches = secrets.map((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given));
  return matches.includes(true);
};
