import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const afterHeader = 8 + 25; // signature, IHDR
const keyword = 'Source\0';

/** What a picture was drawn from, in few characters. */
export const digestOf = (source: string): string => createHash('sha256').update(source).digest('hex').slice(0, 32);

/** A PNG that carries what it was drawn from, so that a text that has changed since is noticed. */
export const withSource = (png: Buffer, source: string): Buffer => {
  const body = Buffer.from(`tEXt${keyword}${digestOf(source)}`, 'latin1');
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, afterHeader), length, body, check, png.subarray(afterHeader)]);
};

/** The digest that `withSource` left; undefined: none. */
export const sourceOf = (png: Buffer): string | undefined =>
  /^tEXtSource\0([0-9a-f]{32})/.exec(png.toString('latin1', afterHeader + 4, afterHeader + 80))?.[1];
