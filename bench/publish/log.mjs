import { get } from 'node:http';

/** What the server was asked since the last time. Not `fetch`: it keeps connections, which end while this process is busy. */
export const takeLog = (origin) =>
  new Promise((done, fail) => {
    get(new URL('/_log', origin), { agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => done(JSON.parse(text)));
    }).on('error', fail);
  });
