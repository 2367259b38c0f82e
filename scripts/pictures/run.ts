import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startBrowser } from './browser.js';
import { drawComments, writeTexts } from './comments.js';
import { drawLoop } from './loop.js';
import { loopPicture } from './places.js';
import { readRecording, takeRecording } from './recording.js';
import { tellStates } from './states.js';

/**
 * `npm run pictures` writes anew what the docs show of comments: test/golden/comments, docs/images/comments and docs/images/loop.png.
 * `-- --recording <folder>` takes the loop from what `LOOP_PICTURES=<folder> npm run test:loop` has left there.
 */
const { values } = parseArgs({ options: { recording: { type: 'string' } } });
if (values.recording !== undefined) await takeRecording(values.recording);
const states = await tellStates();
await writeTexts(states);
const browser = await startBrowser().catch((error: unknown) => {
  console.error(
    `the texts are written, the pictures aren’t: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exit(1);
});
try {
  await drawComments(states, browser);
  const moments = readRecording();
  if (moments.length > 0) await writeFile(loopPicture, await drawLoop(moments, browser));
} finally {
  await browser.close();
}
