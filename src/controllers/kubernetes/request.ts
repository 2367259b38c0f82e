import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure, type RequestOptions } from 'node:https';

export interface Exchange {
  readonly url: URL;
  readonly options: RequestOptions;
  readonly body?: string;
}

export interface Received {
  readonly status: number;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** For one request, in milliseconds. */
const deadline = 15_000;
/** 1,000 Applications are 8 MB. */
const sizeLimit = 64 * 1024 * 1024;

/** One request over node’s own client: only it takes the certificates and agents that a kubeconfig asks for. Rejects with node’s errors. */
export const send = ({ url, options, body }: Exchange): Promise<Received> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(deadline);
    const begin = url.protocol === 'http:' ? plain : secure;
    const sent = begin(url, { ...options, signal }, (answer) => {
      read(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, text, warnings: warningsOf(answer) }),
        reject,
      );
    });
    sent.on('error', (error) => reject(signal.aborted ? new Error(`no answer within ${deadline / 1000} s`) : error));
    sent.end(body);
  });

const read = async (answer: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > sizeLimit) throw new Error(`the answer is longer than ${sizeLimit / 1024 / 1024} MiB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** `299 - "would violate PodSecurity …"`: one a line of the header, quotes escaped. */
const warningsOf = ({ rawHeaders }: IncomingMessage): readonly string[] =>
  rawHeaders
    .filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'warning')
    .flatMap((line) => [...line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)])
    .map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
