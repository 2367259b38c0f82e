export interface BodyLimits {
  readonly largestBytes: number;
  /** From the first byte to the last; milliseconds. */
  readonly slowestMs: number;
}

/** Bytes that all bodies together may hold while they come, when nothing is known yet of who sends them. */
export interface Room {
  left: number;
}

export type Refusal = 'too large' | 'too slow' | 'too many' | 'broken off';
export type Body = { readonly bytes: Buffer } | { readonly refused: Refusal };

/** The whole body, or why not: neither a larger one, nor a slower one, nor one without room is kept. */
export const readBody = async (request: Request, limits: BodyLimits, room: Room): Promise<Body> => {
  const announced = Number(request.headers.get('content-length') ?? '0');
  if (announced > limits.largestBytes) return { refused: 'too large' };
  if (request.body === null) return { bytes: Buffer.alloc(0) };
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let refused: Refusal | undefined;
  const refuse = (why: Refusal): void => {
    refused ??= why;
    void reader.cancel().catch(() => undefined);
  };
  let size = 0;
  const timer = setTimeout(() => refuse('too slow'), limits.slowestMs);
  try {
    const chunks: Uint8Array[] = [];
    while (refused === undefined) {
      const { value, done } = await reader.read();
      if (done || refused !== undefined) break;
      size += value.length;
      room.left -= value.length;
      if (size > limits.largestBytes) refuse('too large');
      else if (room.left < 0) refuse('too many');
      else chunks.push(value);
    }
    return refused === undefined ? { bytes: Buffer.concat(chunks) } : { refused };
  } catch {
    return { refused: refused ?? 'broken off' };
  } finally {
    clearTimeout(timer);
    room.left += size;
  }
};
