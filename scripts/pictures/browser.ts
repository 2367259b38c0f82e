import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/** In CSS pixels. */
export interface PictureSize {
  readonly width: number;
  /** Of the picture’s pixels for one of these. */
  readonly scale: number;
  /** Height at which the picture is cut. @default never */
  readonly most?: number;
}

/** Pictures of pages, by a Chromium of this machine over its DevTools protocol. */
export interface Browser {
  /** Of the whole page, as high as it is, as a PNG. */
  picture(html: string, size: PictureSize): Promise<Buffer>;
  close(): Promise<void>;
}

/** @throws Error, which says what to install */
export const startBrowser = async (): Promise<Browser> => {
  const program = names
    .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (program === undefined)
    throw new Error(
      `no Chromium on the PATH (${names.join(', ')}): apt-get install chromium, or brew install chromium`,
    );
  const profile = await mkdtemp(join(tmpdir(), 'bivouac-pictures-'));
  const child = spawn(
    program,
    [
      ...['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--no-first-run'],
      ...['--hide-scrollbars', '--disable-gpu', '--disable-lcd-text', '--force-color-profile=srgb'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses its sandbox to root; the pages are our own
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const send = connect(child);
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const { frameTree } = await send<{ frameTree: { frame: { id: string } } }>('Page.getFrameTree', {}, sessionId);
  return {
    picture: async (html, { width, scale, most = Infinity }) => {
      const device = { width, height: 100, deviceScaleFactor: scale, mobile: false };
      await send('Emulation.setDeviceMetricsOverride', device, sessionId);
      await send('Page.setDocumentContent', { frameId: frameTree.frame.id, html }, sessionId);
      const expression = 'document.fonts.ready.then(() => Math.ceil(document.body.getBoundingClientRect().height))';
      const asked = { expression, awaitPromise: true, returnByValue: true };
      const { result } = await send<{ result: { value: number } }>('Runtime.evaluate', asked, sessionId);
      const clip = { x: 0, y: 0, width, height: Math.min(result.value, most), scale: 1 };
      const shot = { format: 'png', clip, captureBeyondViewport: true };
      const { data } = await send<{ data: string }>('Page.captureScreenshot', shot, sessionId);
      return Buffer.from(data, 'base64');
    },
    close: async () => {
      const over = new Promise((resolve) => child.once('exit', resolve));
      await send('Browser.close', {}).catch(() => child.kill());
      await over;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Send = <Result>(method: string, params: object, sessionId?: string) => Promise<Result>;

/** JSON messages, each ended by a zero byte: written to the browser’s file 3, read from its file 4. */
const connect = (child: ChildProcess): Send => {
  const [write, read] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  let rest = '';
  read.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = `${rest}${chunk}`.split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    }
  });
  const fail = (): void => {
    for (const [id, settle] of waiting) settle({ id, error: { message: 'the browser has ended' } });
  };
  child.once('exit', fail).once('error', fail);
  write.on('error', fail);
  return <Result>(method: string, params: object, sessionId?: string) =>
    new Promise<Result>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result as Result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      write.write(`${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`);
    });
};
